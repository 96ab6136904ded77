import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, foldWithPlaces } from './fold.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

test.each([
	['Müller', 'muller'],
	['MU\u0308LLER', 'muller'],
	['Straße', 'strasse'],
	['Łódź', 'lodz'],
	['Ærøskøbing', 'aeroskobing'],
	['İstanbul', 'istanbul'],
	['ΟΔΟΣ', 'οδοσ'],
	['Ёлка', 'елка'],
	['ﬁle', 'file'],
	['ＦＵＬＬ', 'full'],
	['sum\u00admer', 'summer'],
	['كِتَابٌ', 'كتاب'],
	['שָׁלוֹם', 'שלום']
])('%s is compared as %s', (written, folded) => {
	expect(fold(written)).toBe(folded);
});

test('what carries meaning stays', () => {
	expect(fold('कि')).not.toBe(fold('क'));
	expect(fold('が')).not.toBe(fold('か'));
	expect(fold('ที่')).not.toBe(fold('ท'));
	expect(fold('한국')).toBe('한국');
});

test('twice folded is once folded', () => {
	fc.assert(
		fc.property(text, (any) => {
			expect(fold(fold(any))).toBe(fold(any));
		}),
		{ numRuns: 1_000 }
	);
});

test('places lead back to the letters, and never go backwards', () => {
	const { text: folded, starts } = foldWithPlaces('Zür: Straße');
	expect(folded).toBe('zur: strasse');
	expect(starts[folded.indexOf('strasse')]).toBe(5);
	fc.assert(
		fc.property(text, (original) => {
			const places = foldWithPlaces(original);
			expect(places.starts).toHaveLength(places.text.length + 1);
			expect(places.starts.at(-1)).toBe(original.length);
			expect([...places.starts]).toEqual([...places.starts].sort((a, b) => a - b));
		})
	);
});
