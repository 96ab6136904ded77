import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rootKeyToAddress } from './ids.ts';
import { formatInvite, isOfficeUrl, parseInvite } from './invite.ts';

const invite = {
	root: new Uint8Array(32).fill(1),
	pair: { rootSeq: 1_790_000_000_000, seq: 1_790_000_000_001 },
	slot: new Uint8Array(32).fill(2),
	token: new Uint8Array(16).fill(3),
	name: 'Zoë Müller',
	office: 'https://post.example.org'
};

function format(changes: Partial<typeof invite> = {}, appUrl = 'https://mail.example.org/') {
	return formatInvite(appUrl, { ...invite, ...changes });
}

test('a link comes back, whole, as a fragment, or as the code alone', () => {
	const link = format();
	const expected = { ...invite, address: rootKeyToAddress(invite.root) };
	expect(parseInvite(link ?? '')).toEqual(expected);
	expect(parseInvite(` ${new URL(link ?? '').hash} `)).toEqual(expected);
	expect(parseInvite(link?.split('#i=')[1] ?? '')).toEqual(expected);
});

test('all of it stands in the fragment, within 300 characters', () => {
	const link = format();
	expect(link?.startsWith('https://mail.example.org/#i=')).toBe(true);
	expect(link?.length).toBeLessThanOrEqual(300);
	expect(format({ name: 'n'.repeat(64) })?.length).toBeLessThanOrEqual(300);
});

test('what would be longer is not made', () => {
	expect(format({ office: `https://${'o'.repeat(110)}.org` })).toBeNull();
	expect(format({ name: 'n'.repeat(65) })).toBeNull();
});

test('a cut, bent or foreign link is none', () => {
	const code = format()?.split('#i=')[1] ?? '';
	for (let size = 0; size < 140; size++) expect(parseInvite(code.slice(0, size))).toBeNull();
	expect(parseInvite(`B${code.slice(1)}`)).toBeNull();
	fc.assert(
		fc.property(fc.string({ maxLength: 400 }), (text) => {
			expect(parseInvite(text)).toBeNull();
		})
	);
});

test('a link that names no post office of ours to ask is none', () => {
	for (const office of ['', 'ftp://x.org', 'https://u:p@x.org', 'https://x.org/', 'https://x/?q']) {
		expect(isOfficeUrl(office)).toBe(false);
		expect(parseInvite(format({ office }) ?? '')).toBeNull();
	}
	expect(isOfficeUrl('http://localhost:8080')).toBe(true);
	expect(isOfficeUrl('https://example.org/post')).toBe(true);
});
