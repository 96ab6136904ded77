/**
 * Range-based set reconciliation (Meyer, 2022) over 32-byte items, in their order as bytes. No state
 * is kept between messages: each one holds ranges that cover everything, and answers the one before.
 *
 * | range | holds | answered by |
 * |---|---|---|
 * | `same` | nothing more to say | – |
 * | `print` | fingerprint and count of the sender's items | `same`, a `list` if the answerer has fewer than 256 there, else 16 `print`s |
 * | `list` | the sender's items | `same`: the answerer now knows both differences |
 *
 * A fingerprint is the first 16 bytes of SHA-256(key ‖ items), with a key that each conversation draws
 * afresh, so that nobody can prepare two sets that look the same.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { compare, concat, equal, toHex } from '../wire/bytes.ts';
import { createDecoder, encodePlain } from '../wire/codec.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import { bytes, count, listOf } from '../wire/schema.ts';
import type { Random } from '../crypto/random.ts';

const ITEM_BYTES = 32;
const PRINT_BYTES = 16;
const KEY_BYTES = 16;
/** Ranges into which a differing one is cut. */
const CUTS = 16;
/** Room for lists in one message; what does not fit is left for the next. */
const LIST_BYTES = LIMITS.batchBytes;

const rangeSchema = v.looseObject({
	/** The first item that lies behind the range; absent: there is none. */
	end: v.optional(bytes(ITEM_BYTES)),
	print: v.optional(bytes(PRINT_BYTES)),
	count: v.optional(count),
	list: v.optional(listOf(bytes(ITEM_BYTES), LIMITS.flatRangeItems))
});

const messageSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('compare'),
	key: bytes(KEY_BYTES),
	ranges: v.pipe(listOf(rangeSchema, LIMITS.rangesPerFrame), v.minLength(1))
});

type Range = v.InferOutput<typeof rangeSchema>;

export const compareDecoder = createDecoder('compare', LIMITS.frameBytes, messageSchema);

export interface Compared {
	/** To be sent back; `null`: this message leaves nothing open. */
	readonly reply: Uint8Array | null;
	/** The peer has these, we do not. */
	readonly lacking: readonly Uint8Array[];
	/** We have these, the peer does not. */
	readonly offered: readonly Uint8Array[];
}

/** Items may come in any order; each difference is learnt by one side, in one answer. */
export function createCompare({ random }: { readonly random: Random }) {
	return {
		/** The first message over these items. */
		open(items: readonly Uint8Array[]): Promise<Uint8Array> {
			const key = random(KEY_BYTES);
			const sorted = sort(items);
			return Promise.resolve(encode(key, [isFlat(sorted) ? { list: sorted } : print(key, sorted)]));
		},
		/** Refuses what the decoder refuses, and `wrong-shape` for ranges or items out of order. */
		answer(items: readonly Uint8Array[], message: Uint8Array): Promise<Result<Compared>> {
			const decoded = compareDecoder.decode(message);
			return Promise.resolve(
				decoded.ok ? answer(decoded.value.key, sort(items), decoded.value.ranges) : decoded
			);
		}
	};
}

function answer(
	key: Uint8Array,
	items: readonly Uint8Array[],
	ranges: readonly Range[]
): Result<Compared> {
	const said: Said = { ranges: [], lacking: [], offered: [], listBytes: 0 };
	let start: Uint8Array | null = null;
	let rest = items;
	for (const [i, range] of ranges.entries()) {
		const isLast = i === ranges.length - 1;
		if (!isInOrder(range, start, isLast)) return refuse('wrong-shape');
		const own = range.end === undefined ? rest : takeBefore(rest, range.end);
		rest = rest.slice(own.length);
		answerRange(said, key, own, range);
		start = range.end ?? null;
	}
	const isOpen = said.ranges.some(
		({ print: mark, list }) => mark !== undefined || list !== undefined
	);
	const { lacking, offered } = said;
	const reply = isOpen ? encode(key, join(said.ranges)) : null;
	return accept({ reply, lacking, offered });
}

