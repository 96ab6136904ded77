import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOSTILE } from '../../../../tests/gallery/hostile-pieces.ts';
import { expectHarmless } from '../../../../tests/gallery/harmless.ts';
import { frameDocument } from './frame.ts';
import { MAX_HTML_LENGTH, sanitiseForEditor, sanitiseMail } from './sanitise.ts';
import { cleanStyle } from './style.ts';

test.each(HOSTILE)('harmless: %s', (html) => {
	const mail = sanitiseMail(html);
	expectHarmless(mail?.html ?? '', mail?.css);
	const holder = document.createElement('div');
	holder.append(sanitiseForEditor(html));
	expectHarmless(holder.innerHTML);
});

test('any mixture of hostile pieces is harmless', () => {
	const piece = fc.oneof(
		fc.constantFrom(...HOSTILE),
		fc.constantFrom('<table>', '</div>', '<svg>', '<math>', '<select>', '<p style="', '">', '<!--'),
		fc.string({ maxLength: 8 })
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
			const mail = sanitiseMail(pieces.join(''));
			expectHarmless(mail?.html ?? '', mail?.css);
		})
	);
});

test('ordinary formatting stays', () => {
	const html =
		'<p dir="rtl"><b>a</b> <a href="https://x.test/">b</a></p><table bgcolor="#fff"><tbody><tr><td style="color: red; padding: 4px">c</td></tr></tbody></table><img alt="d" src="data:image/png;base64,AAAA">';
	const mail = sanitiseMail(html);
	expect(mail?.html).toContain('<b>a</b>');
	expect(mail?.html).toContain('href="https://x.test/"');
	expect(mail?.html).toContain('style="color: light-dark(red, oklch(from red');
	expect(mail?.html).toContain('padding-top: 4px');
	expect(mail?.html).toContain('background-color: light-dark(rgb(255, 255, 255)');
	expect(mail?.html).toContain('src="data:image/png;base64,AAAA"');
	expect(mail?.hasColours).toBe(true);
	expect(sanitiseMail('<p>plain</p>')?.hasColours).toBe(false);
});

test('of what holds nothing to show, nothing is left', () => {
	expect(sanitiseMail('<script>1</script>')?.html).toBe('');
	expect(sanitiseMail('<frameset></frameset>')?.html).toBe('');
});

test('typed addresses become links, linked ones stay one link', () => {
	const mail = sanitiseMail(
		'<p>See https://x.test/a. <a href="https://y.test/">https://y.test/</a></p>'
	);
	expect(mail?.html).toContain(
		'See <a href="https://x.test/a" target="_blank" rel="noopener noreferrer">https://x.test/a</a>. <a'
	);
	expect(mail?.html.match(/<a /g)?.length).toBe(2);
});

test('pictures from elsewhere are counted, not shown', () => {
	const mail = sanitiseMail('<img src="http://a.test/1"><img src="//a.test/2"><img src="cid:%33">');
	expect(mail?.blockedCount).toBe(2);
	expect(mail?.html).not.toContain('src');
	expect(mail?.html).toBe(
		'<img data-elsewhere="https://a.test/1"><img data-elsewhere="https://a.test/2"><img data-part="3">'
	);
});

test('what is too long to be cleaned in time is not shown as HTML', () => {
	expect(sanitiseMail('x'.repeat(MAX_HTML_LENGTH + 1))).toBeNull();
});

test('pictures that only tell who reads are never fetched', () => {
	const spies = [
		'<img src="https://a.test/1" width=1 height=1>',
		'<img src="https://a.test/1" height="0">',
		'<img src="https://user:pass@a.test/1">',
		`<img src="https://a.test/${'x'.repeat(5_000)}">`
	];
	const mail = sanitiseMail(spies.join(''));
	expect(mail?.blockedCount).toBe(0);
	expect(mail?.html).not.toContain('a.test');
});

test('styles keep what is harmless', () => {
	expect(cleanStyle('margin: 33.333333%').style).toContain('33.3333%');
	expect(cleanStyle('text-indent: -9999px; font-size: 99999px').style).toBe('');
	expect(cleanStyle('}} body { color: red').style).not.toContain('body');
	expect(cleanStyle('color: inherit')).toEqual({ style: 'color: inherit', hasColours: false });
});

test.each<[scheme: string, property: string, colour: string, expected: readonly number[]]>([
	['light', 'color', '#767676', [118, 118, 118]],
	['dark', 'background-color', '#fff', [0.21]],
	['dark', 'color', '#000', [0.97]],
	['dark', 'color', '#767676', [0.64]]
])('in %s, %s %s', (scheme, property, colour, expected) => {
	const element = document.createElement('p');
	element.style.colorScheme = scheme;
	document.body.append(element);
	element.style.cssText += cleanStyle(`${property}: ${colour}`).style;
	const shown = getComputedStyle(element).getPropertyValue(property);
	const numbers = [...shown.matchAll(/[\d.]+/g)].map(Number);
	for (const [at, value] of expected.entries()) expect(numbers[at]).toBeCloseTo(value, 1);
	element.remove();
});

