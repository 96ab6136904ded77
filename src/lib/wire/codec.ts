/**
 * Canonical DAG-CBOR, and the one way from foreign bytes to an object of ours.
 *
 * A decoder checks size, canonical form (`cbor-read.ts`), version, type, shape, in this order (protocol §1).
 * Unknown fields stay in the decoded object and in its bytes.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { concat, equal, fromUtf8, utf8 } from './bytes.ts';
import { looksLikeCid, readCbor, setField } from './cbor-read.ts';
import { writeCbor } from './cbor-write.ts';
import { DAG_CBOR, RAW, SHA2_256, toCid, type Plain } from './cbor.ts';
import { accept, refuse, type Result } from './refusal.ts';
import { createShape } from './shape.ts';

export { DAG_CBOR, RAW, type Plain } from './cbor.ts';

export const VERSION = 1;
const VERSION_OF_CIDS = 1;

/**
 * An object of ours, whose unknown fields came through a decoder; throws TypeError on what DAG-CBOR
 * cannot hold, RangeError on more levels than `LIMITS.depth`. Fields with the value `undefined` are left out.
 */
export function encodeFields(fields: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
	return encodePlain(fields as Plain);
}

/**
 * As `encodeFields`, for any value; a number with a fraction is for rows that stay here.
 * @param prefix bytes that come before
 */
export function encodePlain(value: Plain, prefix?: Uint8Array): Uint8Array<ArrayBuffer> {
	return writeCbor(value, prefix);
}

/** A decoder of one object type: bytes that a stranger may have made → object, or the reason. */
export interface Decoder<T> {
	readonly type: string;
	readonly maxBytes: number;
	/** What the objects look like; PROTOCOL.md is held against it. */
	readonly schema: v.GenericSchema<unknown, T>;
	decode(bytes: Uint8Array): Result<T>;
	/** Version, type and shape of what is decoded, or was never encoded. */
	judge(value: Plain): Result<T>;
}

/** Each object is a map with `v: 1` and `t: type`, besides the fields of its schema. */
export function createDecoder<S extends v.GenericSchema<unknown, object>>(
	type: string,
	maxBytes: number,
	schema: S
): Decoder<v.InferOutput<S>> {
	const hasShape = createShape<v.InferOutput<S>>(schema);
	return toDecoder({ type, maxBytes, schema }, (value) => {
		if (!isMap(value)) return refuse('wrong-shape');
		if (value['v'] !== VERSION) return refuse('unknown-version');
		if (value['t'] !== type) return refuse('unknown-type');
		if (hasShape(value)) return accept(value);
		const parsed = v.safeParse(schema, value);
		if (!parsed.success) return refuse('wrong-shape');
		remade.add(parsed.output);
		return accept(parsed.output);
	});
}

/** Objects that valibot made anew, perhaps without what it left out. Rare: those that are refused, mostly. */
const remade = new WeakSet();

/** Does a decoder's object have every field of the bytes of which it was read? */
export function isAsRead(decoded: object): boolean {
	return !remade.has(decoded);
}

/** What one of these takes: the type decides which. `maxBytes` counts, and not theirs. */
export function anyDecoder<T>(
	type: string,
	maxBytes: number,
	schema: v.GenericSchema<unknown, T>,
	[first, ...others]: readonly [Decoder<T>, ...Decoder<T>[]]
): Decoder<T> {
	return toDecoder<T>({ type, maxBytes, schema }, (value) => {
		let judged = first.judge(value);
		for (const decoder of others) {
			if (judged.ok || judged.reason !== 'unknown-type') return judged;
			judged = decoder.judge(value);
		}
		return judged;
	});
}

function toDecoder<T>(
	what: Pick<Decoder<T>, 'type' | 'maxBytes' | 'schema'>,
	judge: Decoder<T>['judge']
): Decoder<T> {
	return {
		...what,
		judge,
		decode(bytes) {
			const plain = decodeCanonical(bytes, what.maxBytes);
			return plain.ok ? judge(plain.value) : plain;
		}
	};
}