interface Said {
	readonly ranges: Range[];
	readonly lacking: Uint8Array[];
	readonly offered: Uint8Array[];
	listBytes: number;
}

/** Ends rise, the last is open; items rise and lie inside. */
function isInOrder({ end, list }: Range, start: Uint8Array | null, isLast: boolean): boolean {
	if ((end === undefined) !== isLast) return false;
	if (end !== undefined && start !== null && compare(start, end) >= 0) return false;
	return (list ?? []).every((item, i) => {
		const before = list?.[i - 1];
		const isBehind = before === undefined ? true : compare(before, item) < 0;
		const isInside = start === null || compare(start, item) <= 0;
		return isBehind && isInside && (end === undefined || compare(item, end) < 0);
	});
}

function answerRange(said: Said, key: Uint8Array, own: readonly Uint8Array[], range: Range): void {
	const { end, list } = range;
	if (list !== undefined) {
		said.lacking.push(...minus(list, own));
		said.offered.push(...minus(own, list));
		said.ranges.push({ end });
		return;
	}
	if (range.print === undefined || equal(range.print, printOf(key, own))) {
		said.ranges.push({ end });
		return;
	}
	const isRoom = said.listBytes + own.length * ITEM_BYTES <= LIST_BYTES;
	const isCuttable = said.ranges.length + CUTS < LIMITS.rangesPerFrame;
	if (isFlat(own) && isRoom) {
		said.listBytes += own.length * ITEM_BYTES;
		said.ranges.push({ end, list: own });
	} else if (!isFlat(own) && isCuttable) {
		said.ranges.push(...cut(key, own, end));
	} else {
		said.ranges.push({ end, ...print(key, own) });
	}
}

function cut(key: Uint8Array, own: readonly Uint8Array[], end: Uint8Array | undefined): Range[] {
	const size = Math.ceil(own.length / CUTS);
	const ranges: Range[] = [];
	for (let start = 0; start < own.length; start += size) {
		const next = own[start + size];
		ranges.push({ end: next ?? end, ...print(key, own.slice(start, start + size)) });
	}
	return ranges;
}

function print(key: Uint8Array, own: readonly Uint8Array[]): Range {
	return { print: printOf(key, own), count: own.length };
}

function printOf(key: Uint8Array, own: readonly Uint8Array[]): Uint8Array {
	return sha256(concat(key, ...own)).slice(0, PRINT_BYTES);
}

/** Neighbours that have nothing more to say become one. */
function join(ranges: readonly Range[]): Range[] {
	const joined: Range[] = [];
	for (const range of ranges) {
		const last = joined.at(-1);
		if (last !== undefined && isSame(last) && isSame(range)) joined.pop();
		joined.push(range);
	}
	return joined;
}

function isSame({ print: mark, list }: Range): boolean {
	return mark === undefined && list === undefined;
}

function isFlat(items: readonly Uint8Array[]): boolean {
	return items.length < LIMITS.flatRangeItems;
}

function sort(items: readonly Uint8Array[]): Uint8Array[] {
	return [...items].sort(compare);
}

function takeBefore(items: readonly Uint8Array[], end: Uint8Array): readonly Uint8Array[] {
	let [low, high] = [0, items.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		const item = items[middle];
		if (item !== undefined && compare(item, end) < 0) low = middle + 1;
		else high = middle;
	}
	return items.slice(0, low);
}

function minus(a: readonly Uint8Array[], b: readonly Uint8Array[]): Uint8Array[] {
	const there = new Set(b.map(toHex));
	return a.filter((item) => !there.has(toHex(item)));
}

function encode(key: Uint8Array, ranges: readonly Range[]): Uint8Array {
	const plain = ranges.map(({ end, print: mark, count: size, list }) => {
		return { end, print: mark, count: size, list };
	});
	return encodePlain({ v: 1, t: 'compare', key, ranges: plain });
}
