import { expect, test } from 'vitest';
import { sanitiseForEditor } from '../message/sanitise.ts';
import { textToHtml } from './plainHtml.ts';
import { toPlain, toRich } from './plainMode.ts';
import { plainText } from './plainText.ts';
import { withoutSignatureIn } from './signature.ts';

const back = (text: string) => plainText(sanitiseForEditor(textToHtml(text)));

test('lines, spaces and quotations come back as they were', () => {
	for (const text of [
		'a\n\nb\n  indented   table',
		'Hello\n> one\n> > two\n> \n> one again\nme',
		'-- \nLena\nHarbour Street 4',
		'<b>no</b> & "signs" <script>',
		'مرحبا\n> 你好'
	]) {
		expect(back(text)).toBe(text.replace(/^> $/mu, '> '));
	}
	expect(back('>>two\n>> two')).toBe('> > two\n> > two');
});

test('no depth of quotation, and no length, keeps the page busy', () => {
	expect(textToHtml('> '.repeat(5_000) + 'x').match(/<blockquote>/g)).toHaveLength(20);
	expect(textToHtml('x'.repeat(200_001))).toBe('');
});

function draftOf(html: string, text = '') {
	const draft = {
		...{ html, text, isPlain: false },
		edit(changes: object) {
			Object.assign(draft, changes);
		}
	};
	return draft;
}

test('to plain text: formats are lost, addresses of links are not, and it can be taken back', () => {
	const html =
		'<div>See <a href="https://roof.example/offer">the offer</a>, <a href="https://roof.example/">roof.example</a></div><div><b>Now</b></div>';
	const draft = draftOf(html, 'See the offer, roof.example\nNow');
	expect(toPlain(draft)).toBe(true);
	expect(draft.text).toBe('See the offer <https://roof.example/offer>, roof.example\nNow');
	toRich(draft);
	expect(draft).toMatchObject({ html, text: 'See the offer, roof.example\nNow', isPlain: false });
	expect(toPlain(draftOf('<div>a</div><ul><li>b</li></ul>'))).toBe(false);
});

test('an empty one stays empty, and what was typed is not lost', () => {
	const draft = draftOf('', '');
	expect(toPlain(draft)).toBe(false);
	Object.assign(draft, { text: 'typed\n> quoted', html: '' });
	toRich(draft);
	expect(draft.html).toBe('<div>typed</div><blockquote><div>quoted</div></blockquote>');
	expect(draft.text).toBe('typed\n> quoted');
});

test('nothing is too long to come back from plain text', () => {
	const text = 'A long line of it.\n'.repeat(12_000) + 'end';
	const draft = draftOf('', '');
	toPlain(draft);
	Object.assign(draft, { text, html: textToHtml(text) });
	toRich(draft);
	expect(draft.text).toBe(text);
	expect(draft.html).toContain('end');
});

test('of a template the signature is no part, unless its writer has changed it', () => {
	const content = document.createElement('div');
	content.innerHTML =
		'<div>Dear</div><div><br></div><div>--&nbsp;</div><div>Lena</div><div>Harbour  Street 4</div>';
	withoutSignatureIn(content, '-- \nLena\nHarbour Street 5');
	expect(content.children).toHaveLength(5);
	withoutSignatureIn(content, '-- \nLena\nHarbour Street 4');
	expect(content.innerHTML).toBe('<div>Dear</div>');
});
