/** SHA-256 of what is too long for memory, piece by piece: WebCrypto has no such thing. */

import { sha256 } from '@noble/hashes/sha2.js';
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
