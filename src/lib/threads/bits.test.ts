import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBit, isSubset, listBits, NO_BITS, unite, withBit, type Bits } from './bits.ts';

const counts = fc.array(fc.nat(300), { maxLength: 40 });
const toBits = (list: readonly number[]) => list.reduce<Bits>(withBit, NO_BITS);
const sorted = (list: Iterable<number>) => [...new Set(list)].sort((a, b) => a - b);

test('bits are a set of counts', () => {
	fc.assert(
		fc.property(counts, counts, (a, b) => {
			expect(listBits(toBits(a))).toEqual(sorted(a));
			expect(listBits(unite(toBits(a), toBits(b)))).toEqual(sorted([...a, ...b]));
			expect(isSubset(toBits(a), toBits(b))).toBe(a.every((count) => b.includes(count)));
			expect(b.every((count) => hasBit(toBits(a), count) === a.includes(count))).toBe(true);
		})
	);
});

test('a set that gains nothing stays the same object', () => {
	const bits = toBits([1, 70]);
	expect(withBit(bits, 70)).toBe(bits);
	expect(unite(bits, toBits([1]))).toBe(bits);
});
