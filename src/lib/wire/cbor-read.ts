/**
 * Canonical DAG-CBOR, read in one pass. Refused at the first byte that the one canonical form would not
 * have: a length or number that is not the shortest, keys out of order or twice, indefinite lengths,
 * floats, `undefined`, tags but 42, CIDs but ours, text that is not UTF-8, bytes after the end, more
 * than 64 levels. So nothing has to be encoded again to be sure.
 */

import type { CID } from 'multiformats/cid';
import {
	ARRAY,
	BYTES,
	CID_BYTES,
	CID_DIGEST_AT,
	CID_TAG,
	DAG_CBOR,
	FALSE,
	FLOAT,
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
import { LIMITS } from './limits.ts';

/** Not what the canonical form of anything of ours looks like. */
class NotCanonical extends Error {
	override readonly name = 'NotCanonical';
}

/** One, made once: a stack for each refused byte string would be a gift to whoever sends them. */
const NOT_CANONICAL = new NotCanonical('not canonical');
/** A mark at the beginning that decoders swallow. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What is read, and how far it is: reading waits for nothing, so one is enough. */
const NOTHING = new Uint8Array();
let source: Uint8Array = NOTHING;
let position = 0;
/**
 * CIDs read last, each at the place that its digest's first byte says: thread and epoch are the same in
 * thousands of headers, and a CID costs more than all the rest of one. It is never changed.
 */
const recentCids = new Array<CID | undefined>(64);
/** Lists and maps that the next byte lies in. */
let depth = 0;
/** Only this program's own rows have floats, and texts as somebody pasted them. */
let isOwn = false;

/** Throws where the bytes are not the canonical form of one value; what, is of no interest. */
export function readCbor(bytes: Uint8Array): Plain {
	return readAll(bytes, false);
}

/** What this program wrote for itself: as `readCbor`, but with floats and with marks before texts. */
export function readOwnCbor(bytes: Uint8Array): Plain {
	return readAll(bytes, true);
}

function readAll(bytes: Uint8Array, isWrittenHere: boolean): Plain {
	// Node's Buffer would give Buffers.
	source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	position = 0;
	depth = 0;
	isOwn = isWrittenHere;
	try {
		const value = read();
		return position === source.length ? value : refuseValue();
	} finally {
		source = NOTHING;
	}
}

function read(): Plain {
	const first = nextByte();
	const info = first & 0x1f;
	switch (first >>> 5) {
		case UINT:
			return readArgument(info);
		case NEGATIVE:
			return readNegative(info);
		case BYTES:
			return readSlice(readArgument(info));
		case TEXT:
			return readText(readArgument(info));
		case ARRAY:
			return readArray(readArgument(info));
		case MAP:
			return readMap(readArgument(info));
		case TAG:
			return readCid(readArgument(info));
		case SIMPLE:
		default:
			return readSimple(first);
	}
}

function nextByte(): number {
	const byte = source[position++];
	if (byte === undefined) throw NOT_CANONICAL;
	return byte;
}

/** A number below 2⁵³ in its shortest form. */
function readArgument(info: number): number {
	if (info < 24) return info;
	if (info === 24) return atLeast(24, nextByte());
	if (info === 25) return atLeast(0x100, 0x100 * nextByte() + nextByte());
	if (info === 26) return atLeast(0x10000, readUint32());
	if (info !== 27) throw NOT_CANONICAL; // reserved, or of indefinite length
	const high = readUint32();
	if (high > 0x1fffff) throw NOT_CANONICAL;
	return atLeast(0x100000000, 0x100000000 * high + readUint32());
}

function readUint32(): number {
	const high = 0x100 * nextByte() + nextByte();
	return 0x10000 * high + 0x100 * nextByte() + nextByte();
}

function readNegative(info: number): number {
	const value = -1 - readArgument(info);
	if (!Number.isSafeInteger(value)) throw NOT_CANONICAL;
	return value;
}

function readSlice(size: number): Uint8Array<ArrayBuffer> {
	const from = skip(size);
	return source.slice(from, position);
}

/** Where the skipped bytes began. */
function skip(size: number): number {
	const from = position;
	if (size > source.length - from) throw NOT_CANONICAL;
	position += size;
	return from;
}

function readText(size: number): string {
	const from = skip(size);
	return textAt(source, from, position);
}

function readArray(count: number): Plain[] {
	// Every item takes a byte: a false count must not reserve memory.
	if (count > source.length - position) throw NOT_CANONICAL;
	goDeeper();
	const items: Plain[] = [];
	for (let i = 0; i < count; i++) items.push(read());
	depth--;
	return items;
}

/** Where the stack ends depends on who reads, and all must come to the same verdict. */
function goDeeper(): void {
	if (++depth > LIMITS.depth) throw NOT_CANONICAL;
}

function readMap(count: number): Plain {
	goDeeper();
	const fields: Record<string, Plain> = {};
	let previous = 0;
	let previousSize = -1;
	for (let i = 0; i < count; i++) {
		const first = nextByte();
		if (first >>> 5 !== TEXT) throw NOT_CANONICAL;
		const size = readArgument(first & 0x1f);
		const from = skip(size);
		if (size < previousSize) throw NOT_CANONICAL;
		if (size === previousSize && !isAfter(source, previous, from, size)) throw NOT_CANONICAL;
		[previous, previousSize] = [from, size];
		setField(fields, keyAt(source, from, position), read());
	}
	depth--;
	return looksLikeCid(fields) ? refuseValue() : fields;
}

function readCid(tag: number): CID {
	const first = nextByte();
	const isOurs = tag === CID_TAG && first >>> 5 === BYTES;
	if (!isOurs || readArgument(first & 0x1f) !== 1 + CID_BYTES || nextByte() !== 0) {
		throw NOT_CANONICAL;
	}
	const from = skip(CID_BYTES);
	const place = (source[from + CID_DIGEST_AT] ?? 0) % recentCids.length;
	const recent = recentCids[place];
	if (recent !== undefined && isAt(from, recent.bytes)) return recent;
	const bytes = source.slice(from, position);
	const [version, code, hash, size] = bytes;
	const isOurCodec = code === DAG_CBOR || code === RAW;
	if (version !== 1 || !isOurCodec || hash !== SHA2_256 || size !== 32) throw NOT_CANONICAL;
	const cid = toCid(code, bytes);
	recentCids[place] = cid;
	return cid;
}

function isAt(from: number, bytes: Uint8Array): boolean {
	for (let i = 0; i < bytes.length; i++) if (source[from + i] !== bytes[i]) return false;
	return true;
}

function readSimple(byte: number): boolean | number | null {
	if (byte === NULL) return null;
	if (byte === FLOAT && isOwn) return readFloat();
	if (byte !== TRUE && byte !== FALSE) throw NOT_CANONICAL;
	return byte === TRUE;
}

function readFloat(): number {
	const from = skip(8);
	return new DataView(source.buffer, source.byteOffset).getFloat64(from);
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

/** As an own field, whatever its name. */
export function setField(fields: Record<string, Plain>, key: string, value: Plain): void {
	// Assigning it would set the prototype instead.
	if (key === '__proto__') {
		Object.defineProperty(fields, key, {
			...{ value, configurable: true, enumerable: true, writable: true }
		});
	} else fields[key] = value;
}

/** What multiformats would take for a CID of another copy of itself, and believe its fields. */
export function looksLikeCid(fields: Readonly<Record<string, Plain>>): boolean {
	const slash = fields['/'];
	return slash !== undefined && slash !== null && slash === fields['bytes'];
}

/** Texts that come again and again, by their bytes: at each place the one that was read there last. */
type Known = string[];
const KNOWN_TEXTS = 512;
/** Names of fields. */
const knownKeys: Known = new Array<string>(KNOWN_TEXTS).fill('');
/** Addresses and ids, as rows have them. */
const knownIds: Known = new Array<string>(KNOWN_TEXTS).fill('');
const ID_TEXT = { least: 50, most: 64 };

function textAt(bytes: Uint8Array, from: number, to: number): string {
	const size = to - from;
	if (size < ID_TEXT.least || size > ID_TEXT.most) return decodeAt(bytes, from, to);
	return knownAt(knownIds, bytes, from, to);
}

function keyAt(bytes: Uint8Array, from: number, to: number): string {
	const size = to - from;
	if (size === 0 || size > SHORT_TEXT) return textAt(bytes, from, to);
	return knownAt(knownKeys, bytes, from, to);
}

function knownAt(texts: Known, bytes: Uint8Array, from: number, to: number): string {
	const size = to - from;
	let mixed = size;
	for (let i = from; i < to; i++) mixed = (Math.imul(mixed, 31) + (bytes[i] ?? 0)) | 0;
	const place = (mixed ^ (mixed >>> 9)) & (KNOWN_TEXTS - 1);
	const known = texts[place] ?? '';
	if (isAsciiAt(known, bytes, from, size)) return known;
	const text = decodeAt(bytes, from, to);
	texts[place] = text;
	return text;
}

function decodeAt(bytes: Uint8Array, from: number, to: number): string {
	const short = to - from <= SHORT_TEXT ? asciiAt(bytes, from, to) : null;
	if (short !== null) return short;
	if (!isOwn && BYTE_ORDER_MARK.every((byte, i) => from + i < to && bytes[from + i] === byte)) {
		throw NOT_CANONICAL;
	}
	return utf8Decoder.decode(bytes.subarray(from, to));
}

/** Made at once: what is put together letter by letter stays in memory as a chain of its parts. */
function asciiAt(bytes: Uint8Array, from: number, to: number): string | null {
	const codes: number[] = [];
	for (let at = from; at < to; at++) {
		const byte = bytes[at] ?? 0;
		if (byte > 0x7f) return null;
		codes.push(byte);
	}
	return String.fromCharCode(...codes);
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
