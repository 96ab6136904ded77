/** One CBOR item in a field of fixed length: the rest is zeros (protocol §8.6). */

import type { Bytes } from './suite.ts';

/** `null` where the item is longer than the field. */
export function zeroFill(item: Uint8Array, size: number): Bytes | null {
	if (item.length > size) return null;
	const filled = new Uint8Array(size);
	filled.set(item);
	return filled;
}

/** The item, undecoded. `null` where it does not end inside, or where more than zeros follow. */
export function withoutZeros(filled: Uint8Array): Uint8Array | null {
	const end = itemEnd(filled);
	if (end === null || filled.subarray(end).some((byte) => byte !== 0)) return null;
	return filled.subarray(0, end);
}

const MAJOR = { negative: 1, text: 3, array: 4, map: 5, tag: 6 } as const;

/**
 * Where the first item ends (RFC 8949 §3), lengths of indefinite kind excluded; `null` where it
 * does not. It looks at lengths only, so that what it cuts out still has to be decoded.
 */
function itemEnd(bytes: Uint8Array): number | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = 0;
	for (let items = 1; items > 0; items--) {
		const head = readHead(view, at);
		if (head === null) return null;
		at = head.end;
		if (head.major === MAJOR.array) items += head.argument;
		else if (head.major === MAJOR.map) items += 2 * head.argument;
		else if (head.major === MAJOR.tag) items += 1;
		else if (head.major > MAJOR.negative && head.major <= MAJOR.text) at += head.argument;
		if (at > bytes.length) return null;
	}
	return at;
}

interface Head {
	readonly major: number;
	readonly argument: number;
	readonly end: number;
}

function readHead(view: DataView, at: number): Head | null {
	if (at >= view.byteLength) return null;
	const first = view.getUint8(at);
	const short = first & 0x1f;
	const size = short < 24 ? 0 : 2 ** (short - 24);
	if (short > 27 || at + 1 + size > view.byteLength) return null;
	return { major: first >> 5, argument: readArgument(view, at + 1, short), end: at + 1 + size };
}

function readArgument(view: DataView, at: number, short: number): number {
	if (short === 24) return view.getUint8(at);
	if (short === 25) return view.getUint16(at);
	if (short === 26) return view.getUint32(at);
	return short === 27 ? Number(view.getBigUint64(at)) : short;
}
