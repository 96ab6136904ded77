import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepare } from '../../src/lib/exchange/brought.ts';
import { htmlToText } from '../../src/lib/exchange/html-text.ts';
import { BEGINNING, readSource } from '../../src/lib/exchange/mail-source.ts';
import { concat, utf8 } from '../../src/lib/wire/bytes.ts';
import { readSamples } from './mime-corpus.ts';

/** One mail, on a machine that does ten other things: real ones take some ms. */
const WATCHDOG_MS = 10_000;
const OWN = [
	'From: a@b.c\r\nSubject: =?utf-8?B?4pyT?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n' +
		'--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
		"<p>=C3=A9</p>\r\n--x\r\nContent-Disposition: attachment; filename*=utf-8''a%20b\r\n" +
		'Content-Transfer-Encoding: base64\r\n\r\nAAECAwQF\r\n--x--\r\n'
].map((text) => utf8(text));

const corpus = (await readSamples()).map(({ bytes }) => bytes);
const seeds = [...OWN, ...corpus.filter((bytes) => bytes.length < 20_000)];

const mutation = fc.record({
	seed: fc.nat(seeds.length - 1),
	cut: fc.double({ min: 0, max: 1, noNaN: true }),
	flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
	splice: fc.option(fc.constantFrom('\r\n\r\n', '--x\r\n', '\0', '=?utf-8?Q?', ';;;', '\n', '<<<>'))
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

test('whatever is changed in a mail, it is read or kept as a file, and nothing hangs', async () => {
	await fc.assert(
		fc.asyncProperty(mutation, async (how) => {
			const bytes = mutate(how);
			const begun = performance.now();
			const { original, mail } = await prepare({
				...{ kind: 'mail', path: 'a.eml', position: BEGINNING },
				bytes
			});
			expect(performance.now() - begun).toBeLessThan(WATCHDOG_MS);
			expect(original.kind === 'bytes' && original.size).toBe(bytes.length);
			expect(typeof mail.text).toBe('string');
		}),
		{ numRuns: 500 }
	);
}, 120_000);

test('whatever file is chosen, it is read to its end', async () => {
	await fc.assert(
		fc.asyncProperty(mutation, fc.constantFrom('a.zip', 'b.mbox', 'c/cur/1'), async (how, path) => {
			const head = path === 'a.zip' ? Uint8Array.of(0x50, 0x4b, 3, 4) : new Uint8Array(0);
			const file = new Blob([concat(head, mutate(how))]);
			for await (const { position } of readSource([{ path, file }], BEGINNING)) {
				expect(position.file).toBeLessThanOrEqual(1);
			}
		}),
		{ numRuns: 200 }
	);
}, 120_000);

const MANY = 200_000;
const BOMBS: Readonly<Record<string, string>> = {
	'a million fields': 'X: y\r\n'.repeat(1_000_000),
	'one endless field': `Subject: ${'a'.repeat(5_000_000)}\r\n\r\n`,
	'one endless fold': `Subject: a${'\r\n b'.repeat(MANY)}\r\n\r\n`,
	'very many people': `To: ${'a <a@b.c>, '.repeat(MANY)}\r\n\r\n`,
	'nested groups and comments': `To: ${'('.repeat(50_000)}${'g:'.repeat(50_000)}\r\n\r\n`,
	'very many encoded words': `Subject: ${'=?utf-8?Q?a?= '.repeat(60_000)}\r\n\r\n`,
	'very many parameters': `Content-Type: text/plain${';a*0*=b'.repeat(50_000)}\r\n\r\nx`,
	'very many ids': `References: ${'<a@b> '.repeat(MANY)}\r\n\r\n`,
	'parts in parts': 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(20_000),
	'mails in mails': 'Content-Type: message/rfc822\r\n\r\n'.repeat(50_000),
	'very many parts': `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n\r\nx\r\n'.repeat(30_000)}`,
	'very many files': `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: a/b\r\n\r\nx\r\n'.repeat(30_000)}`,
	'unclosed tags': `Content-Type: text/html\r\n\r\n${'<style><'.repeat(MANY)}`,
	'very many entities': `Content-Type: text/html\r\n\r\n${'&#'.repeat(500_000)}`,
	'line ends alone': '\r\n'.repeat(1_000_000),
	nothing: ''
};

test.each(Object.entries(BOMBS))(
	'%s',
	async (_, text) => {
		const begun = performance.now();
		const { original } = await prepare({
			...{ kind: 'mail', path: 'a.eml', position: BEGINNING },
			bytes: utf8(text)
		});
		expect(performance.now() - begun).toBeLessThan(WATCHDOG_MS);
		expect(original.kind === 'bytes' && original.size).toBe(text.length);
	},
	60_000
);

test('the text of a page is what a reader sees', () => {
	const page =
		'<head><title>T</title><style>p{}</style></head><p>One&nbsp;&amp; two</p><!-- no --><br>3 &lt; 4<script>x</script>';
	expect(htmlToText(page)).toBe('One & two\n\n3 < 4');
});

function mutate({ seed, cut, flips, splice }: Mutation): Uint8Array<ArrayBuffer> {
	const bytes = Uint8Array.from(seeds[seed] ?? []);
	for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value;
	const at = Math.floor(cut * bytes.length);
	if (splice === null) return bytes.slice(0, at);
	return concat(bytes.subarray(0, at), utf8(splice), bytes.subarray(at));
}
