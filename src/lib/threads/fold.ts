/**
 * Who is a member: the fold of a thread's epoch entries (protocol §4). A pure function of the set of
 * entries that it is given; arrival order, clocks and duplicates do not enter.
 *
 * Entries are taken in Kahn order, smallest CID first. Rules 1 and 3 look at the whole set, so their
 * facts are collected before the walk, each from entries that are valid in their own past:
 *
 * | rule | fact | voids, for membership |
 * |---|---|---|
 * | 1 | a carrier of a member's newer root record, whatever becomes of the carrier itself | every entry under that member's older record that is not the carrier's ancestor |
 * | 3 | a removal by the creator, unless voided by rule 1 or not an ancestor of the creator's first leave; then each leave, in the order, whose maker was a member | every entry of the removed that is neither its ancestor nor a descendant of a later re-adding; a concurrent adding of the removed |
 * | 3 | a tightening by the creator, likewise | a concurrent adding by another |
 *
 * Rule 2 then runs in the walk: an entry counts if a valid adding of its maker is its ancestor and no
 * removal stands between. Where the protocol is silent: of two concurrent addings or first join keys
 * of one member the first in the order stays; a newer record or card replaces an older one; a new
 * seed always replaces; rules, open fields, slots and devices are those of the last entry. The
 * creator's rights end with its own leave, or when another hand replaces its join key.
 */

import type { CID } from 'multiformats/cid';
import type { EndRule, OpenFields, Rules } from '../wire/body.ts';
import { compare } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import { hasBit, intersection, isSubset, setBit, type Bits } from './bits.ts';
import type { Changes } from './judge.ts';
import type { EpochList, Listed, RootHex } from './list.ts';

/** An epoch entry that is opened, authentic and valid in its own past. */
export interface EpochFact {
	readonly id: EntryId;
	readonly cid: CID;
	/** Its number in this replica, by which `before` names it; means nothing elsewhere. */
	readonly mark: number;
	/** Marks of its ancestors. */
	readonly before: Bits;
	readonly list: EpochList;
	readonly changes: Changes;
	/** Sequence of the maker's root record in the entry's own past. */
	readonly makerSeq: number;
	/** Of the first epoch alone, where its creator set one. */
	readonly ends?: EndRule;
}

export interface FoldMember extends Listed {
	/** Whoever chose `seed`, or the seed that `join` replaced. */
	readonly seededBy: RootHex;
}

export interface Fold {
	/** By root, sorted. */
	readonly members: ReadonlyMap<RootHex, FoldMember>;
	readonly creator: RootHex;
	/** May the creator still remove and change the rules? */
	readonly creatorActs: boolean;
	readonly rules: Rules;
	readonly open: OpenFields;
	readonly previous: string | null;
	/** Entries without effect, by mark. */
	readonly voids: ReadonlyMap<number, Refusal>;
	readonly facts: FoldFacts;
	/** Valid addings of each address. */
	readonly addings: ReadonlyMap<RootHex, readonly EpochFact[]>;
}

/** What rules 1 and 3 look at; messages are judged by it too. */
export interface FoldFacts {
	readonly carriers: readonly Concerning[];
	readonly removals: readonly Concerning[];
	readonly tightenings: readonly EpochFact[];
}

export interface Concerning {
	readonly entry: EpochFact;
	readonly root: RootHex;
	/** Of a carrier: the sequence of the root record that it brings. */
	readonly seq: number;
}

/** Something that somebody wrote, and what lies before it. */
export interface Written {
	readonly before: Bits;
	/** Its own mark; `null` for what is no epoch entry. */
	readonly mark: number | null;
	readonly by: RootHex;
	/** Sequence of the writer's root record, as the writer's past or epoch lists it. */
	readonly seq: number;
	/** For what has no mark: is it an ancestor of this epoch entry? */
	readonly isBefore: (epoch: EpochFact) => boolean;
}

/** @param entries with every ancestor of each; holds the first epoch. Throws where it does not. */
export function foldEpochs(entries: readonly EpochFact[]): Fold {
	const order = kahnOrder(entries);
	const facts = countLeaves(order, collectFacts(order));
	const walk = takeAll(order, facts);
	return {
		...walk,
		members: new Map([...walk.members].sort(([a], [b]) => (a < b ? -1 : 1))),
		facts
	};
}

