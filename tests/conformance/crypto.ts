/** What every suite must do, whatever stands behind it: noble, WebCrypto, the simulator's double. */

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemRandom, type Random } from '../../src/lib/crypto/random.ts';
import { Secret } from '../../src/lib/crypto/secret.ts';
import { SIZES, type Bytes, type Suite } from '../../src/lib/crypto/suite.ts';
import { toHex, utf8 } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';

const NONE = new Uint8Array(0);
const ZERO = new Uint8Array(SIZES.key);
const NONCE = new Uint8Array(SIZES.nonce).fill(3);
const AAD = utf8('header');
const TEXT = utf8('Dear Bob, tomorrow at eight. Alice');

export function describeSuite(name: string, create: () => Promise<Suite> | Suite): void {
	describe(`${name} as a suite`, () => {
		let suite: Suite;
		const theSuite = () => suite;
		beforeAll(async () => {
			suite = await create();
		});
		describeHashes(theSuite);
		describeAead(theSuite);
		describeSignatures(theSuite);
		describeAgreement(theSuite);
		describeKem(theSuite);
		describeHpke(theSuite);
	});
}

function describeHashes(suite: () => Suite): void {
	it('hashes the same to the same, anything else to something else', async () => {
		expect(await suite().hashBlock(TEXT)).toEqual(cidOfRaw(TEXT).multihash.digest);
		const hash = await suite().sha256(TEXT);
		expect(hash.length).toBe(SIZES.hash);
		expect(await suite().sha256(TEXT.slice())).toEqual(hash);
		await forEachFlip(TEXT, async (changed) => {
			expect(await suite().sha256(changed)).not.toEqual(hash);
		});
		expect(await suite().sha256(NONE)).not.toEqual(await suite().sha256(Uint8Array.of(0)));
	});

	it('authenticates under the key alone, and takes an empty key', async () => {
		const tag = await suite().hmac(key(1), TEXT);
		expect(tag.length).toBe(SIZES.hash);
		expect(await suite().hmac(key(1), TEXT)).toEqual(tag);
		expect(await suite().hmac(key(2), TEXT)).not.toEqual(tag);
		expect(await suite().hmac(key(1), utf8('other'))).not.toEqual(tag);
		expect((await suite().hmac(new Secret(ZERO.slice()), TEXT)).length).toBe(SIZES.hash);
	});

	it('derives keys that depend on secret, info, salt, and have the length asked for', async () => {
		const derive = async (secret: Secret, info: string, size: number, salt?: Uint8Array) =>
			toHex((await suite().hkdf(secret, utf8(info), size, salt)).reveal());
		const derived = await derive(key(1), 'a', 32);
		expect(await derive(key(1), 'a', 32, NONE)).toBe(derived);
		expect(await derive(key(1), 'a', 32)).toBe(derived);
		const others = [
			await derive(key(2), 'a', 32),
			await derive(key(1), 'b', 32),
			await derive(key(1), 'a', 32, Uint8Array.of(1))
		];
		expect(others).not.toContain(derived);
		for (const size of [1, 16, 64, 96]) {
			expect((await derive(key(1), 'a', size)).length).toBe(2 * size);
		}
	});
}

function describeAead(suite: () => Suite): void {
	it('opens what it sealed, of any length', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.uint8Array(), async (text, aad) => {
				const sealed = await suite().sealAead(key(1), NONCE, aad, text);
				expect(sealed.length).toBe(text.length + SIZES.tag);
				expect(await suite().openAead(key(1), NONCE, aad, sealed)).toEqual(Uint8Array.from(text));
			}),
			{ numRuns: 40 }
		);
	});

	it('does not open under another key, nonce or header, nor with any bit changed', async () => {
		const sealed = await suite().sealAead(key(1), NONCE, AAD, TEXT);
		const other = NONCE.slice().fill(4);
		expect(await suite().openAead(key(2), NONCE, AAD, sealed)).toBeNull();
		expect(await suite().openAead(key(1), other, AAD, sealed)).toBeNull();
		expect(await suite().openAead(key(1), NONCE, TEXT, sealed)).toBeNull();
		await forEachFlip(sealed, async (changed) => {
			expect(await suite().openAead(key(1), NONCE, AAD, changed)).toBeNull();
		});
		for (const size of [0, 1, SIZES.tag - 1, SIZES.tag, sealed.length - 1]) {
			expect(await suite().openAead(key(1), NONCE, AAD, sealed.subarray(0, size))).toBeNull();
		}
	});

	it('hides the text, differently under each nonce', async () => {
		const sealed = await suite().sealAead(key(1), NONCE, AAD, TEXT);
		const again = await suite().sealAead(key(1), NONCE.slice().fill(4), AAD, TEXT);
		expect(toHex(sealed)).not.toContain(toHex(TEXT.subarray(0, 4)));
		expect(toHex(sealed).slice(0, 16)).not.toBe(toHex(again).slice(0, 16));
	});

	it('throws on keys and nonces of wrong length, which no stranger chooses', async () => {
		const short = new Secret(new Uint8Array(16));
		await expect(suite().sealAead(short, NONCE, AAD, TEXT)).rejects.toThrow(RangeError);
		await expect(suite().openAead(short, NONCE, AAD, TEXT)).rejects.toThrow(RangeError);
		await expect(suite().sealAead(key(1), NONE, AAD, TEXT)).rejects.toThrow(RangeError);
		await expect(suite().openAead(key(1), NONE, AAD, TEXT)).rejects.toThrow(RangeError);
	});
}

