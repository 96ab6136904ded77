import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, utf8 } from '../wire/bytes.ts';
import { gather } from './mime-build.ts';
import { splitMbox, toMbox } from './mbox.ts';

const FROM = 'From alice@example.org Sun Nov 22 11:00:00 2026\n';

test('messages stand between separators', async () => {
	const mbox = `${FROM}Subject: a\n\nOne\n\n${FROM}Subject: b\n\nTwo\n`;
	expect(await split(mbox)).toEqual(['Subject: a\n\nOne\n', 'Subject: b\n\nTwo\n']);
});

test("Takeout's separators and line ends", async () => {
	const from = 'From 1790339427574402047@xxx Mon Feb 05 12:34:56 +0000 2024\r\n';
	const mbox = `${from}Subject: a\r\n\r\nOne\r\n\r\n${from}Subject: b\r\n\r\nTwo\r\n\r\n`;
	expect(await split(mbox)).toEqual(['Subject: a\r\n\r\nOne\r\n', 'Subject: b\r\n\r\nTwo\r\n']);
});

test('a line that only begins so is text', async () => {
	const mail = 'Subject: a\n\nFrom here on\nFrom the sea at 10:00 in 2024\n';
	expect(await split(`${FROM}${mail}`)).toEqual([mail]);
});

test('without an empty line before it a whole separator still separates', async () => {
	expect(await split(`${FROM}Subject: a\n\nOne\n${FROM}Subject: b\n\nTwo\n`)).toHaveLength(2);
});

test('what was quoted comes as it was', async () => {
	const mbox = `${FROM}Subject: a\n\n>From here\n>>From there\n> From nowhere\n`;
	expect(await split(mbox)).toEqual(['Subject: a\n\nFrom here\n>From there\n> From nowhere\n']);
});

test('a mail of nothing but quoted lines comes whole', async () => {
	const lines = 'From \n'.repeat(400_000);
	const quoted = lines.replaceAll('From', '>From');
	const mbox = utf8(`${FROM}Subject: a\n\n${quoted}`);
	const [mail, ...more] = await Array.fromAsync(splitMbox(inPieces(mbox, 1_000_000)));
	expect(more).toEqual([]);
	expect(mail && toText(mail.bytes) === `Subject: a\n\n${lines}`).toBe(true);
});

test('text before the first separator is not lost', async () => {
	expect(await split(`Subject: lost\n\nand found\n\n${FROM}Subject: a\n\nOne\n`)).toHaveLength(2);
	expect(await split(`\n\n${FROM}Subject: a\n\nOne\n`)).toHaveLength(1);
});

test('a run goes on where another stopped', async () => {
	const mbox = utf8(
		Array.from({ length: 5 }, (_, i) => `${FROM}Subject: ${String(i)}\n\nHi\n\n`).join('')
	);
	const found: string[] = [];
	let next = 0;
	for (let run = 0; run < 5; run++) {
		for await (const mail of splitMbox(inPieces(mbox.subarray(next), 7), next)) {
			found.push(toText(mail.bytes));
			next = mail.next;
			break; // interrupted after each message
		}
	}
	expect(found).toEqual([0, 1, 2, 3, 4].map((i) => `Subject: ${String(i)}\n\nHi\n`));
});

test('whatever a message says, and however it is cut, it comes back as it went in', async () => {
	const unit = fc.constantFrom(
		'From ',
		'>From ',
		'>',
		'\n',
		'\n\n',
		'\r\n',
		'a',
		' 11:00:00 2026',
		FROM
	);
	const mails = fc.array(fc.string({ unit, minLength: 1 }), { minLength: 1, maxLength: 5 });
	await fc.assert(
		fc.asyncProperty(mails, fc.integer({ min: 1, max: 50 }), async (texts, size) => {
			const all = texts.map((text) => `Subject: x\n\n${text}\n`);
			const parts: Uint8Array[] = [];
			for (const text of all) {
				const about = { from: 'a@example.org', date: Date.UTC(2026, 10, 22) };
				parts.push(await gather(toMbox(inPieces(utf8(text), size), about)));
			}
			const back = await Array.fromAsync(splitMbox(inPieces(concat(...parts), size)));
			expect(back.map(({ bytes }) => toText(bytes))).toEqual(all);
		}),
		{ numRuns: 300 }
	);
});

test('bytes of any kind never stop it, and none are lost', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
			const back = await Array.fromAsync(splitMbox(inPieces(bytes, 13)));
			const size = back.reduce((sum, mail) => sum + toText(mail.bytes).length, 0);
			expect(size).toBeLessThanOrEqual(bytes.length);
		})
	);
});

test('a line without an end costs no memory and no time', async () => {
	const long = new Uint8Array(20 * 1024 * 1024).fill(0x61);
	const [mail] = await Array.fromAsync(splitMbox(inPieces(concat(utf8(FROM), long), 1 << 20)));
	expect(mail?.bytes instanceof Uint8Array && mail.bytes.length).toBe(long.length);
});

async function split(mbox: string): Promise<string[]> {
	const whole = await Array.fromAsync(splitMbox(inPieces(utf8(mbox), 1000)));
	const cut = await Array.fromAsync(splitMbox(inPieces(utf8(mbox), 3)));
	expect(cut).toEqual(whole);
	return whole.map(({ bytes }) => toText(bytes));
}

function toText(bytes: Uint8Array | Blob): string {
	if (bytes instanceof Blob) throw new Error('it is not that large');
	return new TextDecoder('latin1').decode(bytes);
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) {
		yield await Promise.resolve(bytes.subarray(at, at + size));
	}
}
