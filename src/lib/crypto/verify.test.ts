import { expect, describe, it } from 'vitest';
import { describeStrictSignatures } from '../../../tests/conformance/crypto-strict.ts';
import { failingOnce } from '../../../tests/conformance/failing-subtle.ts';
import { fromHex } from '../wire/bytes.ts';
import { findSubtle } from './subtle.ts';
import { createVerifier, createWebVerifier, nobleVerifier } from './verify.ts';

describeStrictSignatures(nobleVerifier);
describeStrictSignatures(createWebVerifier(globalThis.crypto.subtle));

describe('the choice of a verifier', () => {
	it('takes WebCrypto where it knows Ed25519', async () => {
		expect((await createVerifier()).name).toBe('webcrypto');
	});

	it('sees that a page without secure context has none', () => {
		expect(findSubtle({ crypto: {} })).toBeNull();
	});

	it('imports a key anew that was not to be had once', async () => {
		const { subtle } = globalThis.crypto;
		const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
		const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
		const message = Uint8Array.of(1);
		const signature = new Uint8Array(await subtle.sign('Ed25519', pair.privateKey, message));
		const verifier = createWebVerifier(failingOnce(subtle));
		expect(await verifier.verify(publicKey, message, signature)).toBe(false);
		expect(await verifier.verify(publicKey, message, signature)).toBe(true);
	});

	it('takes RFC 8032 §7.1, test 1', async () => {
		const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
		const signature = fromHex(
			'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
				'5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
		);
		const none = new Uint8Array(0);
		const verifier = await createVerifier();
		expect(await verifier.verify(publicKey ?? none, none, signature ?? none)).toBe(true);
	});
});
