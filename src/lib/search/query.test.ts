import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf } from '../../../tests/mailbox/records.ts';
import { OPERATORS, readQuery, VALUES, type Field, type Query, type Today } from './query.ts';
import { readDay, readSize, readSpan } from './values.ts';

const NOW = Date.UTC(2026, 2, 15, 12);
const DAY_MS = 86_400_000;
const today: Today = {
	now: NOW,
	startOf: ({ year, month, day }) => Date.UTC(year, month - 1, day)
};
const read = (text: string) => readQuery(text, today);
const query = (text: string) => read(text).query;

function words(text: string, field: Field = 'any', isWhole = false): Query {
	return { kind: 'words', field, tokens: text.split(' '), isWhole };
}

test('words stand side by side, OR is weaker, brackets are stronger, minus says no', () => {
	expect(query('tea cake')).toEqual({ kind: 'all', of: [words('tea'), words('cake')] });
	expect(query('tea cake OR wine')).toEqual({
		kind: 'any',
		of: [{ kind: 'all', of: [words('tea'), words('cake')] }, words('wine')]
	});
	expect(query('(tea OR wine) -cake')).toEqual({
		kind: 'all',
		of: [
			{ kind: 'any', of: [words('tea'), words('wine')] },
			{ kind: 'not', it: words('cake') }
		]
	});
	expect(query('-(tea OR wine)')).toEqual({
		kind: 'not',
		it: { kind: 'any', of: [words('tea'), words('wine')] }
	});
	expect(query('tea or wine')).toEqual({
		kind: 'all',
		of: [words('tea'), words('or'), words('wine')]
	});
});

test('a phrase is whole, and what is written as one word is looked for in a row', () => {
	expect(query('"Grüne Tür"')).toEqual(words('grune tur', 'any', true));
	expect(query('“Grüne Tür”')).toEqual(words('grune tur', 'any', true));
	expect(query('e-mail')).toEqual(words('e mail'));
	expect(query('"not closed')).toEqual(words('not closed', 'any', true));
});

test('operators take words and phrases', () => {
	expect(query('from:Mira')).toEqual(words('mira', 'from'));
	expect(query('Subject:"the harbour"')).toEqual(words('the harbour', 'subject', true));
	expect(query('-filename:pdf')).toEqual({ kind: 'not', it: words('pdf', 'filename') });
	expect(query('is:unread')).toEqual({ kind: 'thread', test: { is: 'unread' } });
	expect(query('label:"Große Reise"')).toEqual({
		kind: 'thread',
		test: { is: 'labelled', label: 'grosse reise' }
	});
	expect(query('has:pictures')).toEqual({ kind: 'flag', flag: 'image' });
});

test('an address, as it is copied, is one word of its own fields', () => {
	const address = addressOf('bob');
	expect(query(`from:bob@${address}.ipns`)).toEqual(words(address, 'from', true));
	expect(query(address)).toEqual({
		kind: 'any',
		of: [words(address, 'from', true), words(address, 'to', true)]
	});
});

test('what is no operator is text', () => {
	expect(query('re:harbour')).toEqual(words('re harbour'));
	expect(query('https://defms.example/x')).toEqual(words('https defms example x'));
	expect(query('constructor:x')).toEqual(words('constructor x'));
	expect(query('12:30')).toEqual(words('12 30'));
});

test('days, spans and sizes', () => {
	expect(query('after:2026-03-01')).toEqual({
		kind: 'time',
		since: Date.UTC(2026, 2, 1),
		before: Infinity
	});
	expect(query('before:2026/3')).toEqual({
		kind: 'time',
		since: -Infinity,
		before: Date.UTC(2026, 2, 1)
	});
	expect(query('older_than:2w')).toEqual({
		kind: 'time',
		since: -Infinity,
		before: NOW - 14 * DAY_MS
	});
	expect(query('larger:5M')).toEqual({ kind: 'size', least: 5 * 2 ** 20, most: Infinity });
	expect(query('smaller:1.5kb')).toEqual({ kind: 'size', least: 0, most: 1536 });
	expect(readDay('2026-02-30', NOW)).toBe(null);
	expect(readDay('99999', NOW)).toBe(null);
	expect(readSpan('3')).toBe(null);
	expect(readSize('big')).toBe(null);
});

test('a value that cannot be read is left out and named', () => {
	const { query: rest, problems } = read('tea before:soon is:un from:');
	expect(rest).toEqual(words('tea'));
	expect(problems).toEqual([
		{ operator: 'before', value: 'soon' },
		{ operator: 'is', value: 'un' },
		{ operator: 'from', value: '' }
	]);
});

test('it says whether it names the place to look in', () => {
	expect(read('tea').namesPlace).toBe(false);
	expect(read('tea in:trash').namesPlace).toBe(true);
	expect(read('tea in:anywhere')).toEqual({
		query: words('tea'),
		problems: [],
		namesPlace: true
	});
});

const piece = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 6 }),
	fc.constantFrom('(', ')', '-', '"', ' ', 'OR', ':', ...OPERATORS.map((name) => `${name}:`)),
	fc.constantFrom(...Object.values(VALUES).flat())
);

test('whatever is typed is a query, and of a few levels', () => {
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
			const { query: found } = read(pieces.join(''));
			expect(found === null ? 0 : depthOf(found)).toBeLessThan(64);
		}),
		{ numRuns: 2_000 }
	);
	expect(() => query('('.repeat(100_000))).not.toThrow();
	expect(() => query('-('.repeat(100_000))).not.toThrow();
	expect(() => query('a '.repeat(100_000))).not.toThrow();
});

test('two queries side by side want both, whatever they are', () => {
	const plain = fc.constantFrom('tea', 'from:mira', '"a b"', '-cake', 'is:read', '(x OR y)');
	fc.assert(
		fc.property(fc.array(plain, { minLength: 2, maxLength: 5 }), (parts) => {
			expect(query(parts.join(' '))).toEqual({ kind: 'all', of: parts.map(query) });
			expect(query(parts.join(' OR '))).toEqual({ kind: 'any', of: parts.map(query) });
		})
	);
});

function depthOf(it: Query): number {
	if (it.kind === 'not') return 1 + depthOf(it.it);
	return it.kind === 'all' || it.kind === 'any' ? 1 + Math.max(...it.of.map(depthOf)) : 1;
}
