import { pureJsCrypto } from '@libp2p/noise';
import { expect, test } from 'vitest';
import { noiseCrypto } from './noise-keys.ts';

test('a seed gives the public key that libp2p gives it', () => {
	for (const fill of [1, 7, 255]) {
		const seed = new Uint8Array(32).fill(fill);
		const theirs = pureJsCrypto.generateX25519KeyPairFromSeed(seed);
		const ours = noiseCrypto.generateX25519KeyPairFromSeed(seed);
		expect(ours.publicKey).toEqual(theirs.publicKey);
		expect(ours.privateKey).toEqual(theirs.privateKey);
	}
});

test('fresh keys differ, and agree with a peer of libp2p', () => {
	const [ours, other] = [noiseCrypto.generateX25519KeyPair(), noiseCrypto.generateX25519KeyPair()];
	expect(ours.privateKey).not.toEqual(other.privateKey);
	const theirs = pureJsCrypto.generateX25519KeyPair();
	expect(noiseCrypto.generateX25519SharedKey(ours.privateKey, theirs.publicKey)).toEqual(
		pureJsCrypto.generateX25519SharedKey(theirs.privateKey, ours.publicKey)
	);
});
