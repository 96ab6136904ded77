import { expect, test } from 'vitest';
import { plainText } from './plainText.ts';

function textOf(html: string): string {
	const root = document.createElement('div');
	root.innerHTML = html;
	return plainText(root);
}

test('blocks are lines, empty blocks are empty lines', () => {
	expect(textOf('<div>a <b>b</b></div><div><br></div><div>c<br>d</div>')).toBe('a b\n\nc\nd');
	expect(textOf('')).toBe('');
	expect(textOf('<div><br></div>')).toBe('');
});

test('lists and quotations', () => {
	expect(textOf('<ul><li><div>one</div></li><li><div>two</div><div>more</div></li></ul>')).toBe(
		'- one\n- two\n  more'
	);
	expect(textOf('<blockquote><div>a</div><blockquote><div>b</div></blockquote></blockquote>')).toBe(
		'> a\n> > b'
	);
});

test('what holds the cursor is no text', () => {
	expect(textOf('<div>a\u200b\u00a0b</div>')).toBe('a b');
});
