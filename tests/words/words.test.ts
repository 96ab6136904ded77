/** The catalogs of words: whole in every language, and with the same places for values. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import PO from 'pofile';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/lib/words/languages.js';

const FOLDER = path.resolve(import.meta.dirname, '../../src/lib/words');
const CATALOGS = ['first', 'then'].flatMap((group) =>
	Object.keys(LANGUAGES).map((language) => [group, language] as const)
);

describe.each(CATALOGS)('%s/%s', (group, language) => {
	const { headers, items } = PO.parse(
		readFileSync(path.join(FOLDER, group, `${language}.po`), 'utf8')
	);
	const said = items.filter(({ obsolete }) => !obsolete);

	test('nothing is left in the language of the source', () => {
		const missing = said.filter(
			({ msgstr }) => msgstr.length === 0 || msgstr.some((text) => !text)
		);
		expect(missing.map(({ msgid }) => msgid)).toEqual([]);
	});

	test('values and marks stand in each translation as in the source', () => {
		const odd = said.flatMap(({ msgid, msgid_plural: plural, msgstr }) =>
			msgstr.filter((text) => placesOf(text) !== placesOf(plural ?? msgid))
		);
		expect(odd).toEqual([]);
	});

	test('there is a form for each number that the language tells apart', () => {
		const forms = Number(/nplurals=(\d)/.exec(headers['Plural-Forms'] ?? '')?.[1]);
		const plural = said.filter(({ msgid_plural: many }) => many);
		expect(plural.filter(({ msgstr }) => msgstr.length !== forms)).toEqual([]);
		// Of French and Spanish, Intl tells millions apart, too: nothing here is counted by those.
		const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
		const told = categories.filter((name) => language === 'ar' || name !== 'many');
		expect(forms).toBe(told.length);
		const numberless = plural.filter(
			({ msgid_plural: many, msgstr }) => many?.includes('#') && !msgstr.at(-1)?.includes('#')
		);
		expect(numberless.map(({ msgid }) => msgid)).toEqual([]);
	});
});

/** `{0}`, `<0/>` and the like, sorted: a translation may change their order. */
function placesOf(text: string): string {
	return [...text.matchAll(/\{\d+\}|<\/?\d+\/?>/g)]
		.map(([place]) => place)
		.sort()
		.join(' ');
}
