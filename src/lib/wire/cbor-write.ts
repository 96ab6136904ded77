/** Canonical DAG-CBOR, written in one pass. */

import { CID } from 'multiformats/cid';
import {
	ARRAY,
	BYTES,
	CID_TAG,
	FALSE,
	FLOAT,
	MAP,
	NEGATIVE,
	NULL,
	SHORT_TEXT,
	TAG,
	TEXT,
	TRUE,
	UINT
} from './cbor.ts';
import { compare } from './bytes.ts';
import { LIMITS } from './limits.ts';

const NOTHING = new Uint8Array();
const utf8Encoder = new TextEncoder();
/** Grows with what is written; wiped after each use, for secrets pass through it. */
let scratch = new Uint8Array(4096);
let written = 0;
/** Lists and maps that the next byte lies in. */
let depth = 0;

/**
 * Fields with the value `undefined` are left out. Throws TypeError on what is none of `Plain` (a function, a
 * foreign class, NaN), RangeError on more levels than a reader takes.
 * @param prefix bytes that come before
 */
export function writeCbor(value: unknown, prefix: Uint8Array = NOTHING): Uint8Array<ArrayBuffer> {
	written = 0;
	depth = 0;
	try {
		reserve(prefix.length);
		scratch.set(prefix);
		written = prefix.length;
		write(value);
		return scratch.slice(0, written);
	} finally {
		scratch.fill(0, 0, written);
		written = 0;
	}
}

function reserve(size: number): void {
	if (written + size <= scratch.length) return;
	const larger = new Uint8Array(Math.max(2 * scratch.length, written + size));
	larger.set(scratch.subarray(0, written));
	scratch.fill(0, 0, written);
	scratch = larger;
}

function write(value: unknown): void {
	if (typeof value === 'object') writeObject(value);
	else if (typeof value === 'number') writeNumber(value);
	else if (typeof value === 'string') writeText(value);
	else if (typeof value === 'boolean') writeByte(value ? TRUE : FALSE);
	else throw new TypeError(`DAG-CBOR has no ${typeof value}`);
}

function writeObject(value: object | null): void {
	if (value === null) writeByte(NULL);
	else if (value instanceof Uint8Array) writeBytes(value);
	else if (Array.isArray(value)) writeArray(value);
	else if (isPlainObject(value)) writeMap(value);
	else writeCid(value instanceof CID ? value : CID.asCID(value));
}

/** A map, and nothing that another program would take for a CID. */
function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
	const prototype: unknown = Object.getPrototypeOf(value);
	return (prototype === Object.prototype || prototype === null) && CID.asCID(value) === null;
}

function writeByte(byte: number): void {
	reserve(1);
	scratch[written++] = byte;
}

function writeNumber(value: number): void {
	if (!Number.isSafeInteger(value)) writeFloat(value);
	else if (value < 0) writeHead(NEGATIVE, -1 - value);
	else writeHead(UINT, value);
}

/** Of 64 bits, always. Our own rows have them, nothing on the wire has. */
function writeFloat(value: number): void {
	if (!Number.isFinite(value)) throw new TypeError(`DAG-CBOR has no ${String(value)}`);
	reserve(9);
	scratch[written++] = FLOAT;
	new DataView(scratch.buffer).setFloat64(written, value);
	written += 8;
}

/** The shortest form; `value` below 2⁵³. */
function writeHead(major: number, value: number): void {
	reserve(9);
	const top = major << 5;
	if (value < 24) {
		scratch[written++] = top | value;
	} else if (value < 0x100) {
		scratch[written++] = top | 24;
		scratch[written++] = value;
	} else if (value < 0x10000) {
		scratch[written++] = top | 25;
		scratch[written++] = value >>> 8;
		scratch[written++] = value;
	} else if (value < 0x100000000) {
		scratch[written++] = top | 26;
		writeUint32(value);
	} else {
		scratch[written++] = top | 27;
		writeUint32(Math.floor(value / 0x100000000));
		writeUint32(value % 0x100000000);
	}
}

