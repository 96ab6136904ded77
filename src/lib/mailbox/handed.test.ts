import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHandedLink } from './handed.ts';

const NOTHING = { to: [], cc: [], bcc: [], subject: '', text: '' };

test.each([
	['mailto:bob@example.org', { to: ['bob@example.org'] }],
	['MAILTO:bob@example.org', { to: ['bob@example.org'] }],
	[
		'mailto:a@x.org,%22Bob%2C%20the%20roofer%22%20%3Cb@y.org%3E',
		{ to: ['a@x.org', '"Bob, the roofer" <b@y.org>'] }
	],
	[
		'mailto:?to=a@x.org&cc=b@y.org&bcc=c@z.org',
		{ to: ['a@x.org'], cc: ['b@y.org'], bcc: ['c@z.org'] }
	],
	['mailto:a@x.org?to=b@y.org', { to: ['a@x.org', 'b@y.org'] }],
	['mailto:?Subject=Caf%C3%A9&BODY=one%0D%0Atwo', { subject: 'Café', text: 'one\ntwo' }],
	['mailto:?body=one&body=two', { text: 'one\ntwo' }],
	['mailto:?subject=1+1', { subject: '1+1' }],
	['web+defms:bob@k51.ipns', { to: ['bob@k51.ipns'] }],
	['web+defms://bob@k51.ipns?subject=Roof', { to: ['bob@k51.ipns'], subject: 'Roof' }],
	['mailto:', {}]
])('%s', (link, found) => {
	expect(readHandedLink(link)).toEqual({ ...NOTHING, ...found });
});

test('what a page must not do stays undone', () => {
	expect(readHandedLink('mailto:?attach=/etc/passwd&attachment=x')).toEqual(NOTHING);
	// A header cannot be smuggled in, nor a recipient hidden behind a line break.
	expect(readHandedLink('mailto:?subject=Hi%0D%0ABcc:%20eve@x.org')?.subject).toBe(
		'Hi Bcc: eve@x.org'
	);
	expect(readHandedLink('javascript:alert(1)')).toBeNull();
	expect(readHandedLink(`mailto:?body=${'a'.repeat(70_000)}`)).toBeNull();
	const many = Array.from({ length: 500 }, (_, i) => `p${String(i)}@x.org`).join(',');
	expect(readHandedLink(`mailto:${many}`)?.to).toHaveLength(64);
});

test('a damaged escape is shown as it stands', () => {
	expect(readHandedLink('mailto:?subject=100%&body=%E0%A4')).toMatchObject({
		subject: '100%',
		text: '%E0%A4'
	});
});

test('nothing throws', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => void readHandedLink(`mailto:${text}`))
	);
});

test('what is encoded by the book comes back', () => {
	const text = fc.string({ unit: 'grapheme' }).map((one) => one.replace(/\r\n?/g, '\n'));
	fc.assert(
		fc.property(text, (body) => {
			const link = `mailto:?body=${encodeURIComponent(body.replace(/\n/g, '\r\n'))}`;
			expect(readHandedLink(link)?.text).toBe(body);
		})
	);
});
