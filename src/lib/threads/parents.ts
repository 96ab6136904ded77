/** What a new entry names as parents (protocol §8.9): over 32 heads, epochs first, then smallest CID. */

import { compare } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import { hasBit, type Bits } from './bits.ts';
import type { EpochFact } from './fold.ts';
import { epochFacts, marksBefore, nodeAt, type LogView } from './log.ts';

export interface Parents {
	/** Places in the log, sorted by CID. */
	readonly places: readonly number[];
	/** Marks of what a child of these has before it. */
	readonly before: Bits;
	/** The epochs among these marks. */
	readonly epochs: readonly EpochFact[];
}

export function chooseParents(view: LogView, heads: readonly number[]): Parents {
	const byCid = (a: number, b: number) =>
		compare(nodeAt(view, a).cid.bytes, nodeAt(view, b).cid.bytes);
	const isEpoch = (place: number) => nodeAt(view, place).content.kind === 'epoch';
	const wanted = heads.toSorted((a, b) => Number(isEpoch(b)) - Number(isEpoch(a)) || byCid(a, b));
	let chosen: number[] = [];
	for (const head of wanted) {
		if (chosen.length === LIMITS.parents) break;
		const more = [...chosen, head];
		if (countNearest(view, more) <= LIMITS.listKeys) chosen = more;
	}
	const before = marksBefore(view, chosen);
	const epochs = epochFacts(view).filter(({ mark }) => hasBit(before, mark));
	return { places: chosen.sort(byCid), before, epochs };
}

/** An epoch entry carries a list key for each: more than fit cannot be merged at once. */
function countNearest(view: LogView, places: readonly number[]): number {
	return places.length === 1
		? 1
		: nearestEpochs(epochFacts(view), marksBefore(view, places)).length;
}

/** Of the epochs among these marks, those that are no other's ancestor. */
export function nearestEpochs(epochs: readonly EpochFact[], before: Bits): EpochFact[] {
	const inside = epochs.filter(({ mark }) => hasBit(before, mark));
	return inside.filter(({ mark }) => !inside.some((later) => hasBit(later.before, mark)));
}
