/** Chunks of an attachment, each sealed under the file's key (protocol §4, §8.10). */

import { LIMITS } from '../wire/limits.ts';
import type { Secret } from './secret.ts';
import { SIZES, type Bytes, type Suite } from './suite.ts';

const NO_AAD = new Uint8Array(0);

/**
 * Chunk ‖ 16-byte tag. The key is fresh for each content, so that no nonce repeats. Throws RangeError
 * on an index that is no count, and on a chunk longer than `LIMITS.chunkBytes`.
 */
export function sealChunk(
	suite: Suite,
	key: Secret,
	index: number,
	chunk: Uint8Array
): Promise<Bytes> {
	if (chunk.length > LIMITS.chunkBytes) throw new RangeError('a chunk is too long');
	return suite.sealAead(key, chunkNonce(index), NO_AAD, chunk);
}

/** `null` where the chunk was sealed under another key or index, or was changed. */
export async function openChunk(
	suite: Suite,
	key: Secret,
	index: number,
	sealed: Uint8Array
): Promise<Bytes | null> {
	if (sealed.length > LIMITS.chunkBytes + SIZES.tag) return null;
	return suite.openAead(key, chunkNonce(index), NO_AAD, sealed);
}

/** 4 zero bytes ‖ 64-bit big-endian index. */
export function chunkNonce(index: number): Bytes {
	if (!Number.isSafeInteger(index) || index < 0) throw new RangeError('an index counts from 0');
	const nonce = new Uint8Array(SIZES.nonce);
	new DataView(nonce.buffer).setBigUint64(4, BigInt(index));
	return nonce;
}
