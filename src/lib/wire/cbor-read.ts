/**
 * Canonical DAG-CBOR, read in one pass. Refused at the first byte that the one canonical form would not
 * have: a length or number that is not the shortest, keys out of order or twice, indefinite lengths,
 * floats, `undefined`, tags but 42, CIDs but ours, text that is not UTF-8, bytes after the end. So
 * nothing has to be encoded again to be sure.
 */

import type { CID } from 'multiformats/cid';
import {
	ARRAY,
	BYTES,
	CID_BYTES,
	CID_TAG,
	DAG_CBOR,
	FALSE,
	MAP,
	NEGATIVE,
	NULL,
	RAW,
	SHA2_256,
	SHORT_TEXT,
	SIMPLE,
	TAG,
	TEXT,
	toCid,
	TRUE,
	UINT,
	type Plain
} from './cbor.ts';

/** Not what the canonical form of anything of ours looks like. */
class NotCanonical extends Error {
	override readonly name = 'NotCanonical';
}

/** One, made once: a stack for each refused byte string would be a gift to whoever sends them. */
const NOT_CANONICAL = new NotCanonical('not canonical');
/** A mark at the beginning that decoders swallow. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws where the bytes are not the canonical form of one value; what, is of no interest. */
export function readCbor(bytes: Uint8Array): Plain {
	const reader = new Reader(bytes);
	const value = reader.read();
	if (!reader.isAtEnd) throw NOT_CANONICAL;
	return value;
}

