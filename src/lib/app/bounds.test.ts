import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import { fitFileName, isNameTooLong, isSubjectTooLong } from './bounds.ts';

test('names and subjects are counted in bytes, without the space around them', () => {
	expect(isNameTooLong(`  ${'a'.repeat(64)}  `)).toBe(false);
	expect(isNameTooLong('a'.repeat(65))).toBe(true);
	expect(isNameTooLong('ü'.repeat(33))).toBe(true);
	expect(isSubjectTooLong('a'.repeat(998))).toBe(false);
	expect(isSubjectTooLong('a'.repeat(999))).toBe(true);
});

test('a file name that fits stays; a longer one keeps its beginning and its ending', () => {
	expect(fitFileName('minutes.pdf')).toBe('minutes.pdf');
	const fitted = fitFileName(`${'minutes '.repeat(1_000_000)}.pdf`);
	expect(fitted).toMatch(/^minutes .*….pdf$/);
	expect(utf8(fitted).length).toBeLessThanOrEqual(LIMITS.fileNameBytes);
});

test('whatever the name, it fits, and is left alone if it did', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
			const fitted = fitFileName(name);
			expect(utf8(fitted).length).toBeLessThanOrEqual(LIMITS.fileNameBytes);
			if (utf8(name).length <= LIMITS.fileNameBytes) expect(fitted).toBe(name);
		})
	);
});
