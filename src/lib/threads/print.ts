/**
 * The fingerprint of a replica: equal for two that hold the same entries. A set of entries is cut by
 * the first byte of their items, and a change hashes the cuts that it touches again, not the whole.
 *
 * item = the SHA-256 in an entry's CID, 32 bytes · cut = SHA-256 of its items in order ·
 * print = SHA-256 of (first byte ‖ cut) of all cuts that hold something, in order
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { compare, concat } from '../wire/bytes.ts';
import { idToCid, type EntryId } from '../wire/ids.ts';

/**
 * Immutable, as a replica is. Entries come one by one and few states are ever asked for their print, so
 * a change is only noted, and made when somebody asks.
 */
export type EntrySet = SettledSet | ChangedSet;

interface SettledSet {
	/** By first byte. */
	readonly cuts: ReadonlyMap<number, Cut>;
}

interface ChangedSet {
	readonly before: EntrySet;
	/** How many lie one upon the other. */
	readonly depth: number;
	readonly changes: Changes;
}

type Changes = readonly (readonly [id: EntryId, isIn: boolean])[];

/** In their order. */
type Cut = readonly Uint8Array[];

/** Most are changed many times before somebody asks for their hash. */
const hashes = new WeakMap<Cut, Uint8Array>();

function hashOf(cut: Cut): Uint8Array {
	const known = hashes.get(cut) ?? sha256(concat(...cut));
	hashes.set(cut, known);
	return known;
}

/** As many as a byte has values. */
const CUTS = 256;
const HASH_BYTES = 32;

export const NO_ENTRIES: EntrySet = { cuts: new Map() };

/** Changes that are noted before they are made: memory for all of them is held. */
const MAX_DEPTH = 256;

/** What noted changes came to. */
const settled = new WeakMap<EntrySet, SettledSet>();

/** What stands for an entry in reconciliation: the SHA-256 in its CID, 32 bytes. */
export function entryItems(ids: Iterable<EntryId>): Uint8Array[] {
	return [...ids].map((id) => idToCid(id).multihash.digest);
}

/** With those of these entries that are `isIn`, and without the others of them. */
export function changeEntries(
	before: EntrySet,
	ids: Iterable<EntryId>,
	isIn: (id: EntryId) => boolean
): EntrySet {
	const changes: (readonly [EntryId, boolean])[] = [];
	for (const id of ids) changes.push([id, isIn(id)]);
	if (changes.length === 0) return before;
	const base = settled.get(before) ?? before;
	const depth = 'depth' in base ? base.depth + 1 : 1;
	const changed = { before: base, depth, changes };
	return depth === MAX_DEPTH ? settle(changed) : changed;
}

/** With all changes since the last that was asked for, each cut once. */
function settle(set: EntrySet): SettledSet {
	const noted: ChangedSet[] = [];
	let known: EntrySet = set;
	while ('changes' in known) {
		const done = settled.get(known);
		if (done === undefined) noted.push(known);
		known = done ?? known.before;
	}
	if (noted.length === 0) return known;
	const last = new Map(noted.reverse().flatMap(({ changes }) => changes));
	const result = changeCuts(known, last);
	settled.set(set, result);
	return result;
}

function changeCuts({ cuts }: SettledSet, ids: ReadonlyMap<EntryId, boolean>): SettledSet {
	const changed = new Map<number, Change[]>();
	for (const [id, isIn] of ids) {
		const [item] = entryItems([id]);
		if (item === undefined) continue;
		const first = item[0] ?? 0;
		const changes = changed.get(first) ?? [];
		changed.set(first, changes);
		changes.push({ item, isIn });
	}
	const next = new Map(cuts);
	for (const [first, changes] of changed) {
		const items = changeItems(cuts.get(first) ?? [], changes);
		if (items.length === 0) next.delete(first);
		else next.set(first, items);
	}
	return { cuts: next };
}

interface Change {
	readonly item: Uint8Array;
	readonly isIn: boolean;
}

function changeItems(items: readonly Uint8Array[], changes: readonly Change[]): Uint8Array[] {
	const sorted = [...changes].sort((a, b) => compare(a.item, b.item));
	const next: Uint8Array[] = [];
	let at = 0;
	for (const { item, isIn } of sorted) {
		for (let known = items[at]; known !== undefined; known = items[++at]) {
			const order = compare(known, item);
			if (order > 0) break;
			if (order < 0) next.push(known);
		}
		if (isIn) next.push(item);
	}
	return [...next, ...items.slice(at)];
}

/** 32 bytes. Told to nobody but under a session's key. */
export function printOf(set: EntrySet): Uint8Array {
	const { cuts } = settle(set);
	const hashed = new Uint8Array(cuts.size * (1 + HASH_BYTES));
	let at = 0;
	for (let first = 0; first < CUTS; first++) {
		const cut = cuts.get(first);
		if (cut === undefined) continue;
		hashed[at] = first;
		hashed.set(hashOf(cut), at + 1);
		at += 1 + HASH_BYTES;
	}
	return sha256(hashed);
}

/** The same, from scratch. */
export function printOfEntries(ids: Iterable<EntryId>): Uint8Array {
	return printOf(changeEntries(NO_ENTRIES, ids, () => true));
}
