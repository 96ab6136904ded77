import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../wire/bytes.ts';
import { readCardBatches } from './vcard-batches.ts';
import { cutCards } from './vcard-cut.ts';
import { VCARD_LIMITS } from './vcard-limits.ts';
import { readCard, type ReadCard } from './vcard-read.ts';
import { writeCards } from './vcard-write.ts';

const OURS = 'mira@k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8.ipns';
const KEY = OURS.slice(5, -5);

async function readAll(bytes: Uint8Array<ArrayBuffer>, takesPhotos = true) {
	const cards: ReadCard[] = [];
	let [unreadable, tooMany] = [0, 0];
	for await (const batch of readCardBatches([new Blob([bytes])], takesPhotos)) {
		cards.push(...batch.cards);
		unreadable += batch.unreadable;
		tooMany += batch.tooMany;
	}
	return { cards, unreadable, tooMany };
}

const read = async (text: string) => (await readAll(utf8(text))).cards;
const card = (...lines: readonly string[]) =>
	['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');

test('Google: groups of its own, telephones, and pictures that stand elsewhere', async () => {
	const text = card(
		...[
			'VERSION:3.0',
			'FN:Mira Keßler',
			'N:Keßler;Mira;;;',
			'EMAIL;TYPE=INTERNET:Mira@Example.org'
		],
		...[
			'TEL;TYPE=CELL:+49 431 1',
			'PHOTO:https://lh3.example/photo.jpg',
			'NOTE:one\\, two\\nthree'
		],
		...[
			'item1.URL:https\\://example.org',
			'item1.X-ABLabel:_$!<HomePage>!$_',
			'CATEGORIES:myContacts,Choir'
		]
	);
	const [one] = await read(text);
	expect(one).toMatchObject({
		...{ name: 'Mira Keßler', addresses: ['mira@example.org'], notes: 'one, two\nthree' },
		...{ groups: ['Choir'], photo: null, hasPhoto: false, isGroup: false }
	});
	expect(one?.facts).toContainEqual({ kind: 'tel', text: '+49 431 1' });
});

test('Apple: a folded picture, two addresses, a group card', async () => {
	const base64 = Buffer.from(Uint8Array.from({ length: 300 }, (_, at) => at % 256)).toString(
		'base64'
	);
	const folded = (base64.match(/.{1,70}/g) ?? []).join('\r\n ');
	const person = card(
		...[
			'VERSION:3.0',
			'PRODID:-//Apple Inc.//macOS 14//EN',
			'N:Reimers;Jakob;;;',
			'FN:Jakob Reimers'
		],
		...[
			'EMAIL;type=INTERNET;type=HOME;type=pref:j@a.example',
			'item1.EMAIL;type=INTERNET:j@b.example'
		],
		...[`PHOTO;ENCODING=b;TYPE=JPEG:${folded}`, 'UID:ABC-1:ABPerson', 'ORG:Roofs Ltd;']
	);
	const group = card(
		...['VERSION:3.0', 'FN:Choir', 'X-ADDRESSBOOKSERVER-KIND:group'],
		...['X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:ABC-1:ABPerson', 'UID:G1']
	);
	const [one, other] = await read(person + group);
	expect(one).toMatchObject({ uid: 'abc-1:abperson', addresses: ['j@a.example', 'j@b.example'] });
	expect(one?.photo).toHaveLength(300);
	expect(one?.facts).toContainEqual({ kind: 'org', text: 'Roofs Ltd' });
	expect(other).toMatchObject({ isGroup: true, name: 'Choir', members: ['abc-1:abperson'] });
});

test('Outlook: 2.1 in its own letters, quoted-printable over lines, bare parameters', async () => {
	const text = [
		...['BEGIN:VCARD', 'VERSION:2.1'],
		...[
			'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Ke=DFler;Mira',
			'FN;CHARSET=UTF-8;QUOTED-PRINTABLE:Mira=20='
		],
		...['Ke=C3=9Fler', 'EMAIL;PREF;INTERNET:mira@example.org', 'TEL;HOME;VOICE:431'],
		...[
			'NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=',
			'two; three',
			'PHOTO;TYPE=JPEG;ENCODING=BASE64:'
		],
		...[' AAEC', ' AwQF', '', 'END:VCARD', '']
	].join('\r\n');
	const [one] = await read(text);
	expect(one).toMatchObject({ name: 'Mira Keßler', addresses: ['mira@example.org'] });
	expect(one?.notes).toBe('one\ntwo; three');
	expect(one?.photo).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5));
});

test('Thunderbird: 4.0, with a picture inside', async () => {
	const text = card(
		...[
			'VERSION:4.0',
			'EMAIL;PREF=1:zoe@example.org',
			'FN:Zoë',
			'NICKNAME:Zo',
			'BDAY;VALUE=DATE:19800412'
		],
		...[
			'PHOTO;VALUE=URI:data:image/png;base64\\,iVBORw0K',
			'UID:urn:uuid:1',
			'ADR:;;Weg 1;Kiel;;24103;'
		]
	);
	const [one] = await read(text.replace('\\,', ','));
	expect(one).toMatchObject({ name: 'Zoë', alias: '', uid: '1', hasPhoto: true });
	expect(one?.facts).toContainEqual({ kind: 'adr', text: 'Weg 1, Kiel, 24103' });
});

