import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, concat, equal, fromBase64url, fromHex, toBase64url, toHex } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

test('hex and base64url come back', () => {
	fc.assert(
		fc.property(bytes, (some) => {
			expect(fromHex(toHex(some))).toEqual(some);
			expect(fromBase64url(toBase64url(some))).toEqual(some);
		})
	);
});

test('only one text stands for given bytes', () => {
	expect(fromHex('abc')).toBeNull();
	expect(fromHex('zz')).toBeNull();
	expect(fromBase64url('AB')).toBeNull(); // stray bits: the same byte as AA
	expect(fromBase64url('A+A')).toBeNull();
	expect(fromBase64url('AA==')).toBeNull();
});

test('the order is that of the bytes, a prefix first', () => {
	fc.assert(
		fc.property(bytes, bytes, (a, b) => {
			const byText = toHex(a) < toHex(b) ? -1 : toHex(a) > toHex(b) ? 1 : 0;
			expect(Math.sign(compare(a, b))).toBe(byText);
			expect(equal(a, b)).toBe(byText === 0);
		})
	);
	expect(compare(concat(), Uint8Array.of(0))).toBeLessThan(0);
});
