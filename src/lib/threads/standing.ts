/**
 * What the whole of a replica's entries says: the fold, which entries are refused, and the heads.
 *
 * Refused (protocol §4) is what was written under a replaced root record, and what was written by one
 * who was no member at that point, unless a clean entry of a present member descends from it. Never
 * refused, because the fold looks at them whoever made them: carriers, and leaves that count. So the
 * fold of all readable epochs is the fold of the heads.
 *
 * A head is a readable, valid, unrefused entry, all of whose epochs are readable, with no such entry
 * below it: what we name as parent, every member can fold.
 */

import type { EntryId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { hasBit, intersects, NO_BITS, withBit, type Bits } from './bits.ts';
import {
	asWritten,
	foldEpochs,
	isReplaced,
	membershipFault,
	type EpochFact,
	type Fold,
	type Written
} from './fold.ts';
import {
	ancestorsOf,
	epochFacts,
	listEpochs,
	nodeAt,
	placeOf,
	type LogNode,
	type LogView
} from './log.ts';

export interface Standing {
	/** `null` until the first epoch is readable. */
	readonly fold: Fold | null;
	/** By place in the log. */
	readonly refused: ReadonlyMap<number, Refusal>;
	/** Places, ascending. */
	readonly heads: readonly number[];
	/** Marks of epochs that are not readable here. */
	readonly closed: Bits;
}

export const NO_STANDING: Standing = {
	fold: null,
	refused: new Map(),
	heads: [],
	closed: NO_BITS
};

/** From scratch: after a new or newly readable epoch, or an entry that became readable late. */
export function computeStanding(view: LogView): Standing {
	const facts = epochFacts(view);
	const closed = listEpochs(view).reduce<Bits>(
		(bits, { mark, content }) =>
			mark !== null && content.kind !== 'epoch' ? withBit(bits, mark) : bits,
		NO_BITS
	);
	if (facts.length === 0) return { ...NO_STANDING, closed };
	const fold = foldEpochs(facts);
	const refused = findRefused(view, fold);
	return { fold, refused, closed, heads: findHeads(view, refused, closed) };
}

/**
 * With the plain entry at the end of the log. The same as from scratch, in the time that the entry's
 * parents take.
 */
export function extendStanding(view: LogView, standing: Standing): Standing {
	const { fold, refused, closed, heads } = standing;
	const place = view.length - 1;
	const node = nodeAt(view, place);
	if (fold === null || !isReadable(node)) return standing;
	const fault = faultOf(view, fold, place);
	if (fault !== null) return { ...standing, refused: new Map(refused).set(place, fault) };
	const isPlain = node.parents.every((parent) => isGoodAt(view, fold, parent));
	if (refused.size > 0 && !isPlain) return computeStanding(view);
	if (intersects(node.before, closed)) return standing;
	const rest = heads.filter((head) => !node.parents.includes(head));
	const hidden = rest.length > 0 && node.parents.some((parent) => !heads.includes(parent));
	if (hidden) return { ...standing, heads: findHeads(view, refused, closed) };
	return { ...standing, heads: [...rest, place] };
}

function isReadable({ content }: LogNode): boolean {
	return content.kind === 'epoch' || content.kind === 'entry';
}

/** `null` where the entry is clean; also for what is not readable. */
function faultOf(view: LogView, fold: Fold, place: number): Refusal | null {
	const written = writtenAt(view, place);
	if (written === null) return null;
	if (isReplaced(fold.facts.carriers, written)) return 'older-than-known';
	return membershipFault(fold.addings, fold.facts, written) === null ? null : 'removed';
}

function writtenAt(view: LogView, place: number): Written | null {
	const { content, before, mark } = nodeAt(view, place);
	if (content.kind === 'epoch') return asWritten(content.fact);
	if (content.kind !== 'entry') return null;
	const isBefore = (epoch: EpochFact): boolean => {
		if (mark !== null) return hasBit(epoch.before, mark);
		const later = placeOf(view, epoch.id);
		return later !== null && place < later && ancestorsOf(view, later).has(place);
	};
	return { before, mark, by: content.by, seq: content.seq, isBefore };
}

function findRefused(view: LogView, fold: Fold): ReadonlyMap<number, Refusal> {
	const vouched = new Set<number>();
	const refused = new Map<number, Refusal>();
	const kept = keptWhoeverMade(fold);
	for (let place = view.length - 1; place >= 0; place--) {
		const node = nodeAt(view, place);
		const fault = faultOf(view, fold, place);
		const isForgiven = fault === 'removed' && vouched.has(place);
		if (fault !== null && !isForgiven && !kept.has(node.id)) refused.set(place, fault);
		if (vouched.has(place) || isGood(node, fold, fault)) {
			for (const parent of node.parents) vouched.add(parent);
		}
	}
	return refused;
}

function keptWhoeverMade({ facts }: Fold): ReadonlySet<EntryId> {
	return new Set([...facts.carriers, ...facts.removals].map(({ entry }) => entry.id));
}

/** A clean entry of a present member: its word for what lies before it. */
function isGood({ content }: LogNode, fold: Fold, fault: Refusal | null): boolean {
	if (fault !== null) return false;
	if (content.kind === 'epoch') return fold.members.has(content.fact.list.maker);
	return content.kind === 'entry' && fold.members.has(content.by);
}

function isGoodAt(view: LogView, fold: Fold, place: number): boolean {
	return isGood(nodeAt(view, place), fold, faultOf(view, fold, place));
}

function findHeads(
	view: LogView,
	refused: ReadonlyMap<number, Refusal>,
	closed: Bits
): readonly number[] {
	const covered = new Set<number>();
	const heads: number[] = [];
	for (let place = view.length - 1; place >= 0; place--) {
		const node = nodeAt(view, place);
		const isEligible = isReadable(node) && !refused.has(place) && !intersects(node.before, closed);
		if (isEligible && !covered.has(place)) heads.push(place);
		if (isEligible || covered.has(place)) for (const parent of node.parents) covered.add(parent);
	}
	return heads.reverse();
}
