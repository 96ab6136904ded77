import { expect, test } from 'vitest';
import { plural } from './plural.ts';

const FILES = ['# file', '# files'];

test('the form for that many, with the number as people write it', () => {
	expect(plural(1, FILES)).toBe('1 file');
	expect(plural(0, FILES)).toBe('0 files');
	expect(plural(1_200, FILES)).toBe('1,200 files');
});

test('the rule of another language chooses among its forms', () => {
	const rule = (count: number) => (count === 0 ? 0 : count === 2 ? 1 : 2);
	expect(plural(2, ['none', 'two', '# more'], rule)).toBe('two');
	expect(plural(7, ['none', 'two', '# more'], rule)).toBe('7 more');
});

test('a rule that names no form gets the last one', () => {
	expect(plural(3, FILES, () => 9)).toBe('3 files');
});
