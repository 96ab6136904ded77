/**
 * Verification and hashing alone: what a relay may import. Nothing here opens, seals or signs.
 *
 * Every replica must come to the same verdict on a signature, but libraries differ on keys and
 * nonces with a part of low order (https://hdevalence.ca/blog/2020-10-04-its-25519am). Ours is the
 * reading of BoringSSL and OpenSSL, which stand behind WebCrypto: RFC 8032 §5.1.7 without the
 * cofactor, compared byte for byte; before it, keys that are not canonical or of low order are
 * refused here, since those libraries accept them.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concat, equal, toHex } from '../wire/bytes.ts';
import { toBytes } from './bytes.ts';
import { findSubtle } from './subtle.ts';
import { SIZES, type Verifier } from './suite.ts';

const ED25519 = 'Ed25519';
const { Point } = ed25519;

/** The y-coordinates of all eight points of low order, little-endian; x only adds the sign bit. */
const LOW_ORDER_Y = new Set([
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000000',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'
]);

/** WebCrypto where it knows Ed25519, else noble. */
export async function createVerifier(): Promise<Verifier> {
	const subtle = findSubtle();
	return subtle !== null && (await knowsEd25519(subtle))
		? createWebVerifier(subtle)
		: nobleVerifier;
}

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
	try {
		await importVerifyKey(subtle, Point.BASE.toBytes());
		return true;
	} catch {
		return false; // NotSupportedError; noble takes over
	}
}

export const nobleVerifier: Verifier = {
	name: 'noble',
	sha256: async (bytes) => sha256(bytes),
	hashBlock: async (bytes) => sha256(bytes),
	async verify(publicKey, message, signature) {
		return isStrict(publicKey, signature) && satisfiesEquation(publicKey, message, signature);
	}
};

/** Keys in memory: those of a few threads' writers come again with every entry. */
const MAX_KEYS = 256;

export function createWebVerifier(subtle: SubtleCrypto): Verifier {
	const imported = new Map<string, Promise<CryptoKey>>();
	const importOnce = (publicKey: Uint8Array): Promise<CryptoKey> => {
		const name = toHex(publicKey);
		const known = imported.get(name) ?? importVerifyKey(subtle, publicKey);
		if (imported.size >= MAX_KEYS) imported.clear();
		imported.set(name, known);
		// What failed once, for want of memory say, may not fail again: a good key must not stay bad.
		known.catch(() => imported.delete(name));
		return known;
	};
	const hash = async (bytes: Uint8Array) =>
		new Uint8Array(await subtle.digest('SHA-256', toBytes(bytes)));
	return {
		name: 'webcrypto',
		sha256: hash,
		hashBlock: hash,
		async verify(publicKey, message, signature) {
			if (!isStrict(publicKey, signature)) return false;
			try {
				const key = await importOnce(publicKey);
				return await subtle.verify(ED25519, key, toBytes(signature), toBytes(message));
			} catch {
				return false; // the bytes are no point of the curve: some platforms throw, some answer
			}
		}
	};
}

function importVerifyKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey> {
	return subtle.importKey('raw', toBytes(publicKey), ED25519, false, ['verify']);
}

function isStrict(publicKey: Uint8Array, signature: Uint8Array): boolean {
	return (
		publicKey.length === SIZES.key &&
		signature.length === SIZES.signature &&
		isCanonicalPoint(publicKey) &&
		!isLowOrder(publicKey)
	);
}

/** y < 2²⁵⁵ − 19, else one key would have two encodings. */
function isCanonicalPoint(point: Uint8Array): boolean {
	const [first = 0] = point;
	const last = (point[31] ?? 0) & 0x7f;
	return last !== 0x7f || first < 0xed || point.subarray(1, 31).some((byte) => byte !== 0xff);
}

/** Under such a key one signature fits many messages. */
function isLowOrder(point: Uint8Array): boolean {
	const y = point.slice();
	y[31] = (y[31] ?? 0) & 0x7f;
	return LOW_ORDER_Y.has(toHex(y));
}

/** encode([S]B − [k]A) = R, in variable time: everything here is public. */
function satisfiesEquation(
	publicKey: Uint8Array,
	message: Uint8Array,
	signature: Uint8Array
): boolean {
	const r = signature.subarray(0, SIZES.key);
	const s = bytesToNumberLE(signature.subarray(SIZES.key));
	if (s >= Point.Fn.ORDER) return false;
	try {
		const k = Point.Fn.create(bytesToNumberLE(sha512(concat(r, publicKey, message))));
		const expected = Point.BASE.multiplyUnsafe(s).subtract(
			Point.fromBytes(publicKey).multiplyUnsafe(k)
		);
		return equal(expected.toBytes(), r);
	} catch {
		return false; // the key is no point of the curve
	}
}