class Reader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		// Node's Buffer would give Buffers.
		this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get isAtEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	read(): Plain {
		const first = this.#byte();
		const info = first & 0x1f;
		switch (first >>> 5) {
			case UINT:
				return this.#argument(info);
			case NEGATIVE:
				return this.#negative(info);
			case BYTES:
				return this.#slice(this.#argument(info));
			case TEXT:
				return this.#text(this.#argument(info));
			case ARRAY:
				return this.#array(this.#argument(info));
			case MAP:
				return this.#map(this.#argument(info));
			case TAG:
				return this.#cid(this.#argument(info));
			case SIMPLE:
			default:
				return readSimple(first);
		}
	}

	#byte(): number {
		const byte = this.#bytes[this.#at++];
		if (byte === undefined) throw NOT_CANONICAL;
		return byte;
	}

	/** A number below 2⁵³ in its shortest form. */
	#argument(info: number): number {
		if (info < 24) return info;
		if (info === 24) return atLeast(24, this.#byte());
		if (info === 25) return atLeast(0x100, 0x100 * this.#byte() + this.#byte());
		if (info === 26) return atLeast(0x10000, this.#uint32());
		if (info !== 27) throw NOT_CANONICAL; // reserved, or of indefinite length
		const high = this.#uint32();
		if (high > 0x1fffff) throw NOT_CANONICAL;
		return atLeast(0x100000000, 0x100000000 * high + this.#uint32());
	}

	#uint32(): number {
		const high = 0x100 * this.#byte() + this.#byte();
		return 0x10000 * high + 0x100 * this.#byte() + this.#byte();
	}

	#negative(info: number): number {
		const value = -1 - this.#argument(info);
		if (!Number.isSafeInteger(value)) throw NOT_CANONICAL;
		return value;
	}

	#slice(size: number): Uint8Array<ArrayBuffer> {
		const from = this.#skip(size);
		return Uint8Array.from(this.#bytes.subarray(from, this.#at));
	}

	/** Where the skipped bytes began. */
	#skip(size: number): number {
		const from = this.#at;
		if (size > this.#bytes.length - from) throw NOT_CANONICAL;
		this.#at += size;
		return from;
	}

	#text(size: number): string {
		const from = this.#skip(size);
		return textAt(this.#bytes, from, this.#at);
	}

	#array(count: number): Plain[] {
		// Every item takes a byte: a false count must not reserve memory.
		if (count > this.#bytes.length - this.#at) throw NOT_CANONICAL;
		const items: Plain[] = [];
		for (let i = 0; i < count; i++) items.push(this.read());
		return items;
	}

	#map(count: number): Plain {
		const fields: Record<string, Plain> = {};
		let previous = 0;
		let previousSize = -1;
		for (let i = 0; i < count; i++) {
			const first = this.#byte();
			if (first >>> 5 !== TEXT) throw NOT_CANONICAL;
			const size = this.#argument(first & 0x1f);
			const from = this.#skip(size);
			if (size < previousSize) throw NOT_CANONICAL;
			if (size === previousSize && !isAfter(this.#bytes, previous, from, size)) throw NOT_CANONICAL;
			[previous, previousSize] = [from, size];
			setField(fields, keyAt(this.#bytes, from, this.#at), this.read());
		}
		return looksLikeCid(fields) ? refuseValue() : fields;
	}

	#cid(tag: number): CID {
		const first = this.#byte();
		const isOurs = tag === CID_TAG && first >>> 5 === BYTES;
		if (!isOurs || this.#argument(first & 0x1f) !== 1 + CID_BYTES || this.#byte() !== 0) {
			throw NOT_CANONICAL;
		}
		const bytes = this.#slice(CID_BYTES);
		const [version, code, hash, size] = bytes;
		const isOurCodec = code === DAG_CBOR || code === RAW;
		if (version !== 1 || !isOurCodec || hash !== SHA2_256 || size !== 32) throw NOT_CANONICAL;
		return toCid(code, bytes);
	}
}

function readSimple(byte: number): boolean | null {
	if (byte === NULL) return null;
	if (byte !== TRUE && byte !== FALSE) throw NOT_CANONICAL;
	return byte === TRUE;
}

function refuseValue(): never {
	throw NOT_CANONICAL;
}

function atLeast(least: number, value: number): number {
	return value < least ? refuseValue() : value;
}

/** Is what stands at `next` greater than what stands at `previous`? Both have `size` bytes. */
function isAfter(bytes: Uint8Array, previous: number, next: number, size: number): boolean {
	for (let i = 0; i < size; i++) {
		const difference = (bytes[next + i] ?? 0) - (bytes[previous + i] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return false;
}

function setField(fields: Record<string, Plain>, key: string, value: Plain): void {
	// Assigning it would set the prototype instead.
	if (key === '__proto__') {
		Object.defineProperty(fields, key, {
			...{ value, configurable: true, enumerable: true, writable: true }
		});
	} else fields[key] = value;
}

/** What multiformats would take for a CID of another copy of itself, and believe its fields. */
function looksLikeCid(fields: Readonly<Record<string, Plain>>): boolean {
	const slash = fields['/'];
	return slash !== undefined && slash !== null && slash === fields['bytes'];
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
	if (to - from <= SHORT_TEXT) {
		let text = '';
		let at = from;
		for (; at < to; at++) {
			const byte = bytes[at] ?? 0;
			if (byte > 0x7f) break;
			text += String.fromCharCode(byte);
		}
		if (at === to) return text;
	}
	if (BYTE_ORDER_MARK.every((byte, i) => from + i < to && bytes[from + i] === byte)) {
		throw NOT_CANONICAL;
	}
	return utf8Decoder.decode(bytes.subarray(from, to));
}

/** Names of fields come again and again: those last seen, each in the place that its bytes choose. */
const KNOWN_KEYS = 512;
const knownKeys = new Array<string>(KNOWN_KEYS).fill('');

function keyAt(bytes: Uint8Array, from: number, to: number): string {
	const size = to - from;
	if (size === 0 || size > SHORT_TEXT) return textAt(bytes, from, to);
	const place =
		(size + 31 * (bytes[from] ?? 0) + 7 * (bytes[to - 1] ?? 0) + (bytes[from + (size >> 1)] ?? 0)) %
		KNOWN_KEYS;
	const known = knownKeys[place] ?? '';
	if (isAsciiAt(known, bytes, from, size)) return known;
	const key = textAt(bytes, from, to);
	knownKeys[place] = key;
	return key;
}

/** A letter beyond ASCII has more than one byte, none of which is its code. */
function isAsciiAt(text: string, bytes: Uint8Array, from: number, size: number): boolean {
	if (text.length !== size) return false;
	for (let i = 0; i < size; i++) {
		const code = text.charCodeAt(i);
		if (code > 0x7f || code !== bytes[from + i]) return false;
	}
	return true;
}
