import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { describe, expect, it } from 'vitest';
import { nobleSuite } from './noble.ts';
import { systemRandom } from './random.ts';
import { Secret } from './secret.ts';
import { createWebSuite } from './webcrypto.ts';

const suites = [nobleSuite, await createWebSuite(globalThis.crypto.subtle)];
const SEED = new Uint8Array(32).fill(9);

describe.each(suites)('X-Wing on $name, against another implementation', (suite) => {
	it('makes the same key', async () => {
		const { publicKey } = await suite.kem(new Secret(SEED));
		expect(publicKey).toEqual(Uint8Array.from(ml_kem768_x25519.keygen(SEED).publicKey));
	});

	it('opens what the other encapsulates, and the other way round', async () => {
		const key = await suite.kem(new Secret(SEED));
		const other = ml_kem768_x25519.keygen(SEED);
		const theirs = ml_kem768_x25519.encapsulate(key.publicKey);
		const opened = await key.decapsulate(theirs.cipherText);
		expect(opened?.reveal()).toEqual(Uint8Array.from(theirs.sharedSecret));
		const ours = await suite.encapsulate(other.publicKey, systemRandom);
		const shared = ml_kem768_x25519.decapsulate(ours?.enc ?? SEED, other.secretKey);
		expect(ours?.shared.reveal()).toEqual(Uint8Array.from(shared));
	});
});
