/** What heads a forwarded message is known by its readers, in each language: else they would fold it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isForwardHead } from '../../src/lib/ui/message/quotes.ts';
import { LANGUAGES } from '../../src/lib/words/languages.js';

test.each(Object.keys(LANGUAGES))('%s', async (language) => {
	const file = new URL(`../../src/lib/words/then/${language}.po`, import.meta.url);
	const catalog = await readFile(file, 'utf8');
	const [, said = ''] = /^msgid "Forwarded message"\nmsgstr "(.*)"$/m.exec(catalog) ?? [];
	// One that is not translated yet is another test's.
	if (said !== '') expect(isForwardHead([said])).toBe(true);
});
