/**
 * HPKE (RFC 9180), base mode, over any KEM of ours, with HKDF-SHA-256 and AES-256-GCM.
 *
 * Written out, because the `hpke` package draws its own randomness, and the simulator must replay
 * ours; what remains of the RFC is this file. Its tests run the RFC's vectors and exchange messages
 * with that package.
 */

import { concat, utf8 } from '../wire/bytes.ts';
import { Secret } from './secret.ts';
import { SIZES, type Bytes, type HpkeSender, type Suite } from './suite.ts';

/** Identifiers of RFC 9180 §7 and of IANA's registry. */
const KDF_HKDF_SHA256 = 0x0001;
const AEAD_AES_256_GCM = 0x0002;
const KEM_XWING = 0x647a;

const MODE_BASE = 0x00;
const NONE = new Uint8Array(0);
/** HMAC pads keys with zeros, so this key is the empty one, which some platforms refuse. */
const EMPTY_SALT = new Secret(new Uint8Array(SIZES.hash));

type Parts = Pick<Suite, 'hmac' | 'sealAead' | 'openAead' | 'encapsulate'>;
type Hpke = Pick<Suite, 'setupSender' | 'openHpke'>;

export function createHpke({ hmac, sealAead, openAead, encapsulate }: Parts): Hpke {
	return {
		async setupSender(publicKey, info, random): Promise<HpkeSender | null> {
			const sent = await encapsulate(publicKey, random);
			if (sent === null) return null;
			const { key, baseNonce } = await keySchedule(hmac, sent.shared, info);
			let sequence = 0;
			return {
				enc: sent.enc,
				seal: (aad, plaintext) => sealAead(key, nonceAt(baseNonce, sequence++), aad, plaintext)
			};
		},
		async openHpke(kemKey, enc, info, aad, ciphertext) {
			const shared = await kemKey.decapsulate(enc);
			if (shared === null) return null;
			const { key, baseNonce } = await keySchedule(hmac, shared, info);
			return openAead(key, nonceAt(baseNonce, 0), aad, ciphertext);
		}
	};
}

export interface HpkeContext {
	readonly key: Secret;
	readonly baseNonce: Bytes;
}

/** RFC 9180 §5.1, mode base: no PSK. Each output fits one block of HKDF-Expand. */
export async function keySchedule(
	hmac: Suite['hmac'],
	shared: Secret,
	info: Uint8Array,
	kemId = KEM_XWING
): Promise<HpkeContext> {
	const suiteId = concat(
		utf8('HPKE'),
		...[kemId, KDF_HKDF_SHA256, AEAD_AES_256_GCM].map((id) => toTwoBytes(id))
	);
	const extract = (salt: Secret, label: string, ikm: Uint8Array) =>
		hmac(salt, concat(utf8('HPKE-v1'), suiteId, utf8(label), ikm));
	const expand = async (prk: Secret, label: string, context: Uint8Array, length: number) => {
		const labelledInfo = [toTwoBytes(length), utf8('HPKE-v1'), suiteId, utf8(label), context];
		return (await hmac(prk, concat(...labelledInfo, Uint8Array.of(1)))).slice(0, length);
	};
	const [pskIdHash, infoHash, secretBytes] = await Promise.all([
		extract(EMPTY_SALT, 'psk_id_hash', NONE),
		extract(EMPTY_SALT, 'info_hash', info),
		extract(shared, 'secret', NONE)
	]);
	const context = concat(Uint8Array.of(MODE_BASE), pskIdHash, infoHash);
	const secret = new Secret(secretBytes);
	const [key, baseNonce] = await Promise.all([
		expand(secret, 'key', context, SIZES.key),
		expand(secret, 'base_nonce', context, SIZES.nonce)
	]);
	return { key: new Secret(key), baseNonce };
}

/** RFC 9180 §5.2: base nonce XOR sequence number, big-endian. */
export function nonceAt(baseNonce: Uint8Array, sequence: number): Bytes {
	const nonce = Uint8Array.from(baseNonce);
	const view = new DataView(nonce.buffer);
	const low = SIZES.nonce - 8;
	view.setBigUint64(low, view.getBigUint64(low) ^ BigInt(sequence));
	return nonce;
}

function toTwoBytes(value: number): Bytes {
	return Uint8Array.of(value >> 8, value & 0xff);
}
