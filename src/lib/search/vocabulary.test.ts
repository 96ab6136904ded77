import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { fold } from './fold.ts';
import { Lines } from './lines.ts';
import { toTokens } from './tokens.ts';
import { Vocabulary } from './vocabulary.ts';

const piece = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 8 }),
	fc.constantFrom(
		...['“Roof”, then…', 'привет, мир', 'Überfall', 'e\u0301te\u0301', '漢字', '🎉', '\ud83c'],
		...['naïve-words', 'x'.repeat(70), 'ภาษา', '£5·µm', '\u200bа\u0301б', '２０２６']
	),
	fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'я', '٣', '-', ' ', '’'), maxLength: 12 })
);
const folded = fc.array(piece, { maxLength: 6 }).map((pieces) => fold(pieces.join(' ')));

test('words are looked up where they stand as the pattern finds them', () => {
	let looked = 0;
	fc.assert(
		fc.property(folded, (text) => {
			const vocabulary = new Vocabulary();
			const taken: number[] = [];
			const isDone = vocabulary.eachWord(text, '\u0004', (number) => taken.push(number));
			if (isDone) looked++;
			const expected = isDone ? toTokens(text).map((token) => `\u0004${token}`) : [];
			expect(taken).toEqual(expected.map((term) => vocabulary.numberOf(term)));
			expect(vocabulary.size).toBe(new Set(expected).size);
		}),
		{ numRuns: 1_000 }
	);
	expect(looked).toBeGreaterThan(100);
});

test('terms ascend as strings do, however many letters they share', () => {
	const letter = fc.constantFrom('a', 'b', 'z', '\u0001', '\u007f', 'é', 'я', '漢', '\ufb01', '🎉');
	const term = fc.string({ unit: letter, minLength: 1, maxLength: 9 });
	fc.assert(
		fc.property(fc.array(term, { maxLength: 200 }), (terms) => {
			const vocabulary = new Vocabulary();
			for (const each of terms) vocabulary.numberOf(each);
			const ascending = vocabulary.ascending();
			const { text, starts } = vocabulary.toLines(ascending);
			expect([...new Lines(text, starts)]).toEqual([...new Set(terms)].sort());
			expect(Array.from(ascending).sort((a, b) => a - b)).toEqual([...ascending.keys()]);
		}),
		{ numRuns: 500 }
	);
});

test('more terms than it was made for', () => {
	const vocabulary = new Vocabulary();
	const numbers = Array.from({ length: 70_000 }, (_, at) => vocabulary.numberOf(`term${at}`));
	expect(numbers).toEqual(numbers.map((_, at) => vocabulary.numberOf(`term${at}`)));
	const { text, starts } = vocabulary.toLines(vocabulary.ascending());
	const lines = [...new Lines(text, starts)];
	expect(lines).toEqual(lines.toSorted());
	expect(lines).toHaveLength(70_000);
});

test('each begins its hashes elsewhere, so that nobody can choose words for one slot', () => {
	const drawn = vi.spyOn(crypto, 'getRandomValues');
	const vocabularies = [new Vocabulary(), new Vocabulary()];
	expect(drawn).toHaveBeenCalledTimes(vocabularies.length);
	drawn.mockRestore();
	for (const vocabulary of vocabularies) {
		expect(['a', 'b', 'a'].map((term) => vocabulary.numberOf(term))).toEqual([0, 1, 0]);
	}
});