test('letters of older programs and of others', async () => {
	const text = card('VERSION:3.0', 'FN:Keßler', 'EMAIL:k@example.org');
	const latin = Uint8Array.from(text, (one) => one.charCodeAt(0));
	const utf16 = Uint8Array.from([
		0xff,
		0xfe,
		...new Uint8Array(Uint16Array.from(text, (one) => one.charCodeAt(0)).buffer)
	]);
	for (const bytes of [latin, utf16, utf8(`\ufeff${text}`), utf8(text.replaceAll('\r\n', '\r'))]) {
		expect((await readAll(bytes)).cards).toMatchObject([{ name: 'Keßler' }]);
	}
});

test('our own cards come back whole', async () => {
	const notes = 'Two\nlines; commas, \\ "quotes"\nEND:VCARD\nBEGIN:VCARD 🏠'.repeat(5);
	const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 251);
	const text = writeCards([
		{
			...{
				uid: 'p1',
				name: 'Grumpy Bob',
				nickname: 'Grumpy Bob',
				addresses: [OURS, 'bob@example.org']
			},
			...{ notes, photo: { type: 'image/webp', bytes }, groups: ['a,b', 'House'] }
		}
	]);
	const [one] = await read(text);
	expect(one).toMatchObject({
		...{ uid: 'p1', name: 'Grumpy Bob', alias: 'Grumpy Bob', addresses: [KEY, 'bob@example.org'] },
		...{ notes, groups: ['a,b', 'House'], photo: bytes }
	});
});

test('what is broken takes nothing else with it', async () => {
	const good = card('VERSION:3.0', 'FN:Good', 'EMAIL:good@example.org');
	const bad = [
		'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Never ended\r\nEMAIL:a@b\r\n',
		card('VERSION:3.0', 'FN', ';;;:::', 'EMAIL;TYPE="open:x@y', 'NO COLON', 'PHOTO;ENCODING=b:###'),
		card('VERSION:3.0', 'AGENT:', 'BEGIN:VCARD', 'FN:Inner', 'END:VCARD', 'FN:Outer', 'EMAIL:o@b'),
		'\r\n\0\0END:VCARD\r\nfoo\r\n'
	];
	const { cards, unreadable } = await readAll(utf8(bad.join('') + good));
	expect(cards.map(({ name }) => name)).toEqual(['Never ended', 'Outer', 'Good']);
	expect(unreadable).toBe(1);
});

test('bounds: what is beyond them is counted', async () => {
	const huge = card('VERSION:3.0', 'FN:Huge', `NOTE:${'x'.repeat(VCARD_LIMITS.cardBytes)}`);
	const good = card('VERSION:3.0', 'FN:Good', 'EMAIL:good@example.org');
	expect(await readAll(utf8(huge + good))).toMatchObject({
		unreadable: 1,
		cards: [{ name: 'Good' }]
	});
	const many = await readAll(utf8(good.repeat(VCARD_LIMITS.cards + 2)), false);
	expect(many).toMatchObject({ tooMany: 2, cards: { length: VCARD_LIMITS.cards } });
	const lines = card(['VERSION:3.0', 'FN:Lines', 'X:1\r\n'.repeat(200_000)].join('\r\n'));
	expect((await read(lines))[0]?.name).toBe('Lines');
});

test('no line keeps its reader busy', async () => {
	const pieces = Array.from({ length: 500_000 }, () => ' =').join('\r\n');
	const text = card(
		...['VERSION:2.1', `NOTE:${'x'.repeat(4_000_000)}`, pieces],
		...Array.from({ length: 20 }, () => `TEL${';A=B'.repeat(20_000)}:1`),
		...['TEL;TYPE="a:b;c",HOME:5', 'FN:Mira']
	);
	const from = performance.now();
	expect(await read(text)).toMatchObject([{ name: 'Mira', facts: [{ kind: 'tel', text: '5' }] }]);
	expect(performance.now() - from).toBeLessThan(8_000);
});

test('whatever is in a file, it is read to its end', async () => {
	const word = fc.constantFrom(
		...[
			'BEGIN:VCARD',
			'END:VCARD',
			'VERSION:2.1',
			'VERSION:4.0',
			'AGENT:',
			'FN:Mira',
			' folded',
			'\tx',
			'='
		],
		...[
			'EMAIL;INTERNET:a@b.c',
			'N;QUOTED-PRINTABLE:=C3=',
			'PHOTO;BASE64:',
			'AAAA',
			'KIND:group',
			'"',
			';:,=\\'
		],
		...[
			'item1.EMAIL:',
			'TEL;TYPE="',
			'MEMBER:urn:uuid:',
			'URL:#i=AAAA',
			'ORG:;;;',
			'IMPP:web+defms:k51'
		]
	);
	const piece = fc.oneof(word, fc.string({ unit: 'binary', maxLength: 40 }));
	const file = fc.array(piece, { maxLength: 60 }).map((lines) => utf8(lines.join('\r\n')));
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(file, fc.uint8Array({ maxLength: 400 })),
			fc.nat(7),
			async (bytes, size) => {
				async function* chunks() {
					for (let at = 0; at < bytes.length; at += size + 1)
						yield bytes.subarray(at, at + size + 1);
				}
				const cut: (readonly string[] | null)[] = [];
				for await (const lines of cutCards(chunks())) cut.push(lines);
				const whole = await readAll(Uint8Array.from(bytes));
				const cards = cut.flatMap((lines) => (lines === null ? [] : (readCard(lines, true) ?? [])));
				expect(whole.cards).toEqual(cards);
				for (const { name, addresses } of cards) {
					expect(name).not.toMatch(/[\n\u202e]/);
					expect(addresses.length).toBeLessThanOrEqual(VCARD_LIMITS.addresses);
				}
			}
		),
		{ numRuns: 300 }
	);
});
