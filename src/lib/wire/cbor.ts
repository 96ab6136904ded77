/**
 * Canonical DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/): what it can hold, and the first
 * bytes of each kind. `cbor-write.ts` and `cbor-read.ts` are held against the library by
 * `tests/vectors/codec.test.ts`.
 */

import { CID } from 'multiformats/cid';
import { Digest } from 'multiformats/hashes/digest';

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

export const DAG_CBOR = 0x71;
export const RAW = 0x55;
export const SHA2_256 = 0x12;

export const UINT = 0;
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const TAG = 6;
export const SIMPLE = 7;
export const FALSE = 0xf4;
export const TRUE = 0xf5;
export const NULL = 0xf6;
export const FLOAT = 0xfb;
export const CID_TAG = 42;
/** Version, codec, hash, its length; before them the zero that tag 42 wants. */
export const CID_DIGEST_AT = 4;
export const CID_BYTES = CID_DIGEST_AT + 32;

/** Text up to here is copied letter by letter: calling the platform costs more. */
export const SHORT_TEXT = 24;

/**
 * Its parts share a buffer: the library asks each for its own, and an engine that keeps arrays of a few
 * bytes in its heap would have to make one for each.
 * @param bytes version 1, this codec, SHA-256, 32, digest
 */
export function toCid(code: number, bytes: Uint8Array): CID {
	const buffer = new ArrayBuffer(CID_BYTES);
	const whole = new Uint8Array(buffer);
	whole.set(bytes);
	const [item, multihash] = [new Uint8Array(buffer, CID_DIGEST_AT), new Uint8Array(buffer, 2)];
	return new CID(1, code, new Digest(SHA2_256, 32, item, multihash), whole);
}
