/** ML-KEM-768 (FIPS 203), the half of X-Wing that only some browsers have. */

import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { toBytes } from './bytes.ts';
import { Secret } from './secret.ts';
import type { Bytes } from './suite.ts';

export const ML_KEM_SIZES = { seed: 64, publicKey: 1184, ciphertext: 1088 } as const;

export interface MlKem {
	/** @param seed 64 bytes, d ‖ z (FIPS 203 §7.1). */
	key(seed: Secret): Promise<MlKemKey>;
	/**
	 * @param coins 32 bytes; WebCrypto draws its own and ignores them.
	 * `null` where the key fails the length or modulus check (FIPS 203 §7.2).
	 */
	encapsulate(publicKey: Uint8Array, coins: Secret): Promise<MlKemEncapsulation | null>;
}

export interface MlKemKey {
	readonly publicKey: Bytes;
	/** `null` only for a wrong length: a changed ciphertext gives another secret (§7.3). */
	decapsulate(ciphertext: Uint8Array): Promise<Secret | null>;
}

export interface MlKemEncapsulation {
	readonly ciphertext: Bytes;
	readonly shared: Secret;
}

export const nobleMlKem: MlKem = {
	async key(seed) {
		const { publicKey, secretKey } = ml_kem768.keygen(seed.reveal());
		return {
			publicKey: Uint8Array.from(publicKey),
			async decapsulate(ciphertext) {
				if (ciphertext.length !== ML_KEM_SIZES.ciphertext) return null;
				return new Secret(Uint8Array.from(ml_kem768.decapsulate(ciphertext, secretKey)));
			}
		};
	},
	async encapsulate(publicKey, coins) {
		try {
			const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins.reveal());
			return {
				ciphertext: Uint8Array.from(cipherText),
				shared: new Secret(Uint8Array.from(sharedSecret))
			};
		} catch {
			return null; // noble throws on a key that fails FIPS 203 §7.2; a stranger may have made it
		}
	}
};

const ALGORITHM = 'ML-KEM-768';

/** What https://wicg.github.io/webcrypto-modern-algos/ adds; TypeScript's library lacks it so far. */
interface ModernSubtle {
	importKey(
		format: 'raw-seed' | 'raw-public',
		data: Bytes,
		algorithm: string,
		extractable: boolean,
		usages: readonly string[]
	): Promise<CryptoKey>;
	exportKey(format: 'raw-public', key: CryptoKey): Promise<ArrayBuffer>;
	getPublicKey(key: CryptoKey, usages: readonly string[]): Promise<CryptoKey>;
	encapsulateBits(
		algorithm: string,
		key: CryptoKey
	): Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>;
	decapsulateBits(algorithm: string, key: CryptoKey, ciphertext: Bytes): Promise<ArrayBuffer>;
}

function isModern(subtle: object): subtle is ModernSubtle {
	return 'encapsulateBits' in subtle && 'decapsulateBits' in subtle && 'getPublicKey' in subtle;
}

/** `null` where this platform's WebCrypto has no ML-KEM-768: found by trying a whole exchange. */
export async function createWebMlKem(subtle: SubtleCrypto): Promise<MlKem | null> {
	if (!isModern(subtle)) return null;
	const mlKem = wrapModern(subtle);
	try {
		const key = await mlKem.key(new Secret(new Uint8Array(ML_KEM_SIZES.seed)));
		const sent = await mlKem.encapsulate(key.publicKey, new Secret(new Uint8Array(32)));
		const got = sent && (await key.decapsulate(sent.ciphertext));
		return got?.length === 32 ? mlKem : null;
	} catch {
		return null; // NotSupportedError; noble takes over for this half
	}
}

function wrapModern(subtle: ModernSubtle): MlKem {
	return {
		async key(seed) {
			const key = await subtle.importKey('raw-seed', seed.reveal(), ALGORITHM, false, [
				'decapsulateBits'
			]);
			const publicKey = await subtle.getPublicKey(key, ['encapsulateBits']);
			return {
				publicKey: new Uint8Array(await subtle.exportKey('raw-public', publicKey)),
				async decapsulate(ciphertext) {
					if (ciphertext.length !== ML_KEM_SIZES.ciphertext) return null;
					const shared = await subtle.decapsulateBits(ALGORITHM, key, toBytes(ciphertext));
					return new Secret(new Uint8Array(shared));
				}
			};
		},
		async encapsulate(publicKey) {
			const key = await importPublic(subtle, publicKey);
			if (key === null) return null;
			const { ciphertext, sharedKey } = await subtle.encapsulateBits(ALGORITHM, key);
			return {
				ciphertext: new Uint8Array(ciphertext),
				shared: new Secret(new Uint8Array(sharedKey))
			};
		}
	};
}

async function importPublic(subtle: ModernSubtle, key: Uint8Array): Promise<CryptoKey | null> {
	if (key.length !== ML_KEM_SIZES.publicKey) return null;
	try {
		return await subtle.importKey('raw-public', toBytes(key), ALGORITHM, false, [
			'encapsulateBits'
		]);
	} catch {
		return null; // DataError: the key fails FIPS 203 §7.2; a stranger may have made it
	}
}