function describeSignatures(suite: () => Suite): void {
	it('verifies its signatures, and nothing else', async () => {
		const alice = await suite().signer(key(1));
		const bob = await suite().signer(key(2));
		expect(alice.publicKey.length).toBe(SIZES.key);
		const signature = await alice.sign(TEXT);
		expect(signature.length).toBe(SIZES.signature);
		expect(await alice.sign(TEXT)).toEqual(signature);
		expect(await suite().verify(alice.publicKey, TEXT, signature)).toBe(true);
		expect(await suite().verify(bob.publicKey, TEXT, signature)).toBe(false);
		expect(await suite().verify(alice.publicKey, AAD, signature)).toBe(false);
		await forEachFlip(signature, async (changed) => {
			expect(await suite().verify(alice.publicKey, TEXT, changed)).toBe(false);
		});
	});

	it('refuses keys and signatures of wrong length or made of nothing', async () => {
		const { publicKey, sign } = await suite().signer(key(1));
		const signature = await sign(TEXT);
		expect(await suite().verify(publicKey.subarray(1), TEXT, signature)).toBe(false);
		expect(await suite().verify(publicKey, TEXT, signature.subarray(1))).toBe(false);
		expect(await suite().verify(NONE, TEXT, NONE)).toBe(false);
		expect(await suite().verify(ZERO, TEXT, new Uint8Array(SIZES.signature))).toBe(false);
		await expect(suite().signer(new Secret(new Uint8Array(31)))).rejects.toThrow(RangeError);
	});
}

function describeAgreement(suite: () => Suite): void {
	it('gives both sides one secret, and each pair its own', async () => {
		const [alice, bob, carol] = await Promise.all([1, 2, 3].map((n) => suite().agreement(key(n))));
		const secret = await reveal(alice?.agree(bob?.publicKey ?? NONE));
		expect(secret.length).toBe(2 * SIZES.key);
		expect(await reveal(bob?.agree(alice?.publicKey ?? NONE))).toBe(secret);
		expect(await reveal(carol?.agree(alice?.publicKey ?? NONE))).not.toBe(secret);
		expect(await reveal(alice?.agree(alice.publicKey))).not.toBe(secret);
	});

	it('refuses points of low order and wrong lengths', async () => {
		const alice = await suite().agreement(key(1));
		const one = ZERO.slice();
		one[0] = 1;
		for (const point of [ZERO, one, NONE, alice.publicKey.subarray(1)]) {
			expect(await alice.agree(point)).toBeNull();
		}
		await expect(suite().agreement(new Secret(new Uint8Array(31)))).rejects.toThrow(RangeError);
	});
}

