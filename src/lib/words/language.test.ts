import { expect, test } from 'vitest';
import { language, spoken, toLanguage } from './language.ts';

test('the first language of the browser that there is', () => {
	expect(spoken(['pt-BR', 'fr-CA', 'en'])).toBe('fr');
	expect(spoken(['zh-Hant-TW', 'en'])).toBe('zh');
	expect(spoken(['pt', 'sw'])).toBeNull();
	expect(spoken([])).toBeNull();
});

test('no name of an object is a language', () => {
	expect(toLanguage('constructor')).toBeNull();
	expect(toLanguage('')).toBeNull();
	expect(toLanguage(null)).toBeNull();
	expect(toLanguage('ar')).toBe('ar');
});

test('outside of a page the words are those of the source', () => {
	expect(language).toBe('en');
});
