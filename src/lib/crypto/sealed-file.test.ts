import { describe, expect, it } from 'vitest';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { LIMITS } from '../wire/limits.ts';
import { nobleSuite } from './noble.ts';
import { Secret } from './secret.ts';
import { createSha256 } from './sha.ts';
import { chunkNonce, openChunk, sealChunk } from './sealed-file.ts';

const KEY = new Secret(new Uint8Array(32).fill(1));
const CHUNK = new Uint8Array(1000).fill(2);

describe('a sealed chunk', () => {
	it('opens under its key and at its place only', async () => {
		const sealed = await sealChunk(nobleSuite, KEY, 3, CHUNK);
		expect(await openChunk(nobleSuite, KEY, 3, sealed)).toEqual(CHUNK);
		expect(await openChunk(nobleSuite, KEY, 4, sealed)).toBeNull();
		const other = new Secret(new Uint8Array(32));
		expect(await openChunk(nobleSuite, other, 3, sealed)).toBeNull();
		expect(await openChunk(nobleSuite, KEY, 3, sealed.subarray(1))).toBeNull();
	});

	it('has one nonce for each index', () => {
		expect(chunkNonce(0)).toEqual(new Uint8Array(12));
		expect(chunkNonce(0x0102)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2));
		expect(chunkNonce(2 ** 40).slice(4)).toEqual(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0));
		for (const index of [-1, 0.5, 2 ** 53, NaN])
			expect(() => chunkNonce(index)).toThrow(RangeError);
	});

	it('fits into a block, and no longer chunk is sealed or opened', async () => {
		const largest = new Uint8Array(LIMITS.chunkBytes);
		const sealed = await sealChunk(doubleSuite, KEY, 0, largest);
		expect(sealed.length).toBe(LIMITS.blockBytes);
		const longer = new Uint8Array(LIMITS.chunkBytes + 1);
		expect(() => sealChunk(doubleSuite, KEY, 0, longer)).toThrow(RangeError);
		const tooLong = await doubleSuite.sealAead(KEY, chunkNonce(0), new Uint8Array(0), longer);
		expect(await openChunk(doubleSuite, KEY, 0, tooLong)).toBeNull();
	});
});

describe('hashing piece by piece', () => {
	it('gives what hashing at once gives', async () => {
		const hash = createSha256();
		for (const end of [100, 101, 1000]) hash.update(CHUNK.subarray(0, end));
		const whole = new Uint8Array(100 + 101 + 1000).fill(2);
		expect(hash.digest()).toEqual(await nobleSuite.sha256(whole));
	});
});
