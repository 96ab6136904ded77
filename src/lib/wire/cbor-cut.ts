/**
 * One field of a canonical map, cut out of its bytes: what is left are the bytes that the map without it
 * has. So what is signed or authenticated "without" a field need not be written a second time.
 */

import { equal, utf8 } from './bytes.ts';
import { ARRAY, BYTES, MAP, TAG, TEXT } from './cbor.ts';

export interface Cut {
	/** Canonical bytes of the map without the field. */
	readonly rest: Uint8Array<ArrayBuffer>;
	/** Where the field's value ended: a byte string lies before it. */
	readonly end: number;
}

/** What is walked through, how far, and the number, length or count of the last head. */
const NOTHING = new Uint8Array();
let source: Uint8Array = NOTHING;
let position = 0;
let argument = 0;

/**
 * @param bytes the canonical form of a map, as this codec wrote it or took it
 * @returns `null` where the map has no such field
 */
export function cutField(bytes: Uint8Array, name: string): Cut | null {
	const wanted = utf8(name);
	source = bytes;
	position = 0;
	try {
		if (readHead() !== MAP) return null;
		const count = argument;
		const first = position;
		for (let i = 0; i < count; i++) {
			const from = position;
			readHead();
			position += argument;
			const isWanted = equal(bytes.subarray(position - argument, position), wanted);
			skip();
			if (isWanted) return { rest: join(bytes, count - 1, first, from, position), end: position };
		}
		return null;
	} finally {
		source = NOTHING;
	}
}

/** Both parts under a head that counts one field less. */
function join(bytes: Uint8Array, count: number, first: number, from: number, to: number) {
	const head = mapHead(count);
	const rest = new Uint8Array(head.length + from - first + bytes.length - to);
	rest.set(head);
	rest.set(bytes.subarray(first, from), head.length);
	rest.set(bytes.subarray(to), head.length + from - first);
	return rest;
}

/** The shortest form; `count` below 2¹⁶: each field takes two bytes, and an object has less than 128 KiB. */
function mapHead(count: number): readonly number[] {
	const top = MAP << 5;
	if (count < 24) return [top | count];
	if (count < 0x100) return [top | 24, count];
	return [top | 25, count >>> 8, count & 0xff];
}

/** One value, with all that lies in it. */
function skip(): void {
	for (let left = 1; left > 0; left--) {
		const major = readHead();
		if (major === BYTES || major === TEXT) position += argument;
		if (major === ARRAY) left += argument;
		if (major === MAP) left += 2 * argument;
		if (major === TAG) left += 1;
	}
}

/** Kind of the value that begins here; what was read of it stands in `argument`. */
function readHead(): number {
	const first = source[position++] ?? 0;
	const info = first & 0x1f;
	const size = info < 24 ? 0 : 1 << (info - 24);
	argument = size === 0 ? info : 0;
	for (let i = 0; i < size; i++) argument = 0x100 * argument + (source[position++] ?? 0);
	return first >>> 5;
}
