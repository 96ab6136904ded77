/**
 * Rows that are to end: sealed under a key of the ring before the vault seals them, so that destroying
 * the key takes them from wherever the browser still has their bytes.
 *
 * row in the vault   { under: ring key, sealed: the row as it would stand there, sealed by the ring }
 */

import type { Bytes } from '../crypto/suite.ts';
import type { KeyRing, RingKey } from '../post/ports.ts';
import { readOwnCbor } from '../wire/cbor-read.ts';
import { encodePlain } from '../wire/codec.ts';

/** Canonical: a map of two, the shorter field first. No row of any table begins so. */
const BEGINNING = Uint8Array.from([0xa2, 0x65, ...new TextEncoder().encode('under')]);

/** @param key as `underOf` gives it; @param bytes the row as `rowToBytes` gives it */
export async function putUnder(ring: KeyRing, key: RingKey | null, bytes: Bytes): Promise<Bytes> {
	return key === null ? bytes : encodePlain({ under: key, sealed: await ring.seal(key, bytes) });
}

/** The row's own bytes. `null`: its key was destroyed. Throws `RingAway`. */
export async function takeFromUnder(ring: KeyRing, bytes: Bytes): Promise<Uint8Array | null> {
	if (!BEGINNING.every((byte, i) => bytes[i] === byte)) return bytes;
	const row: unknown = readOwnCbor(bytes);
	return isUnder(row) ? ring.open(row.under, row.sealed) : bytes;
}

/** The ring's key that a row names for itself. */
export function underOf(row: object): RingKey | null {
	return 'under' in row && row.under instanceof Uint8Array ? row.under : null;
}

interface Under {
	readonly under: Uint8Array;
	readonly sealed: Uint8Array;
}

function isUnder(row: unknown): row is Under {
	if (row === null || typeof row !== 'object') return false;
	if (!('under' in row) || !('sealed' in row)) return false;
	return row.under instanceof Uint8Array && row.sealed instanceof Uint8Array;
}
