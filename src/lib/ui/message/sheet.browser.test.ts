import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectHarmless } from '../../../../tests/gallery/harmless.ts';
import { frameDocument } from './frame.ts';
import { sanitiseMail } from './sanitise.ts';
import { readSheet, sheetInLayer } from './sheet.ts';

function sheetOf(css: string): string {
	return readSheet(`<style>${css}</style>`, () => undefined).css;
}

/** The mail as it stands in its frame. */
async function show(html: string, isAsSent = false, scheme: 'light' | 'dark' = 'light') {
	const frame = document.createElement('iframe');
	frame.sandbox.add('allow-same-origin');
	frame.style.inlineSize = '500px';
	const mail = sanitiseMail(html);
	if (mail === null) throw new Error('not shown');
	expectHarmless(mail.html, mail.css);
	frame.srcdoc = frameDocument(mail, { scheme, isAsSent, fetchesPictures: false });
	const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
	document.body.append(frame);
	await loaded;
	const lookOf = (selector: string): CSSStyleDeclaration => {
		const element = frame.contentDocument?.querySelector(selector);
		if (!element) throw new Error(`no ${selector}`);
		return getComputedStyle(element);
	};
	return { lookOf, mail, [Symbol.dispose]: () => frame.remove() };
}

test('a sheet gives the mail its look, by class, id, type and medium', async () => {
	using shown = await show(
		`<head><style>
			.big { font-size: 30px } #one td { padding: 7px } td.x > b, .gone { letter-spacing: 3px }
			@media only screen and (max-width: 600px) { .wide { width: 100% !important; display: block } }
			@media screen and (min-width: 601px) { .big { font-size: 60px } }
		</style></head>
		<p class="big other">a</p><table id="one"><tr><td class="x"><b>b</b></td></tr></table>
		<div class="wide" style="width: 40px">c</div>`
	);
	expect(shown.lookOf('p').fontSize).toBe('30px');
	expect(shown.lookOf('td').paddingTop).toBe('7px');
	expect(shown.lookOf('td b').letterSpacing).toBe('3px');
	expect(shown.lookOf('div').inlineSize).toBe('500px');
	expect(shown.mail.html).toContain('<p class="mail-big">');
});

test('the frame’s own rules lie below, what unfolds a quote above', async () => {
	using shown = await show(
		`<style>p { margin: 3px } * { display: none !important; opacity: 0 !important } p { display: block !important }</style>
		<p>Yes.</p><div class="gmail_quote">On 3 May, Tom wrote: <blockquote>Coming?</blockquote></div>`
	);
	expect(shown.lookOf('p').marginBlockEnd).toBe('3px');
	expect(shown.lookOf('summary').display).toBe('inline-block');
	expect(shown.lookOf('summary').opacity).toBe('1');
});

test('body and html are the mail’s own element, with colours and fonts alone', async () => {
	using shown = await show(
		'<body bgcolor="#eeeeee" style="padding: 50px"><style>html body { color: #ff0000; width: 100%; height: 100% !important; margin: 40px } body > p { font-size: 20px }</style><p>a</p></body>',
		true
	);
	expect(shown.mail.hasColours).toBe(true);
	expect(shown.lookOf('body').color).toBe('rgb(255, 0, 0)');
	expect(shown.lookOf('body').backgroundColor).toBe('rgb(238, 238, 238)');
	expect(shown.lookOf('body').padding).toBe('12px');
	expect(shown.lookOf('body').marginTop).toBe('0px');
	expect(shown.lookOf('p').fontSize).toBe('20px');
});

