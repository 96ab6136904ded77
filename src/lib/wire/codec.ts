/**
 * Canonical DAG-CBOR, and the one way from foreign bytes to an object of ours.
 *
 * A decoder checks size, canonical form, version, type, shape, in this order (protocol §1). Canonical
 * form is checked by encoding again: what does not come back byte for byte is refused, whatever
 * freedom the CBOR library leaves. Unknown fields stay in the decoded object and in its bytes.
 */

import * as dagCbor from '@ipld/dag-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import * as v from 'valibot';
import { equal } from './bytes.ts';
import { accept, refuse, type Result } from './refusal.ts';

/** What DAG-CBOR can hold, as far as we use it. */
export type Plain =
	| string
	| number
	| boolean
	| null
	| Uint8Array
	| CID
	| readonly Plain[]
	| { readonly [key: string]: Plain | undefined };

export const VERSION = 1;
export const DAG_CBOR = 0x71;
export const RAW = 0x55;
const SHA2_256 = 0x12;

/**
 * An object of ours, whose unknown fields came through a decoder; throws TypeError on what DAG-CBOR
 * cannot hold. Fields with the value `undefined` are left out.
 */
export function encodeFields(fields: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
	return encodePlain(fields as Plain);
}

/** Fields with the value `undefined` are left out. */
export function encodePlain(value: Plain): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(dagCbor.encode(withoutUndefined(value)));
}

function withoutUndefined(value: Plain): unknown {
	if (Array.isArray(value)) return value.map(withoutUndefined);
	if (value === null || typeof value !== 'object') return value;
	if (value instanceof Uint8Array || isCid(value)) return value;
	const present = Object.entries(value).filter(([, field]) => field !== undefined);
	return Object.fromEntries(present.map(([key, field]) => [key, withoutUndefined(field ?? null)]));
}

/** A decoder of one object type: bytes that a stranger may have made → object, or the reason. */
export interface Decoder<T> {
	readonly type: string;
	readonly maxBytes: number;
	/** What the objects look like; PROTOCOL.md is held against it. */
	readonly schema: v.GenericSchema<unknown, T>;
	decode(bytes: Uint8Array): Result<T>;
}

/** Each object is a map with `v: 1` and `t: type`, besides the fields of its schema. */
export function createDecoder<S extends v.GenericSchema<unknown, object>>(
	type: string,
	maxBytes: number,
	schema: S
): Decoder<v.InferOutput<S>> {
	return {
		type,
		maxBytes,
		schema,
		decode(bytes) {
			const plain = decodeCanonical(bytes, maxBytes);
			if (!plain.ok) return plain;
			const { value } = plain;
			if (!isMap(value)) return refuse('wrong-shape');
			if (value['v'] !== VERSION) return refuse('unknown-version');
			if (value['t'] !== type) return refuse('unknown-type');
			const parsed = v.safeParse(schema, value);
			return parsed.success ? accept(parsed.output) : refuse('wrong-shape');
		}
	};
}

export function isMap(value: Plain): value is { readonly [key: string]: Plain } {
	const isObject = typeof value === 'object' && value !== null;
	return isObject && !Array.isArray(value) && !(value instanceof Uint8Array) && !isCid(value);
}

/** Size, then canonical form; any shape. */
export function decodeCanonical(bytes: Uint8Array, maxBytes: number): Result<Plain> {
	if (bytes.length > maxBytes) return refuse('too-large');
	try {
		const value: unknown = dagCbor.decode(bytes);
		const isOurs = isPlain(value) && equal(dagCbor.encode(value), bytes);
		return isOurs ? accept(value) : refuse('not-canonical');
	} catch {
		return refuse('not-canonical'); // cborg throws on every malformed input; none of it is ours
	}
}

/** Version 1 has no floats, no integers beyond 2⁵³ − 1, and no CIDs but v1 with SHA-256. */
function isPlain(value: unknown): value is Plain {
	if (value === null || value instanceof Uint8Array) return true;
	if (typeof value === 'number') return Number.isSafeInteger(value);
	if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
	const cid = CID.asCID(value);
	if (cid !== null) return isOurCid(cid);
	return Object.values(value).every(isPlain);
}

function isOurCid({ version, code, multihash }: CID): boolean {
	const isOurCodec = code === DAG_CBOR || code === RAW;
	return version === 1 && isOurCodec && multihash.code === SHA2_256 && multihash.size === 32;
}

/** CIDv1, SHA-256, of an object's bytes. */
export function cidOfObject(bytes: Uint8Array): CID {
	return CID.createV1(DAG_CBOR, createDigest(SHA2_256, sha256(bytes)));
}

/** CIDv1, SHA-256, of raw bytes: attachment chunks, sealed bodies, X-Wing keys. */
export function cidOfRaw(bytes: Uint8Array): CID {
	return sha256ToRawCid(sha256(bytes));
}

export function sha256ToRawCid(digest: Uint8Array): CID {
	return CID.createV1(RAW, createDigest(SHA2_256, digest));
}

/** Does a block with this SHA-256 have this CID? Only CIDv1 with SHA-256 is ever ours. */
export function isDigestOf(cid: CID, digest: Uint8Array): boolean {
	return isOurCid(cid) && equal(digest, cid.multihash.digest);
}

export function isCid(value: unknown): value is CID {
	return CID.asCID(value) !== null;
}
