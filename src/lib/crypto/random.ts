/** Randomness as a parameter, so that the simulator can replay a run. */

import { Secret } from './secret.ts';

/** `size` fresh bytes, which belong to the caller. */
export type Random = (size: number) => Uint8Array<ArrayBuffer>;

/** `getRandomValues` throws QuotaExceededError above this (W3C Web Cryptography §10.1.1). */
const MAX_REQUEST_BYTES = 65_536;

/** The one place that reads the platform's generator. */
export const systemRandom: Random = (size) => {
	const bytes = new Uint8Array(size);
	for (let offset = 0; offset < size; offset += MAX_REQUEST_BYTES) {
		globalThis.crypto.getRandomValues(bytes.subarray(offset, offset + MAX_REQUEST_BYTES));
	}
	return bytes;
};

export function randomSecret(random: Random, size: number): Secret {
	return new Secret(random(size));
}
