/**
 * Is an epoch's list its parents' fold plus changes that its maker may make (protocol §4)? The answer
 * depends on the entry and its ancestors alone, so that no two replicas differ.
 *
 * | change | who may |
 * |---|---|
 * | add, with a fresh seed | the creator; every member where the rules say so |
 * | remove others, change the rules | the creator, while the right lasts |
 * | leave: only the maker goes, nothing else changes but cards | everyone |
 * | newer root record, with a new seed and no join key | every member but its owner |
 * | first join key, proved by the seed | every member |
 * | new seed for one who has not joined and whose seed's maker is gone | every member |
 * | newer card under the same root record | every member |
 */

import { accept, refuse, type Result } from '../wire/refusal.ts';
import type { Fold, FoldMember } from './fold.ts';
import type { EpochList, Listed, RootHex } from './list.ts';

/** What an epoch entry does, seen from its own past. */
export interface Changes {
	readonly added: readonly RootHex[];
	/** By another hand. */
	readonly removed: readonly RootHex[];
	readonly leaves: boolean;
	/** Members whose newer root record it brings. */
	readonly carried: readonly RootHex[];
	readonly joined: readonly RootHex[];
	readonly reseeded: readonly RootHex[];
	readonly changesRules: boolean;
	/** Adding becomes the creator's alone. */
	readonly tightens: boolean;
	/** For each listed member, who chose its present seed or the one that its join key replaced. */
	readonly seeders: ReadonlyMap<RootHex, RootHex>;
}

const NONE: Changes = {
	added: [],
	removed: [],
	leaves: false,
	carried: [],
	joined: [],
	reseeded: [],
	changesRules: false,
	tightens: false,
	seeders: new Map()
};

/** `past` is the fold of the entry's ancestors; `null` for the first epoch. */
export function judgeEpoch(list: EpochList, past: Fold | null): Result<Changes> {
	if (!isSortedSet(list.members)) return refuse('list-mismatch');
	return past === null ? judgeFirst(list) : judgeNext(list, past);
}

function judgeFirst(list: EpochList): Result<Changes> {
	if (list.maker !== list.creator) return refuse('not-the-creator');
	if (!list.members.some(({ root }) => root === list.creator)) return refuse('list-mismatch');
	const isFresh = list.members.every((member) =>
		member.root === list.creator ? hasJoined(member) : isSeeded(member)
	);
	if (!isFresh) return refuse('list-mismatch');
	const added = list.members.map(({ root }) => root);
	return accept({ ...NONE, added, seeders: new Map(added.map((root) => [root, list.maker])) });
}

function judgeNext(list: EpochList, past: Fold): Result<Changes> {
	const { maker } = list;
	if (!past.members.has(maker)) return refuse('not-a-member');
	if (list.creator !== past.creator) return refuse('list-mismatch');
	if (list.previous !== past.previous) return refuse('list-mismatch');
	const roots = new Set(list.members.map(({ root }) => root));
	const gone = [...past.members.keys()].filter((root) => !roots.has(root));
	const added = list.members.filter(({ root }) => !past.members.has(root));
	const mayRule = maker === list.creator && past.creatorActs;
	const changesRules = list.rules.add !== past.rules.add || list.rules.write !== past.rules.write;

	if (changesRules && !mayRule) return refuse('not-the-creator');
	if (gone.some((root) => root !== maker) && !mayRule) return refuse('not-the-creator');
	if (added.length > 0 && past.rules.add === 'creator' && !mayRule) return refuse('not-allowed');
	if (!added.every(isSeeded)) return refuse('list-mismatch');
	const leaves = gone.includes(maker);
	if (leaves && gone.length + added.length > 1) return refuse('list-mismatch');

	const changes = {
		...NONE,
		added: added.map(({ root }) => root),
		removed: leaves ? [] : gone,
		leaves,
		changesRules,
		tightens: changesRules && list.rules.add === 'creator' && past.rules.add === 'members'
	};
	return judgeStaying(list, past, changes);
}

type Step = 'same' | 'joined' | 'reseeded' | 'carried';

function judgeStaying(list: EpochList, past: Fold, changes: Changes): Result<Changes> {
	const roots = new Set(list.members.map(({ root }) => root));
	const steps = new Map<RootHex, Step>();
	for (const now of list.members) {
		const before = past.members.get(now.root);
		if (before === undefined) continue;
		const step = judgeMember(before, now, list.maker, roots.has(before.seededBy));
		if (!step.ok) return step;
		if (changes.leaves && step.value !== 'same') return refuse('list-mismatch');
		steps.set(now.root, step.value);
	}
	const seeders = list.members.map(({ root }) => {
		const step = steps.get(root);
		const seeder = step === 'same' || step === 'joined' ? past.members.get(root)?.seededBy : null;
		return [root, seeder ?? list.maker] as const;
	});
	const withStep = (step: Step) => [...steps].filter(([, is]) => is === step).map(([root]) => root);
	// Whoever leaves would only choose seeds that nobody could trust: the next maker does it.
	const stale = [...steps].some(
		([root, step]) => step === 'same' && isStaleSeed(past.members.get(root), roots)
	);
	if (stale && !changes.leaves) return refuse('list-mismatch');
	return accept({
		...changes,
		carried: withStep('carried'),
		joined: withStep('joined'),
		reseeded: withStep('reseeded'),
		seeders: new Map(seeders)
	});
}

function judgeMember(
	before: FoldMember,
	now: Listed,
	maker: RootHex,
	seederStays: boolean
): Result<Step> {
	if (now.record.seq < before.record.seq) return refuse('older-than-known');
	if (now.record.seq > before.record.seq) {
		// A thief has the old join key and the newer record, which is public: it must not say that
		// both belong together.
		if (now.root === maker) return refuse('not-allowed');
		return isSeeded(now) && now.seed !== before.seed ? accept('carried') : refuse('list-mismatch');
	}
	if (now.record.cid !== before.record.cid) return refuse('conflict');
	if (now.card.seq < before.card.seq) return refuse('older-than-known');
	if (now.card.seq === before.card.seq && now.card.cid !== before.card.cid)
		return refuse('conflict');
	if (now.join === before.join && now.seed === before.seed) return accept('same');
	if (before.join !== null) return refuse('list-mismatch');
	if (hasJoined(now)) {
		return now.provedBy === before.seed ? accept('joined') : refuse('list-mismatch');
	}
	return isSeeded(now) && !seederStays ? accept('reseeded') : refuse('list-mismatch');
}

/** Whoever chose the seed knows it: once that one is gone, it must not let anybody in. */
export function isStaleSeed(
	member: FoldMember | undefined,
	staying: ReadonlySet<RootHex>
): boolean {
	return member !== undefined && member.join === null && !staying.has(member.seededBy);
}

function hasJoined({ join, seed }: Listed): boolean {
	return join !== null && seed === null;
}

function isSeeded({ join, seed }: Listed): boolean {
	return join === null && seed !== null;
}

function isSortedSet(members: readonly Listed[]): boolean {
	return members.every(({ root }, i) => {
		const before = members[i - 1];
		return before === undefined || before.root < root;
	});
}
