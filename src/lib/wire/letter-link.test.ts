import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './bytes.ts';
import { sha256ToObjectCid } from './codec.ts';
import { cidToEntryId, rootKeyToAddress } from './ids.ts';
import { endOfLink, formatLetterLink, parseLetterLink } from './letter-link.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const APP = 'https://mail.example.org/';
const link = {
	secret: new Uint8Array(32).fill(1),
	root: new Uint8Array(32).fill(2),
	letter: cidToEntryId(sha256ToObjectCid(new Uint8Array(32).fill(3))),
	until: 20_781 * DAY_MS,
	office: 'https://post.example.org'
};

const format = (changes: Partial<typeof link> = {}) =>
	formatLetterLink(APP, { ...link, ...changes }) ?? '';

/** Frozen: letters of earlier versions are under way. */
const VECTOR =
	'https://mail.example.org/#l=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA1EsxuQismh0dHBzOi8vcG9zdC5leGFtcGxlLm9yZw';

test('a link is these bytes, and comes back whole, as a fragment, or as the code alone', () => {
	const made = format();
	expect(made).toBe(VECTOR);
	const expected = { ...link, address: rootKeyToAddress(link.root) };
	expect(parseLetterLink(made)).toEqual(expected);
	expect(parseLetterLink(` ${new URL(made).hash} `)).toEqual(expected);
	expect(parseLetterLink(made.split('#l=')[1] ?? '')).toEqual(expected);
});

test('whatever it carries comes back, within 300 characters and in the fragment alone', () => {
	const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
	fc.assert(
		fc.property(key, key, key, fc.integer({ min: 1, max: 65_536 }), (secret, root, digest, day) => {
			const letter = cidToEntryId(sha256ToObjectCid(Uint8Array.from(digest)));
			const given = { ...link, ...{ secret, root, letter, until: day * DAY_MS } };
			const made = formatLetterLink(APP, {
				...given,
				secret: Uint8Array.from(secret),
				root: Uint8Array.from(root)
			});
			expect(made?.startsWith(`${APP}#l=`)).toBe(true);
			expect(made?.length).toBeLessThanOrEqual(300);
			expect(parseLetterLink(made ?? '')).toMatchObject({ letter, until: day * DAY_MS });
		})
	);
});

test('a link whose office or app has too long a URL is not made', () => {
	expect(formatLetterLink(APP, { ...link, office: `https://${'o'.repeat(110)}.org` })).toBeNull();
});

test('each cut and each changed bit is told: it must not look like one that was answered', () => {
	const code = format().split('#l=')[1] ?? '';
	const bytes = fromBase64url(code) ?? new Uint8Array();
	for (let size = 0; size < bytes.length; size++) {
		expect(parseLetterLink(toBase64url(bytes.slice(0, size)))).toBeNull();
	}
	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const bent = Uint8Array.from(bytes);
		bent[bit >>> 3] = (bent[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
		expect(parseLetterLink(toBase64url(bent))).toBeNull();
	}
});

test('what is no link is none', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 400 }), (text) => {
			expect(parseLetterLink(text)).toBeNull();
		})
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 240 }), (bytes) => {
			expect(parseLetterLink(`#l=${toBase64url(bytes)}`)).toBeNull();
		})
	);
	for (const office of ['', 'ftp://x.org', 'https://u:p@x.org', 'https://x.org/']) {
		expect(parseLetterLink(format({ office }))).toBeNull();
	}
});

test('it lasts at least as long as was chosen, to the end of a day', () => {
	const noon = 20_000 * DAY_MS + DAY_MS / 2;
	expect(endOfLink(noon, 7)).toBe(20_008 * DAY_MS);
	expect(endOfLink(20_000 * DAY_MS, 7)).toBe(20_007 * DAY_MS);
});