function writeUint32(value: number): void {
	scratch[written++] = value >>> 24;
	scratch[written++] = value >>> 16;
	scratch[written++] = value >>> 8;
	scratch[written++] = value;
}

function headSize(value: number): number {
	if (value < 24) return 1;
	if (value < 0x100) return 2;
	if (value < 0x10000) return 3;
	return value < 0x100000000 ? 5 : 9;
}

function writeBytes(value: Uint8Array): void {
	writeHead(BYTES, value.length);
	reserve(value.length);
	scratch.set(value, written);
	written += value.length;
}

function writeText(text: string): void {
	if (text.length <= SHORT_TEXT && writeAscii(text)) return;
	reserve(9 + 3 * text.length);
	// Most text is ASCII: room for a head of that length, moved where it turns out to be longer.
	const guess = headSize(text.length);
	const start = written;
	const { written: size } = utf8Encoder.encodeInto(text, scratch.subarray(start + guess));
	const needed = headSize(size);
	if (needed !== guess) {
		scratch.copyWithin(start + needed, start + guess, start + guess + size);
	}
	writeHead(TEXT, size);
	written += size;
}

/** `false`: it is not ASCII, and nothing is written. */
function writeAscii(text: string): boolean {
	reserve(2 + text.length);
	const start = written;
	writeHead(TEXT, text.length);
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code > 0x7f) {
			written = start;
			return false;
		}
		scratch[written++] = code;
	}
	return true;
}

function writeArray(items: readonly unknown[]): void {
	goDeeper();
	writeHead(ARRAY, items.length);
	for (let i = 0; i < items.length; i++) write(items[i]);
	depth--;
}

function goDeeper(): void {
	if (++depth > LIMITS.depth) throw new RangeError('more levels than a reader takes');
}

function writeMap(fields: Readonly<Record<string, unknown>>): void {
	goDeeper();
	const names: Name[] = [];
	for (const key in fields) {
		if (fields[key] !== undefined && Object.hasOwn(fields, key)) insertName(names, nameOf(key));
	}
	writeHead(MAP, names.length);
	for (const { key, encoded } of names) {
		reserve(encoded.length);
		for (const byte of encoded) scratch[written++] = byte;
		write(fields[key]);
	}
	depth--;
}

/** A field's name, and how it is written: their order as bytes is the canonical one. */
interface Name {
	readonly key: string;
	readonly encoded: Uint8Array;
}

/** Names of fields come again and again. No ids: those are longer. */
const KNOWN_NAMES = 512;
const knownNames = new Map<string, Name>();

function nameOf(key: string): Name {
	const known = knownNames.get(key);
	if (known !== undefined) return known;
	const name = { key, encoded: encodeName(key) };
	if (key.length > SHORT_TEXT) return name;
	if (knownNames.size === KNOWN_NAMES) knownNames.clear();
	knownNames.set(key, name);
	return name;
}

function encodeName(key: string): Uint8Array {
	const from = written;
	writeText(key);
	const encoded = scratch.slice(from, written);
	written = from;
	return encoded;
}

/** They are few, and often in order already. */
function insertName(names: Name[], name: Name): void {
	let at = names.length;
	names.push(name);
	for (; at > 0; at--) {
		const before = names[at - 1];
		if (before === undefined || compare(before.encoded, name.encoded) < 0) break;
		names[at] = before;
	}
	names[at] = name;
}

/** `null`: an object of another kind. */
function writeCid(cid: CID | null): void {
	const bytes: unknown = cid?.bytes; // text, where a map only looks like one
	if (!(bytes instanceof Uint8Array)) throw new TypeError('DAG-CBOR has no such object');
	writeHead(TAG, CID_TAG);
	writeHead(BYTES, bytes.length + 1);
	reserve(bytes.length + 1);
	scratch[written++] = 0;
	scratch.set(bytes, written);
	written += bytes.length;
}
