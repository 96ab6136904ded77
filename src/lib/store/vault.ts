/**
 * Everything private in this browser's storage, sealed at rest under keys that no script can read.
 *
 * sealed row, format 1
 *   1  format, 0x01
 *  12  nonce, random
 *   n  AES-256-GCM ciphertext ‖ 16-byte tag; associated data: format ‖ place
 *
 * A place is the row's storage key: table code ‖ blinded parts. A row moved to another place does
 * not open. Blinded part: first 16 bytes of HMAC-SHA-256(k, "defms/1/vault" ‖ 0x00 ‖ [table, index,
 * part]), so that equal parts of different tables look different; k = HMAC-SHA-256(kept key,
 * "defms/1/vault" ‖ 0x00 ‖ []). It is the one key that stands in memory, where the parts stand too:
 * WebCrypto's way to another thread and back costs more than the whole HMAC.
 *
 * Random nonces are safe for 2³² rows under one key (NIST SP 800-38D §8.3): 136 a second for a year.
 */

import { systemRandom } from '../crypto/random.ts';
import { Secret } from '../crypto/secret.ts';
import { toBytes } from '../crypto/bytes.ts';
import { createHmac } from '../crypto/sha.ts';
import { findSubtle } from '../crypto/subtle.ts';
import { SIZES, type Bytes } from '../crypto/suite.ts';
import { concat } from '../wire/bytes.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { CannotKeep, NewerData, type Database } from './database.ts';
import { keepOnce } from './keys.ts';

const BLINDED_BYTES = 16;
const FORMAT = 1;
/** Blinded parts in memory: the ids of a few screens and sync batches. */
const REMEMBERED_PARTS = 4096;

export interface Vault {
	/** 16 bytes, the same for the same part in all tabs of this profile. */
	blind(table: number, index: number, part: string): Promise<Bytes>;
	seal(place: Uint8Array, plaintext: Uint8Array): Promise<Bytes>;
	/** Throws `DamagedRow` where the row was not sealed here for this place, `NewerData` too. */
	open(place: Uint8Array, sealed: Uint8Array): Promise<Bytes>;
}

/** A stored row does not open: the profile was damaged or its files were changed. */
export class DamagedRow extends Error {
	override readonly name = 'DamagedRow';
}

interface VaultKeys {
	readonly seal: CryptoKey;
	readonly blind: CryptoKey;
}

/** Makes the keys on first use. Throws `CannotKeep` where the browser has no WebCrypto. */
export async function openVault(database: Database): Promise<Vault> {
	const subtle = findSubtle();
	if (subtle === null) throw new CannotKeep('no WebCrypto here');
	const keys = await keepOnce(database, 'vault', isVaultKeys, () => makeKeys(subtle));
	const mac = createHmac(new Secret(await sign(subtle, keys.blind, labelled(LABELS.vault))));
	return {
		blind: remember(async (message) => mac(message).slice(0, BLINDED_BYTES)),
		async seal(place, plaintext) {
			const nonce = systemRandom(SIZES.nonce);
			const sealed = await subtle.encrypt(gcm(nonce, place), keys.seal, toBytes(plaintext));
			return concat(Uint8Array.of(FORMAT), nonce, new Uint8Array(sealed));
		},
		async open(place, sealed) {
			if ((sealed[0] ?? 0) > FORMAT) throw new NewerData('a row of a newer format');
			const nonce = sealed.slice(1, 1 + SIZES.nonce);
			const ciphertext = sealed.slice(1 + SIZES.nonce);
			try {
				return new Uint8Array(await subtle.decrypt(gcm(nonce, place), keys.seal, ciphertext));
			} catch (error) {
				throw new DamagedRow('a stored row does not open', { cause: error });
			}
		}
	};
}

async function makeKeys(subtle: SubtleCrypto): Promise<VaultKeys> {
	const [seal, blind] = await Promise.all([
		subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
		subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
	]);
	return { seal, blind };
}

function isVaultKeys(value: unknown): value is VaultKeys {
	if (value === null || typeof value !== 'object') return false;
	if (!('seal' in value) || !('blind' in value)) return false;
	return value.seal instanceof CryptoKey && value.blind instanceof CryptoKey;
}

function gcm(nonce: Bytes, place: Uint8Array): AesGcmParams {
	const additionalData = concat(Uint8Array.of(FORMAT), place);
	return { name: 'AES-GCM', iv: nonce, additionalData, tagLength: 8 * SIZES.tag };
}

async function sign(subtle: SubtleCrypto, key: CryptoKey, message: Bytes): Promise<Bytes> {
	return new Uint8Array(await subtle.sign('HMAC', key, message));
}

/** The same ids come again and again: a thread's with each of its entries. */
function remember(mac: (message: Bytes) => Promise<Bytes>): Vault['blind'] {
	const blinded = new Map<string, Promise<Bytes>>();
	return (table, index, part) => {
		const name = `${table}/${index}/${part}`;
		const known = blinded.get(name);
		if (known !== undefined) return known;
		if (blinded.size === REMEMBERED_PARTS) blinded.clear();
		const fresh = mac(labelled(LABELS.vault, table, index, part));
		blinded.set(name, fresh);
		return fresh;
	};
}
