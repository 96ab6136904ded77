import { expect, test } from 'vitest';
import { KeyReader, SEQUENCE_MS } from './keys.ts';

const read = (...keys: readonly (readonly [string, number])[]) => {
	const reader = new KeyReader(['e', 'g i', 'g e', 'i']);
	return keys.map(([key, at]) => reader.read(key, at));
};

test('a key alone, a sequence, and a sequence that comes to nothing', () => {
	expect(read(['e', 0])).toEqual(['e']);
	expect(read(['g', 0], ['i', 10])).toEqual([null, 'g i']);
	expect(read(['g', 0], ['e', 10], ['e', 20])).toEqual([null, 'g e', 'e']);
	expect(read(['g', 0], ['x', 10], ['i', 20])).toEqual([null, null, 'i']);
});

test('one that comes too late stands alone', () => {
	expect(read(['g', 0], ['i', SEQUENCE_MS + 1])).toEqual([null, 'i']);
	expect(read(['g', 0], ['g', SEQUENCE_MS + 1], ['i', SEQUENCE_MS + 2])).toEqual([
		...[null, null, 'g i']
	]);
});
