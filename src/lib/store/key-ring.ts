/**
 * `KeyRing` on a file that is overwritten in place (`ring-file.ts`).
 *
 * ring key  16 ring's name ‖ 4 place, big-endian ‖ 8 check
 * check     first 8 bytes of SHA-256("defms/1/vault" ‖ 0x00 ‖ ["ring", secret]): a place whose secret
 *           was destroyed, and another put there, is not taken for the first
 * sealed    12 nonce, random ‖ AES-256-GCM under the secret; associated data: the ring key
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { systemRandom } from '../crypto/random.ts';
import { SIZES, type Bytes } from '../crypto/suite.ts';
import { findSubtle } from '../crypto/subtle.ts';
import { RingAway, type KeyRing, type RingKey } from '../post/ports.ts';
import { concat, equal, fromHex, toHex } from '../wire/bytes.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { PLACE_BYTES, type RingFile, type RingImage } from './ring-file.ts';

const NAME_BYTES = 16;
const CHECK_BYTES = 8;
const CHECK_AT = NAME_BYTES + 4;
const KEY_BYTES = CHECK_AT + CHECK_BYTES;

/** @param openFile called at first use; `null`: this browser has no such files */
export function createKeyRing(openFile: () => RingFile | null): KeyRing {
	let opened: { readonly file: RingFile | null } | null = null;
	/** What was read last; tabs write it, too, so a key that is not in it is looked for again. */
	let image: RingImage | null = null;
	const fileOf = () => (opened ??= { file: openFile() }).file;

	async function secretOf(key: RingKey): Promise<Bytes | null> {
		const known = image && secretIn(image, key);
		if (known !== null) return known;
		const file = fileOf();
		if (file === null) throw new RingAway('this browser gives no files');
		image = await file.read();
		return image && secretIn(image, key);
	}

	return {
		erases: async () => (await fileOf()?.canWrite()) ?? false,
		async claim(count) {
			const file = fileOf();
			if (count === 0 || file === null || findSubtle() === null) return null;
			const claimed = await file.claim(count);
			if (claimed === null) return null;
			image = claimed.image;
			return claimed.places.map((place) => toRingKey(claimed.image, place));
		},
		async seal(key, plaintext) {
			const secret = (await secretOf(key)) ?? systemRandom(PLACE_BYTES);
			const nonce = systemRandom(SIZES.nonce);
			const data = Uint8Array.from(plaintext);
			const sealed = await requireSubtle().encrypt(gcm(nonce, key), await load(secret), data);
			return concat(nonce, new Uint8Array(sealed));
		},
		async open(key, sealed) {
			const secret = await secretOf(key);
			if (secret === null) return null;
			const nonce = Uint8Array.from(sealed.subarray(0, SIZES.nonce));
			const data = Uint8Array.from(sealed.subarray(SIZES.nonce));
			try {
				const opened = await requireSubtle().decrypt(gcm(nonce, key), await load(secret), data);
				return new Uint8Array(opened);
			} catch {
				return null; // sealed under a key that was already destroyed
			}
		},
		async destroy(keys) {
			const file = fileOf();
			if (keys.length === 0 || file === null) return true;
			image = null; // this page forgets them, too
			return file.wipe((now) => keys.filter((key) => secretIn(now, key) !== null).map(placeOf));
		}
	};
}

function requireSubtle(): SubtleCrypto {
	const subtle = findSubtle();
	if (subtle === null) throw new RingAway('no WebCrypto here');
	return subtle;
}

function load(secret: Bytes): Promise<CryptoKey> {
	return requireSubtle().importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function gcm(nonce: Bytes, key: RingKey): AesGcmParams {
	const additionalData = Uint8Array.from(key);
	return { name: 'AES-GCM', iv: nonce, additionalData, tagLength: 8 * SIZES.tag };
}

function toRingKey(image: RingImage, place: number): RingKey {
	const secret = image.secretAt(place);
	if (secret === null) throw new Error('a claimed place has a secret');
	const at = new Uint8Array(4);
	new DataView(at.buffer).setUint32(0, place);
	return concat(fromHex(image.name) ?? new Uint8Array(NAME_BYTES), at, checkOf(secret));
}

function checkOf(secret: Uint8Array): Uint8Array {
	return sha256(labelled(LABELS.vault, 'ring', secret)).slice(0, CHECK_BYTES);
}

function secretIn(image: RingImage, key: RingKey): Bytes | null {
	if (key.length !== KEY_BYTES || image.name !== toHex(key.subarray(0, NAME_BYTES))) return null;
	const secret = image.secretAt(placeOf(key));
	return secret !== null && equal(checkOf(secret), key.subarray(CHECK_AT)) ? secret : null;
}

function placeOf(key: RingKey): number {
	return new DataView(key.buffer, key.byteOffset).getUint32(NAME_BYTES);
}
