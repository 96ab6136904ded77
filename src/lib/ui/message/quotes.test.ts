import { expect, test } from 'vitest';
import { splitOwnWords } from './quotes.ts';

const NONE = null;

test.each<[name: string, text: string, own: string, folded: string | null]>([
	['no quote', 'Hello\n\nMira', 'Hello\n\nMira', NONE],
	[
		'an answer above its quote',
		'Yes, gladly.\n\nOn 3 May 2026 at 10:12, Tom <t@x.org> wrote:\n> Will you come?\n>\n> Tom\n',
		'Yes, gladly.',
		'On 3 May 2026 at 10:12, Tom <t@x.org> wrote:\n> Will you come?\n>\n> Tom'
	],
	[
		'an attribution of two lines',
		'Ja.\n\nAm Mo., 3. Mai 2026 um 10:12 Uhr schrieb Tom Example\n<tom@example.org>:\n\n> Kommst du?',
		'Ja.',
		'Am Mo., 3. Mai 2026 um 10:12 Uhr schrieb Tom Example\n<tom@example.org>:\n\n> Kommst du?'
	],
	[
		'a full-width colon',
		'好的\n\n2026年5月3日 王伟 写道：\n> 你来吗',
		'好的',
		'2026年5月3日 王伟 写道：\n> 你来吗'
	],
	['a signature', 'See you\n\n-- \nMira\nRoof Ltd', 'See you', '-- \nMira\nRoof Ltd'],
	['a signature below a quote', 'Yes\n\n> Coming?\n-- \nMira', 'Yes', '> Coming?\n-- \nMira'],
	[
		'what Outlook writes',
		'Fine.\n\n-----Original Message-----\nFrom: Tom\nSubject: Roof\n\nWill you?',
		'Fine.',
		'-----Original Message-----\nFrom: Tom\nSubject: Roof\n\nWill you?'
	],
	[
		'what newer Outlook writes',
		`Fine.\n\n${'_'.repeat(32)}\nVon: Tom\nGesendet: Montag\nAn: Mira\n\nKommst du?`,
		'Fine.',
		`${'_'.repeat(32)}\nVon: Tom\nGesendet: Montag\nAn: Mira\n\nKommst du?`
	],
	[
		'answers in between',
		'> Coming?\nYes.\n> And Tom?\nHe, too.',
		'> Coming?\nYes.\n> And Tom?\nHe, too.',
		NONE
	],
	['nothing but a quote', '> Coming?', '> Coming?', NONE],
	[
		'a forwarded message',
		'Look:\n\nForwarded message\nFrom: Tom\nSubject: Roof\n\n> Will you come?',
		'Look:\n\nForwarded message\nFrom: Tom\nSubject: Roof\n\n> Will you come?',
		NONE
	],
	[
		'a sentence that ends with a colon',
		'I think this says it:\n\n> To be, or not to be',
		'I think this says it:',
		'> To be, or not to be'
	],
	[
		'dashes between two parts',
		`One\n--\n${'Two\n'.repeat(20)}`,
		`One\n--\n${'Two\n'.repeat(20)}`,
		NONE
	],
	[
		'dashes between two parts, and a quote below',
		`One\n--\n${'Two\n'.repeat(20)}\n> Three?`,
		`One\n--\n${'Two\n'.repeat(20)}`.trimEnd(),
		'> Three?'
	],
	[
		'a signature above what is quoted',
		'Yes.\n-- \nMira\n\nOn 3 May 2026 Tom wrote:\n> Coming?',
		'Yes.',
		'-- \nMira\n\nOn 3 May 2026 Tom wrote:\n> Coming?'
	],
	['a rule that heads nothing', `One\n${'_'.repeat(40)}\nTwo`, `One\n${'_'.repeat(40)}\nTwo`, NONE]
])('%s', (_, text, own, folded) => {
	expect(splitOwnWords(text)).toEqual({ own, folded });
});

test('nothing of a text is lost, however it is split', () => {
	const text = 'a\r\n\r\n> b\r\n>\r\n\r\n-- \r\nc\r\n';
	const { own, folded } = splitOwnWords(text);
	expect(`${own}${folded ?? ''}`.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
});

test('a long hostile text is split at once', () => {
	for (const piece of ['>\n', '-- \n', 'a:\n', `${'_'.repeat(16)}\n`, 'x: y\n', ' ']) {
		const started = performance.now();
		splitOwnWords(piece.repeat(50_000));
		expect(performance.now() - started).toBeLessThan(1_000);
	}
});