export function isMap(value: Plain): value is { readonly [key: string]: Plain } {
	const isObject = typeof value === 'object' && value !== null;
	return isObject && !Array.isArray(value) && !(value instanceof Uint8Array) && !isCid(value);
}

/**
 * Size, then canonical form; any shape. Version 1 has no floats, no integers beyond 2⁵³ − 1, no CIDs
 * but v1 with SHA-256 of objects and raw bytes, and at most `LIMITS.depth` levels.
 */
export function decodeCanonical(bytes: Uint8Array, maxBytes: number): Result<Plain> {
	if (bytes.length > maxBytes) return refuse('too-large');
	try {
		return accept(readCbor(bytes));
	} catch {
		return refuse('not-canonical'); // the reader throws on every such input
	}
}

/**
 * The object that these fields come back as when they are written and read, at a part of the cost: bytes
 * are copied, `undefined` is left out, no half of a character is left in a text. Throws TypeError on what
 * would be written and no reader takes: a number with a fraction, a byte order mark before a text.
 */
export function copyFields(fields: Readonly<Record<string, unknown>>): Plain {
	return copyPlain(fields as Plain);
}

function copyPlain(value: Plain): Plain {
	if (typeof value === 'string') return copyText(value);
	if (typeof value === 'number') return copyNumber(value);
	if (typeof value !== 'object' || value === null || isCid(value)) return value;
	if (value instanceof Uint8Array) return value.slice();
	if (Array.isArray(value)) return value.map(copyPlain);
	const fields: Record<string, Plain> = {};
	for (const [key, field] of Object.entries(value)) {
		if (field !== undefined) setField(fields, copyText(key), copyPlain(field));
	}
	if (looksLikeCid(fields)) throw new TypeError('no reader takes what looks like a CID');
	return fields;
}

function copyText(text: string): string {
	if (text.startsWith('\uFEFF')) throw new TypeError('a byte order mark before a text');
	return isWellFormed(text) ? text : fromUtf8(utf8(text));
}

function copyNumber(value: number): number {
	if (!Number.isSafeInteger(value)) throw new TypeError(`no reader takes ${String(value)}`);
	return value + 0; // −0 is written as 0
}

function isWellFormed(text: string): boolean {
	return !/\p{Surrogate}/u.test(text);
}

/** CIDv1, SHA-256, of an object's bytes. */
export function cidOfObject(bytes: Uint8Array): CID {
	return digestToCid(DAG_CBOR, sha256(bytes));
}

/** Where the SHA-256 of an object's bytes is known. */
export function sha256ToObjectCid(digest: Uint8Array): CID {
	return digestToCid(DAG_CBOR, digest);
}

/** CIDv1, SHA-256, of raw bytes: attachment chunks, sealed bodies, X-Wing keys. */
export function cidOfRaw(bytes: Uint8Array): CID {
	return sha256ToRawCid(sha256(bytes));
}

export function sha256ToRawCid(digest: Uint8Array): CID {
	return digestToCid(RAW, digest);
}

function digestToCid(code: number, digest: Uint8Array): CID {
	return toCid(code, concat(Uint8Array.of(VERSION_OF_CIDS, code, SHA2_256, digest.length), digest));
}

/** Does a block with this SHA-256 have this CID? Only CIDv1 with SHA-256 is ever ours. */
export function isDigestOf(cid: CID, digest: Uint8Array): boolean {
	return isOurCid(cid) && equal(digest, cid.multihash.digest);
}

function isOurCid({ version, code, multihash }: CID): boolean {
	const isOurCodec = code === DAG_CBOR || code === RAW;
	return version === 1 && isOurCodec && multihash.code === SHA2_256 && multihash.size === 32;
}

export function isCid(value: unknown): value is CID {
	return CID.asCID(value) !== null;
}
