/**
 * The one reading of Ed25519 that every replica shares, held against signatures on which libraries
 * differ. It runs on every platform, because each brings its own library.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verifier } from '../../src/lib/crypto/suite.ts';
import { concat, toHex, utf8 } from '../../src/lib/wire/bytes.ts';

const { Point } = ed25519;
const { Fn } = Point;
const MESSAGE = utf8('Dear Bob');
const SEED = new Uint8Array(32).fill(7);

/** One of the points of order 8 (its y stands in the table of low order). */
const TORSION = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');

export function describeStrictSignatures(verifier: Verifier): void {
	describe(`strict Ed25519 on ${verifier.name}`, () => {
		describeHonest(verifier);
		describeLowOrder(verifier);
		describeSecondForms(verifier);
	});
}

function describeHonest(verifier: Verifier): void {
	it('agrees with the library on honest signatures', async () => {
		const arbitrary = [fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array()] as const;
		await fc.assert(
			fc.asyncProperty(...arbitrary, async (seed, message) => {
				const signature = ed25519.sign(message, seed);
				const publicKey = ed25519.getPublicKey(seed);
				expect(await verifier.verify(publicKey, message, signature)).toBe(true);
				expect(await verifier.verify(publicKey, concat(message, SEED), signature)).toBe(false);
			}),
			{ numRuns: 20 }
		);
	});

	it('never throws on foreign bytes', async () => {
		const bytes = fc.uint8Array({ maxLength: 70 });
		const sized = fc.uint8Array({ minLength: 32, maxLength: 32 });
		const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(bytes, sized),
				bytes,
				fc.oneof(bytes, signature),
				async (...args) => {
					expect(await verifier.verify(...args)).toBe(false);
				}
			),
			{ numRuns: 60 }
		);
	});

	it('hashes', async () => {
		// FIPS 180-4, "abc"
		expect(await verifier.hashBlock(utf8('abc'))).toEqual(await verifier.sha256(utf8('abc')));
		expect(toHex(await verifier.sha256(utf8('abc')))).toBe(
			'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
		);
	});
}

function describeLowOrder(verifier: Verifier): void {
	it('refuses every key of low order, under which anybody can sign', async () => {
		for (let i = 0n; i < 8n; i++) {
			const key = (i === 0n ? Point.ZERO : TORSION.multiplyUnsafe(i)).toBytes();
			// R = the identity and S = 0 satisfy the equation for an eighth of all messages.
			for (let n = 0; n < 32; n++) {
				const signature = concat(Point.ZERO.toBytes(), new Uint8Array(32));
				expect(await verifier.verify(key, Uint8Array.of(n), signature)).toBe(false);
			}
		}
	});

	it('refuses what holds with the cofactor only, where libraries differ', async () => {
		const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(SEED);
		const nonce = 12345n;
		const r = Point.BASE.multiply(nonce).add(TORSION).toBytes();
		const k = Fn.create(bytesToNumberLE(sha512(concat(r, pointBytes, MESSAGE))));
		const s = Fn.create(nonce + k * scalar);
		const signature = concat(r, numberToBytesLE(s, 32));
		expect(ed25519.verify(signature, MESSAGE, pointBytes, { zip215: false })).toBe(true);
		expect(await verifier.verify(pointBytes, MESSAGE, signature)).toBe(false);
	});

	it('gives one verdict on keys with a part of low order', async () => {
		const { scalar, point } = ed25519.utils.getExtendedPublicKey(SEED);
		const key = point.add(TORSION).toBytes();
		const verdicts = new Set<string>();
		for (let nonce = 1n; nonce <= 32n; nonce++) {
			const r = Point.BASE.multiply(nonce).toBytes();
			const k = Fn.create(bytesToNumberLE(sha512(concat(r, key, MESSAGE))));
			const signature = concat(r, numberToBytesLE(Fn.create(nonce + k * scalar), 32));
			const verdict = await verifier.verify(key, MESSAGE, signature);
			// [k]A' = [k]A + [k]T, and T has order 8: the equation holds where 8 divides k.
			expect(verdict).toBe(k % 8n === 0n);
			verdicts.add(String(verdict));
		}
		expect(verdicts).toEqual(new Set(['true', 'false']));
	});
}

function describeSecondForms(verifier: Verifier): void {
	it('refuses a second encoding of a key', async () => {
		// y = 2^255 - 18 is 1 again, and 2^255 - 19 + 3 is 3.
		for (const low of [0xed, 0xee, 0xf0, 0xff]) {
			const key = new Uint8Array(32).fill(0xff);
			key[0] = low;
			for (const top of [0x7f, 0xff]) {
				key[31] = top;
				const signature = concat(Point.ZERO.toBytes(), new Uint8Array(32));
				expect(await verifier.verify(key, MESSAGE, signature)).toBe(false);
			}
		}
	});

	it('refuses S + L, a second signature for the same message', async () => {
		const signature = ed25519.sign(MESSAGE, SEED);
		const s = bytesToNumberLE(signature.subarray(32)) + Fn.ORDER;
		const second = concat(signature.subarray(0, 32), numberToBytesLE(s, 32));
		expect(await verifier.verify(ed25519.getPublicKey(SEED), MESSAGE, second)).toBe(false);
	});
}
