import { expect, test } from 'vitest';
import { isFound } from './find.ts';

test('people are found by the beginnings of words, accents and case aside', () => {
	const texts = ['Renée Müller-Lüdenscheidt', 'renee@k51qzi5uqu5dg.ipns'];
	for (const typed of ['', 'mul', 'REN', 'ludens ren', 'k51qzi5', 'renee@k51']) {
		expect(isFound(typed, texts), typed).toBe(true);
	}
	for (const typed of ['uller', 'ren bob', 'ipnsx'])
		expect(isFound(typed, texts), typed).toBe(false);
});
