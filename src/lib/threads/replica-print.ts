/**
 * The print of one replica, kept up to date while its log grows: parsing and sorting all the ids of a
 * thread of 10,000 entries took 100 ms with every message that was written in it.
 */

import type { Suite } from '../crypto/suite.ts';
import { compare } from '../wire/bytes.ts';
import { entryIds } from './entries.ts';
import { nodeAt, type Log, type LogNode, type LogView } from './log.ts';
import { printOfEntries } from './print.ts';
import type { Replica } from './replica.ts';
import type { ThreadState } from './thread.ts';

const ITEM_BYTES = 32;
/** From this many new ones on, sorting all of them again is faster than making room for each. */
const FEW = 64;

/** Items of a log's first nodes, sorted and joined. */
interface Items {
	bytes: Uint8Array;
	/** How many nodes. */
	count: number;
	/** Is the body of one of them not here? Then whether it counts depends on the keys. */
	hasAbsent: boolean;
}

const itemsByLog = new WeakMap<Log, Items>();

/** The same as `printOfEntries` of its `entryIds`. */
export function printOfState(
	suite: Pick<Suite, 'sha256'>,
	state: ThreadState
): Promise<Uint8Array> {
	const items = itemsOf(state.replica);
	// A copy: the log may grow while the hash is computed elsewhere.
	return items === null ? printOfEntries(suite, entryIds(state)) : suite.sha256(items.slice());
}

/** `null` where not just every node of the log counts: then all are looked at. */
function itemsOf({ view, pending, refused }: Replica): Uint8Array | null {
	if (pending.size > 0 || refused.size > 0) return null;
	const items = itemsByLog.get(view.log) ?? { bytes: new Uint8Array(), count: 0, hasAbsent: false };
	// A state that is no longer the newest of its log.
	if (items.count > view.length) return null;
	itemsByLog.set(view.log, items);
	extend(items, view);
	return items.hasAbsent ? null : items.bytes.subarray(0, items.count * ITEM_BYTES);
}

function extend(items: Items, view: LogView): void {
	const added = Array.from({ length: view.length - items.count }, (_, i) =>
		nodeAt(view, items.count + i)
	);
	items.hasAbsent ||= added.some(({ content }) => content.kind === 'absent');
	reserve(items, view.length);
	if (added.length > FEW) insertMany(items, added);
	else for (const node of added) insert(items, node);
}

function reserve(items: Items, count: number): void {
	if (items.bytes.length >= count * ITEM_BYTES) return;
	const grown = new Uint8Array(2 * count * ITEM_BYTES);
	grown.set(items.bytes.subarray(0, items.count * ITEM_BYTES));
	items.bytes = grown;
}

function insertMany(items: Items, added: readonly LogNode[]): void {
	const known = Array.from({ length: items.count }, (_, place) => itemAt(items, place).slice());
	const all = [...known, ...added.map(itemOf)].sort(compare);
	for (const [place, item] of all.entries()) items.bytes.set(item, place * ITEM_BYTES);
	items.count = all.length;
}

function insert(items: Items, node: LogNode): void {
	const item = itemOf(node);
	let [low, high] = [0, items.count];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compare(itemAt(items, middle), item) < 0) low = middle + 1;
		else high = middle;
	}
	const start = low * ITEM_BYTES;
	items.bytes.copyWithin(start + ITEM_BYTES, start, items.count * ITEM_BYTES);
	items.bytes.set(item, start);
	items.count++;
}

function itemAt({ bytes }: Items, place: number): Uint8Array {
	return bytes.subarray(place * ITEM_BYTES, (place + 1) * ITEM_BYTES);
}

function itemOf({ cid }: LogNode): Uint8Array {
	return cid.multihash.digest;
}
