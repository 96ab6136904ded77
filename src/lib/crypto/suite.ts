/**
 * The one door to cryptography. Domain code takes a `Suite` as a parameter and never learns whether
 * WebCrypto, noble or the simulator's double stands behind it.
 *
 * `null` means "does not open" or "not a usable key": a stranger can cause it. A throw means that
 * the caller gave a wrong length: a bug.
 */

import type { Random } from './random.ts';
import type { Secret } from './secret.ts';

/** What a suite hands out: owned by the receiver, backed by an ordinary ArrayBuffer. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const SIZES = {
	/** Seeds of Ed25519, X25519 and X-Wing; AES-256 keys; shared secrets. */
	seed: 32,
	key: 32,
	signature: 64,
	hash: 32,
	nonce: 12,
	tag: 16,
	/** X-Wing (draft-connolly-cfrg-xwing-kem §5.1): ML-KEM-768 part, then X25519 part. */
	kemPublic: 1184 + 32,
	enc: 1088 + 32
} as const;

/** What a relay may do: it verifies and hashes, and opens nothing. */
export interface Verifier {
	readonly name: string;
	/** 32 bytes. */
	sha256(bytes: Uint8Array): Promise<Bytes>;
	/** What CIDs are made of: SHA-256 in every suite, also where `sha256` is a double's. */
	hashBlock(bytes: Uint8Array): Promise<Bytes>;
	/**
	 * Ed25519 (RFC 8032 §5.1.7) in the one strict reading that every suite shares, so that no two
	 * replicas differ: canonical key, not of low order, S < L, equation without cofactor.
	 * `false` for any input, wrong lengths included.
	 */
	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface Suite extends Verifier {
	/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
	hmac(key: Secret, data: Uint8Array): Promise<Bytes>;
	/** HKDF-SHA-256 (RFC 5869), extract and expand; the salt is empty unless given. */
	hkdf(ikm: Secret, info: Uint8Array, length: number, salt?: Uint8Array): Promise<Secret>;
	/** AES-256-GCM: ciphertext ‖ 16-byte tag. Never twice with the same key and nonce. */
	sealAead(key: Secret, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Bytes>;
	openAead(
		key: Secret,
		nonce: Uint8Array,
		aad: Uint8Array,
		ciphertext: Uint8Array
	): Promise<Bytes | null>;
	/** Ed25519 from its 32-byte seed (RFC 8032 §5.1.5). */
	signer(seed: Secret): Promise<Signer>;
	/** X25519 from its 32-byte scalar (RFC 7748 §5). */
	agreement(seed: Secret): Promise<Agreement>;
	/** X-Wing from its 32-byte seed. */
	kem(seed: Secret): Promise<KemKey>;
	/**
	 * X-Wing encapsulation. Draws 64 bytes (draft §5.4.1), of which WebCrypto can use only the
	 * X25519 half: it is reproducible on noble and the double alone.
	 * `null` where the key is none.
	 */
	encapsulate(publicKey: Uint8Array, random: Random): Promise<Encapsulation | null>;
	/**
	 * HPKE (RFC 9180) SetupBaseS with KEM 0x647a, KDF 0x0001, AEAD 0x0002: gives `enc` before
	 * anything is sealed. `null` where the key is none.
	 */
	setupSender(publicKey: Uint8Array, info: Uint8Array, random: Random): Promise<HpkeSender | null>;
	/** Opens the first message of an HPKE context. */
	openHpke(
		key: KemKey,
		enc: Uint8Array,
		info: Uint8Array,
		aad: Uint8Array,
		ciphertext: Uint8Array
	): Promise<Bytes | null>;
}

export interface Signer {
	/** 32 bytes. */
	readonly publicKey: Bytes;
	/** 64 bytes; deterministic. */
	sign(message: Uint8Array): Promise<Bytes>;
}

export interface Agreement {
	/** 32 bytes. */
	readonly publicKey: Bytes;
	/** 32 bytes; `null` where the result is all zero, that is, the peer's point of low order. */
	agree(peerPublic: Uint8Array): Promise<Secret | null>;
}

export interface KemKey {
	/** 1,216 bytes. */
	readonly publicKey: Bytes;
	/** 32 bytes; `null` where `enc` has another length or its X25519 point is of low order. */
	decapsulate(enc: Uint8Array): Promise<Secret | null>;
}

export interface Encapsulation {
	/** 1,120 bytes. */
	readonly enc: Bytes;
	/** 32 bytes. */
	readonly shared: Secret;
}

export interface HpkeSender {
	readonly enc: Bytes;
	/** Ciphertext ‖ tag; each call is the next message of the context (RFC 9180 §5.2). */
	seal(aad: Uint8Array, plaintext: Uint8Array): Promise<Bytes>;
}
