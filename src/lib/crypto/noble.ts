/** The suite in JavaScript alone: where WebCrypto is missing, and where a run must be replayed. */

import { gcm } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { requireSize } from './bytes.ts';
import { composeSuite, type Primitives } from './compose.ts';
import { nobleMlKem } from './mlkem.ts';
import { Secret } from './secret.ts';
import { SIZES, type Suite } from './suite.ts';
import { nobleVerifier } from './verify.ts';

const primitives: Primitives = {
	...nobleVerifier,
	hmac: async (key, data) => hmac(sha256, key.reveal(), data),
	hkdf: async (ikm, info, length, salt) =>
		new Secret(hkdf(sha256, ikm.reveal(), salt, info, length)),

	async sealAead(key, nonce, aad, plaintext) {
		return Uint8Array.from(cipher(key, nonce, aad).encrypt(plaintext));
	},
	async openAead(key, nonce, aad, ciphertext) {
		const opener = cipher(key, nonce, aad);
		if (ciphertext.length < SIZES.tag) return null;
		try {
			return Uint8Array.from(opener.decrypt(ciphertext));
		} catch {
			return null; // noble throws on a wrong tag; lengths were checked before
		}
	},

	async signer(seed) {
		requireSize('an Ed25519 seed', seed.length, SIZES.seed);
		return {
			publicKey: Uint8Array.from(ed25519.getPublicKey(seed.reveal())),
			sign: async (message) => Uint8Array.from(ed25519.sign(message, seed.reveal()))
		};
	},
	async agreement(seed) {
		requireSize('an X25519 seed', seed.length, SIZES.seed);
		return {
			publicKey: Uint8Array.from(x25519.getPublicKey(seed.reveal())),
			async agree(peerPublic) {
				if (peerPublic.length !== SIZES.key) return null;
				try {
					return new Secret(Uint8Array.from(x25519.getSharedSecret(seed.reveal(), peerPublic)));
				} catch {
					return null; // noble throws on points of low order; lengths were checked before
				}
			}
		};
	}
};

function cipher(key: Secret, nonce: Uint8Array, aad: Uint8Array) {
	requireSize('an AES-256 key', key.length, SIZES.key);
	requireSize('a nonce', nonce.length, SIZES.nonce);
	return gcm(key.reveal(), nonce, aad);
}

export const nobleSuite: Suite = composeSuite(primitives, nobleMlKem);
