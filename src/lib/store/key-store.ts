/** `KeyStore`: the device's Ed25519 key, which no script can read where WebCrypto can hold it. */

import { Secret } from '../crypto/secret.ts';
import { systemRandom } from '../crypto/random.ts';
import { cryptoKeyToSigner } from '../crypto/signer.ts';
import { SIZES, type Bytes, type Signer, type Suite } from '../crypto/suite.ts';
import { utf8 } from '../wire/bytes.ts';
import type { KeyStore } from '../post/ports.ts';
import type { Database } from './database.ts';
import { keepOnce } from './keys.ts';
import type { Vault } from './vault.ts';

/** No table has the code 0: a sealed seed is never taken for a row. */
const DEVICE_PLACE = Uint8Array.of(0, ...utf8('device'));

type DeviceKeys =
	| { readonly private: CryptoKey; readonly public: Bytes }
	/** Where WebCrypto has no Ed25519 (WebKit before 17): the seed, sealed in the vault. */
	| { readonly sealedSeed: Bytes };

export interface KeyStoreParts {
	readonly database: Database;
	readonly vault: () => Promise<Vault>;
	/** Signs with the sealed seed where there is one. */
	readonly suite: () => Promise<Pick<Suite, 'signer'>>;
}

export function createKeyStore({ database, vault, suite }: KeyStoreParts): KeyStore {
	let signer: Promise<Signer> | null = null;
	const open = async (): Promise<Signer> => {
		const keys = await keepOnce(database, 'device', isDeviceKeys, async () => {
			return (await makeCryptoKey()) ?? makeSealedSeed(await vault());
		});
		if ('private' in keys) return cryptoKeyToSigner(crypto.subtle, keys.private, keys.public);
		const seed = new Secret(await (await vault()).open(DEVICE_PLACE, keys.sealedSeed));
		return (await suite()).signer(seed);
	};
	return {
		deviceSigner() {
			signer ??= open().catch((error: unknown) => {
				signer = null; // storage may be there again: the next caller tries anew
				throw error;
			});
			return signer;
		}
	};
}

/** `null` where this WebCrypto has no Ed25519. */
async function makeCryptoKey(): Promise<DeviceKeys | null> {
	try {
		const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
		if (!('privateKey' in pair)) return null;
		const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
		return { private: pair.privateKey, public: new Uint8Array(raw) };
	} catch (error) {
		if (error instanceof Error && error.name === 'NotSupportedError') return null;
		throw error;
	}
}

async function makeSealedSeed(vault: Vault): Promise<DeviceKeys> {
	return { sealedSeed: await vault.seal(DEVICE_PLACE, systemRandom(SIZES.seed)) };
}

function isDeviceKeys(value: unknown): value is DeviceKeys {
	if (value === null || typeof value !== 'object') return false;
	if ('sealedSeed' in value) return value.sealedSeed instanceof Uint8Array;
	if (!('private' in value) || !('public' in value)) return false;
	return value.private instanceof CryptoKey && value.public instanceof Uint8Array;
}
