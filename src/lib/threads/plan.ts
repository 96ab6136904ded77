/** The member list of the next epoch: the fold, brought up to date, plus what the maker asks for. */

import type { Result } from '../wire/refusal.ts';
import { accept, refuse } from '../wire/refusal.ts';
import type { Fold, FoldMember } from './fold.ts';
import { isStaleSeed } from './judge.ts';
import type { Listed, ListedIdentity, Ranked, RootHex } from './list.ts';

/** The newest card of somebody, as we know it. */
export interface KnownCard {
	readonly record: Ranked;
	readonly card: Ranked;
	readonly identity: ListedIdentity | null;
}

export interface Ask {
	readonly add: readonly RootHex[];
	/** By the creator. */
	readonly remove: readonly RootHex[];
	readonly leave: boolean;
}

export const NOTHING_ASKED: Ask = { add: [], remove: [], leave: false };

export interface Maker {
	readonly root: RootHex;
	/** The newest verified card of each person; `null`: unknown. */
	readonly cardOf: (root: RootHex) => KnownCard | null;
	/** A join key that its owner proved under this seed, and that we believe to be the owner's. */
	readonly joinOf: (root: RootHex, seed: string) => ProvedJoin | null;
}

export interface ProvedJoin {
	readonly join: string;
	readonly seedSig: Uint8Array;
}

export interface Planned extends Pick<Listed, 'root' | 'record' | 'card' | 'identity' | 'join'> {
	/** Hex; `fresh`: to be drawn and told to the member in its wrap; `null`: has joined. */
	readonly seed: string | null;
	/** With a join key that is new in this list. */
	readonly seedSig: Uint8Array | null;
}

/** Refuses `not-a-member`, `not-the-creator`, `not-allowed`, `not-found` (a card that we lack). */
export function planList(past: Fold, maker: Maker, ask: Ask): Result<readonly Planned[]> {
	if (!past.members.has(maker.root)) return refuse('not-a-member');
	const mayRule = maker.root === past.creator && past.creatorActs;
	if (ask.remove.length > 0 && !mayRule) return refuse('not-the-creator');
	if (ask.remove.includes(maker.root)) return refuse('not-allowed');
	if (ask.add.length > 0 && past.rules.add === 'creator' && !mayRule) return refuse('not-allowed');
	const gone = new Set(ask.leave ? [maker.root] : ask.remove);
	const staying = [...past.members.values()].filter(({ root }) => !gone.has(root));
	const roots = new Set(staying.map(({ root }) => root));
	// Whoever chose a seed, went, and is added again with this epoch stands in its list.
	const listed = new Set([...roots, ...ask.add]);
	const planned = staying.map((member) =>
		ask.leave ? keepMember(member) : planMember(member, maker, listed)
	);
	for (const root of new Set(ask.add)) {
		const known = maker.cardOf(root);
		if (known === null) return refuse('not-found');
		if (!roots.has(root))
			planned.push({ root, ...known, join: null, seed: 'fresh', seedSig: null });
	}
	return accept(planned.sort((a, b) => (a.root < b.root ? -1 : 1)));
}

function keepMember({ root, record, card, identity, join, seed }: FoldMember): Planned {
	return { root, record, card, identity, join, seed, seedSig: null };
}

function planMember(member: FoldMember, maker: Maker, listed: ReadonlySet<RootHex>): Planned {
	const { root, seed } = member;
	const kept = keepMember(member);
	const known = maker.cardOf(root);
	const isNewRecord = known !== null && known.record.seq > member.record.seq;
	if (isNewRecord && root !== maker.root) {
		return { root, ...known, join: null, seed: 'fresh', seedSig: null };
	}
	const isSameRecord = known?.record.cid === member.record.cid;
	const isNewCard = isSameRecord && known.card.seq > member.card.seq;
	const current = isNewCard ? { ...kept, card: known.card, identity: known.identity } : kept;
	if (seed === null) return current;
	const proved = maker.joinOf(root, seed);
	if (proved !== null) return { ...current, ...proved, seed: null };
	return isStaleSeed(member, listed) ? { ...current, seed: 'fresh' } : current;
}
