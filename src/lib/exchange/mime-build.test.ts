import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../wire/bytes.ts';
import { buildMime, gather, type OutgoingFile, type OutgoingMail } from './mime-build.ts';
import { readMime } from './mime-read.ts';

const BASE: OutgoingMail = {
	from: { name: 'Alice', address: 'alice@example.org' },
	to: [{ name: 'Bob', address: 'bob@example.org' }],
	cc: [],
	bcc: [],
	subject: 'Rent',
	date: Date.UTC(2026, 10, 22, 11, 0, 0),
	messageId: 'one@example.org',
	inReplyTo: null,
	references: [],
	text: 'Hello',
	html: null,
	files: []
};

const line = fc.string({ unit: 'grapheme', maxLength: 200 });
/** As a reader may fold it: one space where there was any. */
const folded = (text: string) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

test('every subject and name comes back', async () => {
	const samples = fc.oneof(line, fc.string({ unit: 'grapheme-ascii', maxLength: 300 }));
	await fc.assert(
		fc.asyncProperty(samples, samples, async (subject, name) => {
			const to = [{ name, address: 'bob@example.org' }];
			const mail = await roundTrip({ ...BASE, subject, to });
			expect(folded(mail?.subject ?? '')).toBe(folded(subject));
			expect(mail?.to[0]?.address).toBe('bob@example.org');
			expect(mail?.to[0]?.name).toBe(folded(name).slice(0, 200).trim());
		}),
		{ numRuns: 300 }
	);
});

test('every text and page comes back, line for line', async () => {
	const text = fc.string({
		unit: fc.constantFrom('a', ' ', '\t', '\n', '=', 'From ', 'é', '漢', '.', '-')
	});
	await fc.assert(
		fc.asyncProperty(text, text, fc.boolean(), async (plain, html, isBoth) => {
			const mail = await roundTrip({ ...BASE, text: plain, html: isBoth ? `<p>${html}` : null });
			expect(withoutEnd(mail?.text)).toBe(withoutEnd(plain));
			if (isBoth) expect(withoutEnd(mail?.html ?? '')).toBe(withoutEnd(`<p>${html}`));
		}),
		{ numRuns: 300 }
	);
});

test('every file comes back, byte for byte, under its name', async () => {
	const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
	const files = fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 500 }), fc.boolean()), {
		maxLength: 4
	});
	await fc.assert(
		fc.asyncProperty(files, fc.boolean(), async (list, isPage) => {
			const named = list.filter(([each]) => folded(each) !== '');
			const mail = await roundTrip({
				...BASE,
				html: isPage ? '<img src="cid:a0">' : null,
				files: named.map(([each, bytes, isInline], at) => ({
					...toFile(each, bytes),
					inline: isInline ? `a${String(at)}` : null
				}))
			});
			const back = mail?.files.map((file) => [file.name, [...file.content]] as const) ?? [];
			const sent = named.map(([each, bytes]) => [folded(each), [...bytes]] as const);
			// Pictures of the page stand before what is attached.
			expect(new Map(back.map(([each, bytes]) => [`${each}:${String(bytes)}`, 0]))).toEqual(
				new Map(sent.map(([each, bytes]) => [`${each}:${String(bytes)}`, 0]))
			);
			expect(back).toHaveLength(sent.length);
		}),
		{ numRuns: 200 }
	);
});

test('it is ASCII in short lines, whatever is in it', async () => {
	await fc.assert(
		fc.asyncProperty(line, line, line, async (subject, name, text) => {
			const bytes = await gather(
				buildMime({
					...BASE,
					...{ subject, text, html: text },
					from: { name, address: 'alice@example.org' },
					files: [toFile(name || 'a', utf8(text))]
				})
			);
			const lines = fromUtf8(bytes).split('\r\n');
			expect(bytes.every((byte) => byte < 0x7f)).toBe(true);
			expect(lines.every((each) => each.length <= 78 && !/[\r\n]/.test(each))).toBe(true);
		}),
		{ numRuns: 200 }
	);
});

test('nothing that is written into a field begins another one', async () => {
	const evil = 'a\r\nBcc: mallory@example.org\r\n\r\nbody';
	const built = fromUtf8(
		await gather(
			buildMime({
				...BASE,
				...{ subject: evil, messageId: evil, references: [evil], inReplyTo: evil },
				from: { name: evil, address: evil },
				files: [{ ...toFile(evil, utf8('x')), type: evil }]
			})
		)
	);
	expect(built).not.toMatch(/^Bcc:/im);
	expect((await readMime(utf8(built)))?.bcc).toEqual([]);
});

test('an address beyond ASCII is named, and cannot be answered', async () => {
	const mail = await roundTrip({ ...BASE, to: [{ name: 'Jörg', address: 'jörg@exämple.org' }] });
	expect(mail?.to).toEqual([]);
	expect(mail?.fields.get('to')).toContain('=?UTF-8?B?');
});

test('ids, references and the date stand in their fields', async () => {
	const references = ['a@x.org', 'b@x.org'];
	const mail = await roundTrip({ ...BASE, references, inReplyTo: 'b@x.org' });
	expect(mail).toMatchObject({ messageId: BASE.messageId, references, date: BASE.date });
});

test('a nested mail goes as a file: base64 is not for its type', async () => {
	const bytes = utf8('Subject: inner\r\n\r\nHello\r\n');
	const mail = await roundTrip({
		...BASE,
		files: [{ ...toFile('a.eml', bytes), type: 'message/rfc822' }]
	});
	expect(mail?.files[0]?.content).toEqual(bytes);
	expect(mail?.files[0]?.type).toBe('application/octet-stream');
});

async function roundTrip(mail: OutgoingMail) {
	return readMime(await gather(buildMime(mail)));
}

function withoutEnd(text = ''): string {
	return text.replace(/\r\n?/g, '\n').replace(/\s+$/, '');
}

function toFile(name: string, bytes: Uint8Array): OutgoingFile {
	return {
		...{ name, type: 'application/octet-stream', inline: null },
		async *read() {
			// In two pieces, for large ones come so.
			yield await Promise.resolve(bytes.subarray(0, bytes.length >> 1));
			yield bytes.subarray(bytes.length >> 1);
		}
	};
}