test('colours are turned over for dark paper, and as sent where that is wanted', async () => {
	const html = '<style>p { color: #000; background: #fff !important }</style><p>a</p>';
	using dark = await show(html, false, 'dark');
	expect(dark.lookOf('p').color).toMatch(/^oklch\(0\.97/);
	expect(dark.lookOf('p').backgroundColor).toMatch(/^oklch\(0\.21/);
	using asSent = await show(html, true, 'dark');
	expect(asSent.lookOf('p').color).toBe('rgb(0, 0, 0)');
});

test.each([
	[
		'what is positioned, drawn over or fetched',
		'p { position: fixed; inset: 0; z-index: 9; margin: -9px; cursor: url(a), auto; content: url(b) }'
	],
	[
		'other at-rules',
		'@import "a"; @font-face { font-family: a; src: url(a) } @supports (color: red) { p { color: red } } @layer x { p { color: red } }'
	],
	['dark rules of its own', '@media (prefers-color-scheme: dark) { p { color: white } }'],
	['media nobody has', '@media (max-width: 600px) and (any-hover: hover) { p { color: red } }'],
	[
		'selectors that compare siblings',
		'p ~ p, p:has(b), p:not(.a), [data-x] p, p:nth-child(2 of b) { color: red }'
	],
	['selectors of many parts', `${'b '.repeat(9)} { color: red }`],
	['strings that could close the sheet', 'b { font-family: "\\3c/style" }'],
	['what stands beside the mail', 'body + p, html + body, :root + * { color: red }'],
	['escaped names', '.\\31 0 { color: red } #a\\:b { color: red }'],
	['an empty rule in a medium', '@media screen { p { position: static } }']
])('left out: %s', (_, css) => {
	expect(sheetOf(css)).toBe('');
});

test('of a list, the harmless selectors stay', () => {
	expect(sheetOf('p, p:has(b), a:hover, [class="x"], body { letter-spacing: 1px }')).toBe(
		'& { letter-spacing: 1px }\n& p, & a:hover, & .mail-x { letter-spacing: 1px }'
	);
});

test('media of the element itself hold, too', () => {
	const css = readSheet(
		'<style media="print, (max-width: 400px), tv">p { letter-spacing: 1px }</style>',
		() => undefined
	).css;
	expect(css).toBe('@media print, (max-width: 400px) { & p { letter-spacing: 1px } }');
});

test.each([
	['long', `p { letter-spacing: 1px } /* ${'x'.repeat(200_000)} */`],
	['deep', '@media screen {'.repeat(70) + 'p { letter-spacing: 1px }'],
	['full of brackets', `p { letter-spacing: 1px; color: ${'('.repeat(10_000)} }`],
	['full of rules', '.a { letter-spacing: 1px } '.repeat(4_001)]
])('a sheet that is too %s is none', (_, css) => {
	expect(sheetOf(css)).toBe('');
});

test('too many elements for so many selectors: the mail is shown without', () => {
	const rules = '.a b { letter-spacing: 1px } '.repeat(2_000);
	const mail = sanitiseMail(`<style>${rules}</style>${'<b>x</b>'.repeat(3_000)}`, Infinity);
	expect(mail?.css).toBe('');
	expect(mail?.html).toContain('<b>x</b>');
});

test('a style in a drawing, a template or an attribute is none of the mail’s', () => {
	const mail = sanitiseMail(
		'<svg><style>p { color: red }</style></svg><template><style>p { color: red }</style></template><p title="<style>p { color: red }</style>">x</p>'
	);
	expect(mail?.css).toBe('');
});

test('any mixture of pieces of a sheet is harmless', () => {
	const piece = fc.oneof(
		fc.constantFrom(
			...[
				'p',
				'.a',
				'#b',
				'{',
				'}',
				';',
				',',
				' > ',
				' ',
				'@media ',
				'@import ',
				'screen',
				'"',
				"'"
			],
			...['color: red', 'url(//x.test)', '/*', '*/', '<!--', '-->', '</style', '<', '\\', '(', ')'],
			...[
				'position: fixed',
				':has(p)',
				'!important',
				'&',
				'[data-mail]',
				'@layer x',
				'--a: url(x)'
			],
			...['font-family: "a', 'background: ', 'image-set(', '[class="', ']', ':nth-child(', '\n']
		),
		fc.string({ maxLength: 6 })
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
			const mail = sanitiseMail(`<style>p { color: red } ${pieces.join('')}</style><p>x</p>`);
			expectHarmless(mail?.html ?? '', mail?.css);
		}),
		{ numRuns: 1_000 }
	);
});

test('its text is bound to the mail in a layer', () => {
	expect(sheetInLayer('& p { color: red }')).toBe(
		'@layer mail { [data-mail] { & p { color: red } } }'
	);
});
