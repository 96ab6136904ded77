/** How the user was removed, as it was told to it: it cannot read the epoch that says so. */

import { isSure } from '../post/parted.ts';
import type { ThreadRecord, ToldParting } from '../post/records.ts';
import { parseAddress, type Address } from '../wire/ids.ts';

/** `saidBy`: by whose word alone; absent: whoever removed says it itself. */
interface Parting extends ToldParting {
	readonly saidBy?: Address;
}

/**
 * The word of whoever removed, else the first of another's; `null`: nobody said so, or the user left and
 * knows it.
 */
export function partingIn({ parted = {} }: ThreadRecord, me: Address): Parting | null {
	const all = Object.entries(parted).filter(([, { by }]) => by !== me);
	const inTime = all.sort(([, a], [, b]) => a.at - b.at);
	const found = inTime.find(([from, told]) => isSure(from, told)) ?? inTime[0];
	if (found === undefined) return null;
	const [from, told] = found;
	const saidBy = parseAddress(from);
	return isSure(from, told) || saidBy === null ? told : { ...told, saidBy };
}
