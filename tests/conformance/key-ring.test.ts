import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { RingAway } from '../../src/lib/post/ports.ts';
import { createKeyRing } from '../../src/lib/store/key-ring.ts';
import {
	obey,
	parseRing,
	type Disk,
	type RingFile,
	type RingOrder
} from '../../src/lib/store/ring-file.ts';
import { createTurns } from '../../src/lib/store/turns.ts';
import { concat, equal, utf8 } from '../../src/lib/wire/bytes.ts';
import { describeKeyRing } from './key-ring.ts';
import { createMemoryRing } from './memory-ring.ts';

describeKeyRing('the double', () => {
	const ring = createMemoryRing();
	return { open: () => ring, lose: () => ring.lose() };
});

describeKeyRing('on a file in memory', () => {
	const file = createFile();
	return { open: () => createKeyRing(() => file), lose: () => file.lose() };
});

describe('the key ring', () => {
	it('leaves nothing of a destroyed key in its file', async () => {
		const file = createFile();
		const ring = createKeyRing(() => file);
		const claimed = (await ring.claim(3)) ?? [];
		const keys = [2, 3, 4].map((place) => file.bytes.slice(32 * place, 32 * (place + 1)));
		await ring.destroy(claimed.slice(1, 2));
		const isThere = (key: Uint8Array) =>
			[2, 3, 4].some((place) => equal(file.bytes.slice(32 * place, 32 * (place + 1)), key));
		expect(keys.map(isThere)).toEqual([true, false, true]);
	});

	it('is not taken for lost while it cannot be read', async () => {
		const file = createFile();
		const [key = new Uint8Array()] = (await createKeyRing(() => file).claim(1)) ?? [];
		const sealed = await createKeyRing(() => file).seal(key, utf8('x'));
		file.isAway = true;
		const ring = createKeyRing(() => file);
		await expect(ring.open(key, sealed)).rejects.toThrow(RingAway);
		expect(await ring.claim(1)).toBeNull();
		file.isAway = false;
		expect(await ring.open(key, sealed)).toEqual(utf8('x'));
	});

	it('gives no keys where there are no files, and takes what is under one for away', async () => {
		const none = createKeyRing(() => null);
		expect([await none.claim(1), await none.erases()]).toEqual([null, false]);
		await expect(none.open(new Uint8Array(28), new Uint8Array(60))).rejects.toThrow(RingAway);
	});

	it('opens no row that was moved under another key', async () => {
		const ring = createKeyRing(() => createFile());
		const [a = new Uint8Array(), b = new Uint8Array()] = (await ring.claim(2)) ?? [];
		expect(await ring.open(b, await ring.seal(a, utf8('x')))).toBeNull();
	});
});

interface MemoryFile extends RingFile {
	readonly bytes: Uint8Array;
	isAway: boolean;
	lose(): void;
}

/** The worker's half on an array. */
function createFile(): MemoryFile {
	let bytes: Uint8Array<ArrayBuffer> | null = null;
	const inTurn = createTurns();
	const disk: Disk = {
		getSize: () => bytes?.length ?? 0,
		read: (into, { at }) => {
			into.set((bytes ?? new Uint8Array()).subarray(at, at + into.length));
			return into.length;
		},
		write: (some, { at }) => {
			const size = Math.max(bytes?.length ?? 0, at + some.length);
			const grown = concat(bytes ?? new Uint8Array(), new Uint8Array(size)).slice(0, size);
			grown.set(some, at);
			bytes = grown;
			return some.length;
		},
		flush: () => undefined
	};
	const order = (work: RingOrder) => {
		const answer = obey(disk, work, systemRandom);
		if (!answer.ok) throw new Error('it always does');
		return answer;
	};
	const file: MemoryFile = {
		get bytes() {
			return bytes ?? new Uint8Array();
		},
		isAway: false,
		lose: () => {
			bytes = null;
		},
		canWrite: async () => true,
		async read() {
			if (file.isAway) throw new RingAway('held');
			return bytes && parseRing(bytes.slice());
		},
		claim: (count) =>
			inTurn('', async () => {
				if (file.isAway) return null;
				const { places, bytes: after } = order({ file: '', claim: count });
				const image = parseRing(after);
				return image && { image, places };
			}),
		wipe: (pick) =>
			inTurn('', async () => {
				const image = await file.read();
				const places = image === null ? [] : pick(image);
				if (places.length > 0) order({ file: '', wipe: places });
				return true;
			})
	};
	return file;
}
