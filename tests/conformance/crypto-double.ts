/**
 * A suite for the simulator: the sizes and the behaviour of the real ones at a small part of the
 * cost, and NO SECURITY AT ALL. Whoever knows a public key can sign and decapsulate here, so a
 * simulated mallory must not use that.
 */

import { concat, equal, utf8 } from '../../src/lib/wire/bytes.ts';
import type { Primitives } from '../../src/lib/crypto/compose.ts';
import { requireSize } from '../../src/lib/crypto/bytes.ts';
import { createHpke } from '../../src/lib/crypto/hpke.ts';
import { Secret, equalConstantTime } from '../../src/lib/crypto/secret.ts';
import { nobleVerifier } from '../../src/lib/crypto/verify.ts';
import { SIZES, type Bytes, type Suite } from '../../src/lib/crypto/suite.ts';

const NONE = new Uint8Array(0);

const primitives: Primitives = {
	name: 'double',
	sha256: async (bytes) => mix('hash', SIZES.hash, bytes),
	hashBlock: async (bytes) => nobleVerifier.hashBlock(bytes),
	verify: async (publicKey, message, signature) =>
		publicKey.length === SIZES.key &&
		signature.length === SIZES.signature &&
		equal(signature, mix('sign', SIZES.signature, publicKey, message)),

	hmac: async (key, data) => mix('hmac', SIZES.hash, unpadded(key.reveal()), data),
	hkdf: async (ikm, info, length, salt = NONE) =>
		new Secret(mix('hkdf', length, unpadded(salt), ikm.reveal(), info)),

	async sealAead(key, nonce, aad, plaintext) {
		requireAead(key, nonce);
		const hidden = xorStream(key, nonce, plaintext);
		return concat(hidden, mix('tag', SIZES.tag, key.reveal(), nonce, aad, hidden));
	},
	async openAead(key, nonce, aad, ciphertext) {
		requireAead(key, nonce);
		if (ciphertext.length < SIZES.tag) return null;
		const hidden = ciphertext.subarray(0, ciphertext.length - SIZES.tag);
		const tag = mix('tag', SIZES.tag, key.reveal(), nonce, aad, hidden);
		const isWhole = equalConstantTime(tag, ciphertext.subarray(hidden.length));
		return isWhole ? xorStream(key, nonce, hidden) : null;
	},

	async signer(seed) {
		requireSize('a seed', seed.length, SIZES.seed);
		const publicKey = mix('ed25519', SIZES.key, seed.reveal());
		return {
			publicKey,
			sign: async (message) => mix('sign', SIZES.signature, publicKey, message)
		};
	},
	async agreement(seed) {
		requireSize('a seed', seed.length, SIZES.seed);
		const own = mix('x25519', SIZES.key, seed.reveal());
		return {
			publicKey: own,
			async agree(peer) {
				if (peer.length !== SIZES.key || isTiny(peer)) return null;
				const [low, high] = isBefore(own, peer) ? [own, peer] : [peer, own];
				return new Secret(mix('agree', SIZES.key, low, high));
			}
		};
	}
};

const xwing: Pick<Suite, 'kem' | 'encapsulate'> = {
	async kem(seed) {
		requireSize('a seed', seed.length, SIZES.seed);
		const body = mix('kem', SIZES.kemPublic - SIZES.tag, seed.reveal());
		const publicKey = concat(body, mix('kem-check', SIZES.tag, body));
		return {
			publicKey,
			decapsulate: async (enc) =>
				enc.length === SIZES.enc && !isTiny(enc.subarray(-SIZES.key))
					? new Secret(mix('shared', SIZES.key, publicKey, enc))
					: null
		};
	},
	async encapsulate(publicKey, random) {
		if (publicKey.length !== SIZES.kemPublic) return null;
		const coins = random(2 * SIZES.seed);
		const body = publicKey.subarray(0, SIZES.kemPublic - SIZES.tag);
		if (!equal(mix('kem-check', SIZES.tag, body), publicKey.subarray(body.length))) return null;
		const enc = mix('enc', SIZES.enc, coins);
		return { enc, shared: new Secret(mix('shared', SIZES.key, publicKey, enc)) };
	}
};

export const doubleSuite: Suite = {
	...primitives,
	...xwing,
	...createHpke({ ...primitives, ...xwing })
};

function requireAead(key: Secret, nonce: Uint8Array): void {
	requireSize('an AES-256 key', key.length, SIZES.key);
	requireSize('a nonce', nonce.length, SIZES.nonce);
}

/** HMAC pads its key with zeros, so keys that differ only in trailing zeros are one key. */
function unpadded(key: Uint8Array): Uint8Array {
	let end = key.length;
	while (end > 0 && key[end - 1] === 0) end--;
	return key.subarray(0, end);
}

/** Stands for "of low order": the points 0 and 1. */
function isTiny(point: Uint8Array): boolean {
	return (point[0] ?? 0) <= 1 && point.subarray(1).every((byte) => byte === 0);
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
	const i = a.findIndex((byte, at) => byte !== b[at]);
	return (a[i] ?? 0) < (b[i] ?? 0);
}

function xorStream(key: Secret, nonce: Uint8Array, text: Uint8Array): Bytes {
	const stream = mix('stream', text.length, key.reveal(), nonce);
	for (let i = 0; i < text.length; i++) stream[i] = (stream[i] ?? 0) ^ (text[i] ?? 0);
	return stream;
}

/** Four 32-bit lanes in the manner of MurmurHash3, then a counter mode of its finaliser. */
function mix(purpose: string, size: number, ...parts: readonly Uint8Array[]): Bytes {
	const lanes = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef]);
	for (const part of [utf8(purpose), ...parts]) {
		absorb(lanes, part);
		// Lengths go in, so that no two lists of parts run into the same bytes.
		lanes[0] = finalise((lanes[0] ?? 0) ^ part.length);
	}
	return squeeze(lanes, size);
}

function absorb(lanes: Uint32Array, part: Uint8Array): void {
	let [a = 0, b = 0, c = 0, d = 0] = lanes;
	for (let i = 0; i < part.length; i += 4) {
		const word =
			(part[i] ?? 0) |
			((part[i + 1] ?? 0) << 8) |
			((part[i + 2] ?? 0) << 16) |
			((part[i + 3] ?? 0) << 24);
		const mixed = Math.imul(word ^ (word >>> 15), 0x85ebca6b);
		const before = a;
		a = (Math.imul(b ^ mixed, 0xcc9e2d51) + (before >>> 13)) | 0;
		b = Math.imul(c + word, 0x1b873593) ^ (b >>> 11);
		const third = c;
		c = (Math.imul(d ^ before, 0xc2b2ae35) + (mixed >>> 7)) | 0;
		d = Math.imul(before + mixed, 0x27d4eb2f) ^ third;
	}
	lanes.set([a, b, c, d]);
}

function squeeze(lanes: Uint32Array, size: number): Bytes {
	let [a = 0, b = 0, c = 0, d = 0] = lanes;
	for (let round = 0; round < 4; round++) {
		a = finalise(a + d);
		b = finalise(b ^ a);
		c = finalise(c + b);
		d = finalise(d ^ c);
	}
	const words = new Uint32Array(Math.ceil(size / 4));
	for (let i = 0; i < words.length; i++) {
		a = (a + 0x9e3779b9) | 0;
		words[i] = finalise(a ^ finalise(b + i) ^ c) + d;
	}
	return new Uint8Array(words.buffer, 0, size);
}

function finalise(word: number): number {
	const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
	const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
	return second ^ (second >>> 16);
}
