/** SHA-256 without a suite: of what is too long for memory, which WebCrypto cannot, and HMAC in this turn. */

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Secret } from './secret.ts';
import type { Bytes } from './suite.ts';

export interface Sha256 {
	update(piece: Uint8Array): void;
	/** 32 bytes; ends the computation, a later `update` throws. */
	digest(): Bytes;
}

export function createSha256(): Sha256 {
	const state = sha256.create();
	return {
		update: (piece) => void state.update(piece),
		digest: () => Uint8Array.from(state.digest())
	};
}

/** HMAC-SHA-256 under one key, 32 bytes each: what the key alone decides is computed once. */
export function createHmac(key: Secret): (data: Uint8Array) => Bytes {
	const keyed = hmac.create(sha256, key.reveal());
	return (data) => Uint8Array.from(keyed.clone().update(data).digest());
}
