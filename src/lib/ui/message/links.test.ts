import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLinks, splitParagraphs } from './links.ts';

test('links are found, their punctuation is not', () => {
	expect(splitLinks('See https://example.org/a?b=1, then (http://x.test).')).toEqual([
		{ kind: 'text', text: 'See ' },
		{ kind: 'link', text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
		{ kind: 'text', text: ', then (' },
		{ kind: 'link', text: 'http://x.test', href: 'http://x.test' },
		{ kind: 'text', text: ').' }
	]);
});

test('no other scheme becomes a link', () => {
	for (const text of [
		'javascript:alert(1)',
		'data:text/html,x',
		'file:///etc/passwd',
		'https://'
	]) {
		expect(splitLinks(text)).toEqual([{ kind: 'text', text }]);
	}
});

test('no text is lost or made up', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const joined = splitLinks(`${text} https://x.test ${text}`)
				.map((piece) => piece.text)
				.join('');
			expect(joined).toBe(`${text} https://x.test ${text}`);
		})
	);
});

test('paragraphs', () => {
	expect(splitParagraphs('a\nb\r\n\r\n \nc\n')).toEqual(['a\nb', 'c']);
});

test('a text of dots takes no longer than one of words', () => {
	const dots = `http://${'.'.repeat(1_990)}a `.repeat(500);
	const started = performance.now();
	expect(splitLinks(dots).length).toBeGreaterThan(0);
	// Seconds, where each dot begins a search of its own.
	expect(performance.now() - started).toBeLessThan(2_000);
});

test('a hundred thousand paragraphs are no hundred thousand elements, and all are there', () => {
	const text = Array.from({ length: 100_000 }, (_, at) => String(at)).join('\n\n');
	const paragraphs = splitParagraphs(text);
	expect(paragraphs.length).toBeLessThan(3_000);
	expect(paragraphs.join('\n\n')).toBe(text);
});
