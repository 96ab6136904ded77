import { KEM_MLKEM768_X25519 } from '@panva/hpke-noble';
import * as hpke from 'hpke';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../wire/bytes.ts';
import { nonceAt } from './hpke.ts';
import { nobleSuite } from './noble.ts';
import { systemRandom } from './random.ts';
import { Secret } from './secret.ts';
import { createWebSuite } from './webcrypto.ts';

const INFO = utf8('defms/1/test');
const AAD = utf8('header');
const TEXT = utf8('Dear Bob');
const NONE = new Uint8Array(0);
const SEED = new Uint8Array(32).fill(5);

const peer = new hpke.CipherSuite(KEM_MLKEM768_X25519, hpke.KDF_HKDF_SHA256, hpke.AEAD_AES_256_GCM);
const suites = [nobleSuite, await createWebSuite(globalThis.crypto.subtle)];

describe.each(suites)('HPKE on $name, against the hpke package', (suite) => {
	it('opens what the package sealed', async () => {
		const key = await suite.kem(new Secret(SEED));
		const publicKey = await peer.DeserializePublicKey(key.publicKey);
		const sealed = await peer.Seal(publicKey, TEXT, { info: INFO, aad: AAD });
		const { encapsulatedSecret, ciphertext } = sealed;
		const opened = await suite.openHpke(key, encapsulatedSecret, INFO, AAD, ciphertext);
		expect(opened).toEqual(TEXT);
	});

	it('seals what the package opens, message after message', async () => {
		const { publicKey } = await suite.kem(new Secret(SEED));
		const privateKey = await peer.DeserializePrivateKey(SEED);
		const sender = await suite.setupSender(publicKey, INFO, systemRandom);
		const recipient = await peer.SetupRecipient(privateKey, sender?.enc ?? NONE, { info: INFO });
		for (const text of ['one', 'two', 'three']) {
			const sealed = (await sender?.seal(AAD, utf8(text))) ?? NONE;
			expect(Uint8Array.from(await recipient.Open(sealed, AAD))).toEqual(utf8(text));
		}
	});
});

describe('the nonce', () => {
	it('is the base nonce XOR the sequence number', () => {
		const base = new Uint8Array(12).fill(0xff);
		expect(nonceAt(base, 0)).toEqual(base);
		expect(nonceAt(base, 1).at(-1)).toBe(0xfe);
		expect(nonceAt(new Uint8Array(12), 2 ** 40).at(-6)).toBe(1);
	});
});