function describeKem(suite: () => Suite): void {
	it('gives the holder of the key the secret, and others another', async () => {
		const [bob, carol] = await Promise.all([suite().kem(key(2)), suite().kem(key(3))]);
		expect(bob.publicKey.length).toBe(SIZES.kemPublic);
		expect((await suite().kem(key(2))).publicKey).toEqual(bob.publicKey);
		const sent = await suite().encapsulate(bob.publicKey, systemRandom);
		expect(sent?.enc.length).toBe(SIZES.enc);
		const shared = toHex(sent?.shared.reveal() ?? NONE);
		expect(await reveal(bob.decapsulate(sent?.enc ?? NONE))).toBe(shared);
		expect(await reveal(carol.decapsulate(sent?.enc ?? NONE))).not.toBe(shared);
		const again = await suite().encapsulate(bob.publicKey, systemRandom);
		expect(again?.enc).not.toEqual(sent?.enc);
	});

	it('refuses what is no key, and what is no encapsulation', async () => {
		const bob = await suite().kem(key(2));
		const broken = bob.publicKey.slice().fill(0xff);
		const lowOrder = bob.publicKey.slice().fill(0, SIZES.kemPublic - SIZES.key);
		for (const publicKey of [NONE, bob.publicKey.subarray(1), broken, lowOrder]) {
			expect(await suite().encapsulate(publicKey, systemRandom)).toBeNull();
			expect(await suite().setupSender(publicKey, NONE, systemRandom)).toBeNull();
		}
		expect(await bob.decapsulate(NONE)).toBeNull();
		expect(await bob.decapsulate(new Uint8Array(SIZES.enc))).toBeNull();
		await expect(suite().kem(new Secret(new Uint8Array(31)))).rejects.toThrow(RangeError);
	});
}

function describeHpke(suite: () => Suite): void {
	it('opens the first message of a context, with the right key, info and header', async () => {
		const [bob, carol] = await Promise.all([suite().kem(key(2)), suite().kem(key(3))]);
		const sender = await suite().setupSender(bob.publicKey, AAD, systemRandom);
		const enc = sender?.enc ?? NONE;
		const sealed = (await sender?.seal(NONE, TEXT)) ?? NONE;
		expect(await suite().openHpke(bob, enc, AAD, NONE, sealed)).toEqual(TEXT);
		expect(await suite().openHpke(carol, enc, AAD, NONE, sealed)).toBeNull();
		expect(await suite().openHpke(bob, enc, TEXT, NONE, sealed)).toBeNull();
		expect(await suite().openHpke(bob, enc, AAD, TEXT, sealed)).toBeNull();
		expect(await suite().openHpke(bob, enc.subarray(1), AAD, NONE, sealed)).toBeNull();
		for (const at of [0, 1087, 1088, SIZES.enc - 1]) {
			expect(await suite().openHpke(bob, flipBit(enc, 8 * at), AAD, NONE, sealed)).toBeNull();
		}
	});

	it('never seals twice under one nonce', async () => {
		const bob = await suite().kem(key(2));
		const sender = await suite().setupSender(bob.publicKey, AAD, systemRandom);
		const first = await sender?.seal(NONE, TEXT);
		const second = (await sender?.seal(NONE, TEXT)) ?? NONE;
		expect(second).not.toEqual(first);
		expect(await suite().openHpke(bob, sender?.enc ?? NONE, AAD, NONE, second)).toBeNull();
	});
}

/** For the suites that a simulated run stands on: equal randomness, equal bytes. */
export function describeReproducible(name: string, suite: Suite): void {
	it(`${name} gives the same bytes for the same randomness`, async () => {
		const bob = await suite.kem(key(2));
		const sealOnce = async (random: Random) => {
			const sender = await suite.setupSender(bob.publicKey, AAD, random);
			return [sender?.enc, await sender?.seal(NONE, TEXT)];
		};
		const first = await sealOnce(countingRandom(1));
		expect(await sealOnce(countingRandom(1))).toEqual(first);
		expect(await sealOnce(countingRandom(2))).not.toEqual(first);
	});
}

/** Bytes that count upwards: enough where only equality is looked at. */
export function countingRandom(start: number): Random {
	let next = start;
	return (size) => Uint8Array.from({ length: size }, () => next++ & 0xff);
}

function key(n: number): Secret {
	return new Secret(new Uint8Array(SIZES.key).fill(n));
}

async function reveal(secret: Promise<Secret | null> | undefined): Promise<string> {
	return toHex((await secret)?.reveal() ?? NONE);
}

function flipBit(bytes: Uint8Array, bit: number): Bytes {
	const changed = Uint8Array.from(bytes);
	changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return changed;
}

/** One bit of each byte: which one goes round. */
async function forEachFlip(bytes: Uint8Array, check: (changed: Bytes) => Promise<void>) {
	for (let i = 0; i < bytes.length; i++) await check(flipBit(bytes, 8 * i + (i & 7)));
}