/** An entry comes when all its ancestors have; of those that may come, the smallest CID. */
export function kahnOrder(entries: readonly EpochFact[]): EpochFact[] {
	const all = marksOf(entries);
	const waiting = entries
		.toSorted((a, b) => compare(a.cid.bytes, b.cid.bytes))
		// Entries that are no epochs have marks, too.
		.map((entry) => ({ entry, before: intersection(entry.before, all) }));
	const taken = new Uint32Array(all.length);
	const order: EpochFact[] = [];
	while (waiting.length > 0) {
		const next = waiting.findIndex(({ before }) => isSubset(before, taken));
		const [free] = next < 0 ? [] : waiting.splice(next, 1);
		if (free === undefined) throw new RangeError('an entry is its own ancestor');
		order.push(free.entry);
		setBit(taken, free.entry.mark);
	}
	return order;
}

function marksOf(entries: readonly EpochFact[]): Bits {
	const last = entries.reduce((max, { mark }) => Math.max(max, mark), -1);
	const marks = new Uint32Array((last + 32) >>> 5);
	for (const { mark } of entries) setBit(marks, mark);
	return marks;
}

function collectFacts(order: readonly EpochFact[]): FoldFacts {
	const carriers = order.flatMap((entry) =>
		entry.changes.carried.map((root) => ({ entry, root, seq: seqIn(entry, root) }))
	);
	const ofCreator = order.filter(
		(entry) => entry.list.maker === entry.list.creator && !isReplaced(carriers, asWritten(entry))
	);
	const leave = ofCreator.find(({ changes }) => changes.leaves);
	const acts = ofCreator.filter(({ mark }) => leave === undefined || hasBit(leave.before, mark));
	return {
		carriers,
		removals: acts.flatMap((entry) =>
			entry.changes.removed.map((root) => ({ entry, root, seq: 0 }))
		),
		tightenings: acts.filter(({ changes }) => changes.tightens)
	};
}

/**
 * A leave counts if its maker was a member, as far as removals and the leaves before it in the order
 * say. The walk is repeated where the leave concerns anything that does not lie before it.
 */
function countLeaves(order: readonly EpochFact[], start: FoldFacts): FoldFacts {
	let facts = start;
	let walk: Walk | null = null;
	for (const entry of order.filter(({ changes }) => changes.leaves)) {
		const written = asWritten(entry);
		if (isReplaced(facts.carriers, written)) continue;
		walk ??= takeAll(order, facts);
		if (membershipFault(walk.addings, facts, written) !== null) continue;
		const leave = { entry, root: entry.list.maker, seq: 0 };
		facts = { ...facts, removals: [...facts.removals, leave] };
		if (order.some((other) => isTouchedBy(leave, other))) walk = null;
	}
	return facts;
}

function isTouchedBy({ entry, root }: Concerning, other: EpochFact): boolean {
	const concerns = other.list.maker === root || other.changes.added.includes(root);
	return concerns && entry !== other && !hasBit(entry.before, other.mark);
}

function seqIn(entry: EpochFact, root: RootHex): number {
	return entry.list.members.find((member) => member.root === root)?.record.seq ?? 0;
}

export function asWritten(entry: EpochFact): Written {
	return {
		before: entry.before,
		mark: entry.mark,
		by: entry.list.maker,
		seq: entry.makerSeq,
		isBefore: (later) => hasBit(later.before, entry.mark)
	};
}

/** Rule 1: written under a root record that a carrier replaced, and not the carrier's ancestor. */
export function isReplaced(carriers: readonly Concerning[], written: Written): boolean {
	return carriers.some(
		({ entry, root, seq }) => root === written.by && written.seq < seq && !written.isBefore(entry)
	);
}

/** Would rule 1 void whatever this member writes next? Its newer root record is known. */
export function isOutdated({ facts, members }: Fold, root: RootHex): boolean {
	const seq = members.get(root)?.record.seq ?? 0;
	return facts.carriers.some((carrier) => carrier.root === root && seq < carrier.seq);
}

/**
 * Rules 2 and 3: `null`, or why the writer was no member at this point: `removed`, or `not-a-member`
 * where no valid adding lies before.
 */
