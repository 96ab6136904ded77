import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { PRODUCT, writeCards, type CardToWrite } from './vcard-write.ts';

const ADDRESS = 'mira@k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8.ipns';

const CARD: CardToWrite = {
	uid: 'k51',
	name: 'Mira Keßler',
	addresses: [ADDRESS],
	notes: '',
	photo: null,
	groups: []
};

function read(text: string): Record<string, unknown[]>[] {
	const parsed: unknown = ICAL.parse(text);
	const cards = Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : parsed;
	if (!Array.isArray(cards)) throw new Error('no cards');
	return cards.map((card: [string, [string, object, string, ...unknown[]][]]) =>
		Object.fromEntries(card[1].map(([name, , , ...values]) => [name, values]))
	);
}

test('what is written is read back as it was, whatever stands in it', () => {
	const notes = 'Two\nlines; commas, \\ backslashes: "quotes"\nEND:VCARD\nBEGIN:VCARD 🏠'.repeat(9);
	const hostile = { ...CARD, name: 'A;B,C\\n\nEND:VCARD\u2028D', notes, groups: ['a,b', 'c;d'] };
	const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 251);
	const pictured = { ...CARD, photo: { type: 'image/webp', bytes } };
	const [first, second, third] = read(writeCards([CARD, hostile, pictured]));
	expect(first).toEqual({
		version: ['4.0'],
		prodid: [PRODUCT],
		uid: ['k51'],
		fn: ['Mira Keßler'],
		email: [ADDRESS],
		impp: [`web+defms:${ADDRESS}`]
	});
	expect(second).toMatchObject({ fn: [hostile.name], note: [notes], categories: hostile.groups });
	const data = `data:image/webp;base64,${Buffer.from(bytes).toString('base64')}`;
	expect(third?.['photo']).toEqual([data]);
});

test('no line is longer than 75 octets, none is cut within a letter', () => {
	const text = writeCards([{ ...CARD, notes: 'Fußgängerübergänge 🏠'.repeat(40) }]);
	for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(76);
	expect(text).not.toContain('\ufffd');
});