test.each<[name: string, html: string, own: string, folded: string | null]>([
	[
		'Gmail',
		'<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">On 3 May, Tom wrote:</div><blockquote>Coming?</blockquote></div>',
		'Yes.',
		'On 3 May, Tom wrote:Coming?'
	],
	[
		'Thunderbird',
		'<p>Yes.</p><div class="moz-cite-prefix">Am 3.5. schrieb Tom:</div><blockquote type="cite">Coming?</blockquote>',
		'Yes.',
		'Am 3.5. schrieb Tom:Coming?'
	],
	[
		'Outlook',
		'<div>Yes.</div><div id="Signature">Mira</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Tom</div><div>Coming?</div>',
		'Yes.',
		'MiraFrom: TomComing?'
	],
	[
		'an attribution that is text alone',
		'Yes.<br>On 3 May 2026 Tom wrote:<br><blockquote>Coming?</blockquote><br>',
		'Yes.',
		'On 3 May 2026 Tom wrote:Coming?'
	],
	['an answer in between', '<blockquote>Coming?</blockquote><p>Yes.</p>', 'Coming?Yes.', null],
	['nothing but a quote', '<blockquote>Coming?</blockquote>', 'Coming?', null],
	[
		'two quotes, one answered',
		'<p>a</p><blockquote>b</blockquote><p>c</p><blockquote>d</blockquote>',
		'abc',
		'd'
	],
	[
		'forwarded',
		'<div>Look</div><div>Forwarded message</div><div>Subject: Roof</div><blockquote>Tiles</blockquote>',
		'LookForwarded messageSubject: RoofTiles',
		null
	],
	['a signature of two dashes', '<div>Yes.</div><div>-- </div><div>Mira</div>', 'Yes.', '-- Mira'],
	[
		'Gmail, answered in between',
		'<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">On 3 May, Tom wrote:</div><blockquote class="gmail_quote">Coming?</blockquote><div>Yes, at six.</div><blockquote class="gmail_quote">And Mira?</blockquote></div>',
		'See below.On 3 May, Tom wrote:Coming?Yes, at six.',
		'And Mira?'
	],
	[
		'dashes between two parts',
		`<div>One</div><div>--</div>${'<div>Two</div>'.repeat(20)}`,
		`One--${'Two'.repeat(20)}`,
		null
	],
	['a picture above', '<img src="https://a.test/1"><blockquote>b</blockquote>', '', 'b']
])('folded: %s', (_, html, own, folded) => {
	const page = new DOMParser().parseFromString(sanitiseMail(html)?.html ?? '', 'text/html');
	const details = page.querySelector('details');
	details?.querySelector('summary')?.remove();
	details?.remove();
	expect(page.body.textContent).toBe(own);
	expect(details?.textContent ?? null).toBe(folded);
	expect(page.querySelector('[data-quote]')).toBeNull();
});

test.each([
	['<span style="display: inline-block">', 500],
	['<div style="float: left">', 500],
	['<table><tr><td>', 60]
])('%s deep in itself is bounded, and its words are there', (tag, times) => {
	const mail = sanitiseMail(`${`${tag}x`.repeat(times)}the end`);
	const page = new DOMParser().parseFromString(mail?.html ?? '', 'text/html');
	expect(page.body.textContent.replace(/\s/g, '')).toBe(`${'x'.repeat(times)}theend`);
	expect(page.querySelector('* > '.repeat(200) + '*')).toBeNull();
});

test('more typed addresses than a call takes arguments are links', () => {
	const mail = sanitiseMail(`<p>${'http://a.b/ '.repeat(150_000)}</p>`, Infinity);
	expect(mail?.html.endsWith('http://a.b/</a> </p>')).toBe(true);
});

test('in the frame nothing runs and nothing is fetched', async () => {
	const frame = document.createElement('iframe');
	frame.sandbox.add('allow-same-origin', 'allow-popups', 'allow-popups-to-escape-sandbox');
	// As if the sanitiser had let everything through.
	const raw = { html: HOSTILE.join('\n'), css: '', blockedCount: 0, hasColours: false };
	const fetched: string[] = [];
	const observer = new PerformanceObserver((list) => {
		fetched.push(...list.getEntries().map((entry) => entry.name));
	});
	const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
	frame.srcdoc = frameDocument(raw, {
		scheme: 'system',
		isAsSent: false,
		fetchesPictures: false
	});
	document.body.append(frame);
	await loaded;
	const looksUp = frame.contentDocument?.querySelector('[http-equiv="x-dns-prefetch-control"]');
	expect(looksUp?.getAttribute('content')).toBe('off');
	observer.observe({ type: 'resource', buffered: true });
	const inner = frame.contentWindow?.performance.getEntriesByType('resource') ?? [];
	expect(inner.filter((entry) => 'transferSize' in entry && entry.transferSize !== 0)).toEqual([]);
	expect('pwned' in globalThis).toBe(false);
	expect(fetched.filter((name) => name.includes('remote.test'))).toEqual([]);
	observer.disconnect();
	frame.remove();
});

test('what takes too long is given up, and the next is whole', () => {
	const elaborate = '<b><i>x</i></b>'.repeat(2_000);
	expect(sanitiseMail(elaborate, 0)).toBeNull();
	expect(sanitiseMail('<p class="gmail_quote">a <b>b</b></p>')?.html).toContain('<b>b</b>');
	// Its reader may wait for it.
	expect(sanitiseMail(elaborate, Infinity)?.html).toContain('<b><i>x</i></b>');
});
