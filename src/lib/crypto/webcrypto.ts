/** The suite on SubtleCrypto, 8 to 80 times faster than JavaScript (protocol §3). */

import { concat, fromBase64url, fromHex } from '../wire/bytes.ts';
import { requireSize, toBytes } from './bytes.ts';
import { composeSuite, type Primitives } from './compose.ts';
import { createWebMlKem, nobleMlKem } from './mlkem.ts';
import { Secret } from './secret.ts';
import { cryptoKeyToSigner } from './signer.ts';
import { SIZES, type Agreement, type Bytes, type Signer, type Suite } from './suite.ts';
import { createWebVerifier } from './verify.ts';

const BITS = 8;
/** PKCS #8 heads before a 32-byte seed (RFC 8410 §7): WebCrypto takes private keys in no rawer form. */
const PKCS8_ED25519 = '302e020100300506032b657004220420';
const PKCS8_X25519 = '302e020100300506032b656e04220420';
/** u = 9 (RFC 7748 §4.1): agreeing with it gives the public key. */
const X25519_BASE = Uint8Array.from({ length: SIZES.key }, (_, i) => (i === 0 ? 9 : 0));

/** ML-KEM-768 comes from noble where this platform lacks it. Throws where Ed25519 or X25519 fail. */
export async function createWebSuite(subtle: SubtleCrypto): Promise<Suite> {
	const mlKem = (await createWebMlKem(subtle)) ?? nobleMlKem;
	const verifier = createWebVerifier(subtle);
	return composeSuite(
		{
			...verifier,
			...createSymmetric(subtle),
			signer: (seed) => importSigner(subtle, seed),
			agreement: (seed) => importAgreement(subtle, seed)
		},
		mlKem
	);
}

type Symmetric = Pick<Primitives, 'hmac' | 'hkdf' | 'sealAead' | 'openAead'>;

export function createSymmetric(subtle: SubtleCrypto): Symmetric {
	const importHmac = rememberKeys((key) =>
		subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
	);
	const importAes = rememberKeys((key) => {
		requireSize('an AES-256 key', key.length, SIZES.key);
		return subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
	});
	const importHkdf = rememberKeys((key) =>
		subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
	);
	return {
		async hmac(key, data) {
			return new Uint8Array(await subtle.sign('HMAC', await importHmac(key), toBytes(data)));
		},
		async hkdf(ikm, info, length, salt = new Uint8Array(0)) {
			const key = await importHkdf(ikm);
			const parameters = {
				name: 'HKDF',
				hash: 'SHA-256',
				salt: toBytes(salt),
				info: toBytes(info)
			};
			return new Secret(new Uint8Array(await subtle.deriveBits(parameters, key, length * BITS)));
		},
		async sealAead(key, nonce, aad, plaintext) {
			const aes = await importAes(key);
			return new Uint8Array(await subtle.encrypt(gcm(nonce, aad), aes, toBytes(plaintext)));
		},
		async openAead(key, nonce, aad, ciphertext) {
			const aes = await importAes(key);
			const parameters = gcm(nonce, aad);
			if (ciphertext.length < SIZES.tag) return null;
			try {
				return new Uint8Array(await subtle.decrypt(parameters, aes, toBytes(ciphertext)));
			} catch {
				return null; // OperationError: a wrong tag; key and lengths were checked before
			}
		}
	};
}

/** An import costs as much as sealing a small message; keys are used many times. */
function rememberKeys(importKey: (key: Bytes) => Promise<CryptoKey>) {
	const imported = new WeakMap<Secret, Promise<CryptoKey>>();
	return async (secret: Secret): Promise<CryptoKey> => {
		const known = imported.get(secret);
		if (known !== undefined) return known;
		const key = importKey(secret.reveal());
		imported.set(secret, key);
		// What failed once, for want of memory say, may not fail again.
		key.catch(() => imported.delete(secret));
		return key;
	};
}

function gcm(nonce: Uint8Array, aad: Uint8Array): AesGcmParams {
	requireSize('a nonce', nonce.length, SIZES.nonce);
	return {
		name: 'AES-GCM',
		iv: toBytes(nonce),
		additionalData: toBytes(aad),
		tagLength: SIZES.tag * BITS
	};
}

async function importSigner(subtle: SubtleCrypto, seed: Secret): Promise<Signer> {
	const pkcs8 = toPkcs8(PKCS8_ED25519, seed);
	const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
	// Its public half is shown only by an extractable key, which is forgotten at once.
	const extractable = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
	const { x = '' } = await subtle.exportKey('jwk', extractable);
	return cryptoKeyToSigner(subtle, key, fromBase64url(x) ?? new Uint8Array(0));
}

async function importAgreement(subtle: SubtleCrypto, seed: Secret): Promise<Agreement> {
	const pkcs8 = toPkcs8(PKCS8_X25519, seed);
	const key = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
	const publicKey = await derive(subtle, key, X25519_BASE);
	return {
		publicKey,
		async agree(peerPublic) {
			if (peerPublic.length !== SIZES.key) return null;
			try {
				const shared = await derive(subtle, key, peerPublic);
				// RFC 7748 §6.1: the platform should have thrown, but not every one did from the start.
				return shared.every((byte) => byte === 0) ? null : new Secret(shared);
			} catch {
				return null; // OperationError: a point of low order; lengths were checked before
			}
		}
	};
}

async function derive(subtle: SubtleCrypto, key: CryptoKey, peerPublic: Uint8Array) {
	const peer = await subtle.importKey('raw', toBytes(peerPublic), 'X25519', false, []);
	const parameters = { name: 'X25519', public: peer };
	return new Uint8Array(await subtle.deriveBits(parameters, key, SIZES.key * BITS));
}

function toPkcs8(head: string, seed: Secret): Bytes {
	requireSize('a seed', seed.length, SIZES.seed);
	return concat(fromHex(head) ?? new Uint8Array(0), seed.reveal());
}