export function membershipFault(
	addings: ReadonlyMap<RootHex, readonly EpochFact[]>,
	{ removals }: FoldFacts,
	written: Written
): Refusal | null {
	const { by, before, mark } = written;
	const added = (addings.get(by) ?? []).filter(
		(adding) => adding.mark === mark || hasBit(before, adding.mark)
	);
	if (added.length === 0) return 'not-a-member';
	const removed = removals.filter(
		({ entry, root }) => root === by && entry.mark !== mark && !written.isBefore(entry)
	);
	const isMember = added.some((adding) =>
		removed.every(({ entry }) => hasBit(adding.before, entry.mark))
	);
	return isMember ? null : 'removed';
}

interface Walk {
	readonly members: Map<RootHex, FoldMember>;
	readonly voids: Map<number, Refusal>;
	readonly addings: Map<RootHex, EpochFact[]>;
	readonly creator: RootHex;
	readonly previous: string | null;
	creatorActs: boolean;
	rules: Rules;
	open: OpenFields;
}

function takeAll(order: readonly EpochFact[], facts: FoldFacts): Walk {
	const [first] = order;
	if (first === undefined) throw new RangeError('a fold needs the first epoch');
	const walk = startWalk(first);
	for (const entry of order) takeEntry(walk, facts, entry);
	return walk;
}

function startWalk({ list }: EpochFact): Walk {
	const { creator, previous, rules, open } = list;
	const addings = new Map<RootHex, EpochFact[]>();
	return {
		members: new Map(),
		voids: new Map(),
		addings,
		creator,
		previous,
		creatorActs: true,
		rules,
		open
	};
}

function takeEntry(walk: Walk, facts: FoldFacts, entry: EpochFact): void {
	const { list, changes, mark } = entry;
	const isFirst = walk.addings.size === 0;
	const written = asWritten(entry);
	const fault = isReplaced(facts.carriers, written)
		? 'older-than-known'
		: isFirst
			? null
			: membershipFault(walk.addings, facts, written);
	if (fault !== null) {
		walk.voids.set(mark, fault);
		return;
	}
	if (changes.changesRules) walk.rules = list.rules;
	walk.open = list.open;
	for (const root of changes.removed) walk.members.delete(root);
	if (changes.leaves) walk.members.delete(list.maker);
	if (changes.leaves && list.maker === list.creator) walk.creatorActs = false;
	for (const member of list.members) takeMember(walk, facts, entry, member);
}

function takeMember(walk: Walk, facts: FoldFacts, entry: EpochFact, now: Listed): void {
	const { changes } = entry;
	const { root } = now;
	const seededBy = changes.seeders.get(root) ?? entry.list.maker;
	if (changes.added.includes(root) && !isAddingVoid(walk, facts, entry, root)) {
		walk.addings.set(root, [...(walk.addings.get(root) ?? []), entry]);
		if (!walk.members.has(root)) {
			walk.members.set(root, { ...now, seededBy });
			return;
		}
	}
	const held = walk.members.get(root);
	if (held === undefined || now.record.seq < held.record.seq) return;
	if (now.record.seq > held.record.seq) {
		if (root === walk.creator) walk.creatorActs = false;
		walk.members.set(root, { ...now, seededBy });
		return;
	}
	if (now.record.cid === held.record.cid) walk.members.set(root, merge(held, now, entry));
}

/** Two entries about one member under one root record. */
function merge(held: FoldMember, now: Listed, { changes, list }: EpochFact): FoldMember {
	const { slot, devices } = now;
	const isNewer = now.card.seq > held.card.seq;
	const merged = {
		...held,
		slot,
		devices,
		card: isNewer ? now.card : held.card,
		identity: isNewer ? now.identity : held.identity
	};
	if (changes.reseeded.includes(held.root)) {
		return { ...merged, join: null, seed: now.seed, seededBy: list.maker };
	}
	const joins =
		changes.joined.includes(held.root) && held.join === null && now.provedBy === held.seed;
	return joins ? { ...merged, join: now.join, seed: null } : merged;
}

function isAddingVoid(walk: Walk, facts: FoldFacts, entry: EpochFact, root: RootHex): boolean {
	if (
		facts.removals.some((removal) => removal.root === root && areConcurrent(removal.entry, entry))
	) {
		return true;
	}
	const isForbidden = facts.tightenings.some((tightening) => areConcurrent(tightening, entry));
	if (isForbidden && entry.list.maker !== walk.creator) return true;
	return !walk.members.has(root) && walk.members.size >= LIMITS.members;
}

function areConcurrent(a: EpochFact, b: EpochFact): boolean {
	return a !== b && !hasBit(a.before, b.mark) && !hasBit(b.before, a.mark);
}
