import { expect, test } from 'vitest';
import { buildMime, gather } from '../../src/lib/exchange/mime-build.ts';
import { readMime, type ReadMail } from '../../src/lib/exchange/mime-read.ts';
import { readSamples, wordsOf, type Expected } from './mime-corpus.ts';

/** What we read otherwise, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
	// It has been withdrawn from the web's encodings (encoding.spec.whatwg.org §4.2): no browser reads it.
	'UTF-7': ['legacy/001.eml', 'legacy/005.eml', 'legacy/034.eml'],
	// The oracle shows the characters, we the bytes that they would be.
	'prose that says that it is base64': ['rfc/000.eml', 'thirdparty/002.eml', 'malformed/017.eml'],
	// Of an alternative without its first boundary the oracle takes all for plain text, we the page.
	'an alternative that never begins': ['malformed/020.eml']
};
const EXCEPTED = Object.values(EXCEPTIONS).flat();

const samples = await readSamples();
const regular = samples.filter(({ name }) => !EXCEPTED.includes(name));

test('there are three exceptions', () => {
	expect(Object.keys(EXCEPTIONS)).toHaveLength(3);
});

test.skipIf(samples.length === 0)('the corpus reads as its oracle says', async () => {
	const wrong: string[] = [];
	for (const { name, bytes, expected } of regular) {
		const read = await readMime(bytes);
		for (const fault of await faultsOf(read, expected)) wrong.push(`${name}: ${fault}`);
	}
	expect(wrong).toEqual([]);
});

test.skipIf(samples.length === 0)(
	'what is read, built anew and read again is the same',
	async () => {
		const wrong: string[] = [];
		for (const { name, bytes, expected } of regular) {
			const read = await readMime(bytes);
			const again = read && (await readMime(await gather(buildMime(toOutgoing(read)))));
			for (const fault of await faultsOf(again, expected)) wrong.push(`${name}: ${fault}`);
		}
		expect(wrong).toEqual([]);
	}
);

function toOutgoing(read: ReadMail) {
	return {
		...read,
		date: read.date ?? 0,
		messageId: read.messageId ?? 'none@example.org',
		inReplyTo: null,
		files: read.files.map((file) => ({
			...file,
			async *read() {
				yield await Promise.resolve(file.content);
			}
		}))
	};
}

async function faultsOf(read: ReadMail | null, expected: Expected): Promise<string[]> {
	if (read === null) return ['not read'];
	const faults: string[] = [];
	const subject = (expected.subject ?? '').replace(/\s+/g, ' ').trim();
	if (!isSame(read.subject, subject)) faults.push(`subject ${read.subject}`);
	const words = await allWords(read);
	const lost = expected.words.filter((word) => !words.has(word));
	if (lost.length > 0) faults.push(`words ${lost.slice(0, 5).join(' ')}`);
	for (const { name, content } of expected.files) {
		const named = name === null ? read.files : read.files.filter((file) => isSame(file.name, name));
		const isText = typeof content === 'string';
		const isThere = isText
			? wordsOf(content).every((word) => words.has(word)) && (name === null || named.length > 0)
			: named.some((file) => bare(file.content) === bare(content));
		if (!isThere) faults.push(`file ${String(name)}`);
	}
	return faults;
}

/** Where the oracle could not decode a byte, any will do. */
function isSame(text: string, expected: string): boolean {
	const parts = expected.replace(/\s+/g, ' ').trim().split('\ufffd').map(RegExp.escape);
	return new RegExp(`^${parts.join('.{1,3}')}$`, 'u').test(text);
}

/** Line by line: 7bit parts come with line feeds alone. */
function bare(content: Uint8Array): string {
	return new TextDecoder('latin1').decode(content).replace(/\r/g, '').trimEnd();
}

/** Of texts and files, in whatever charset they are; and of mails in mails. */
async function allWords({ text, html, files }: ReadMail): Promise<ReadonlySet<string>> {
	const words = new Set(wordsOf(`${text}\n${html ?? ''}`));
	for (const { name, type, content } of files) {
		for (const charset of ['utf-8', 'latin1', 'shift_jis']) {
			for (const word of wordsOf(new TextDecoder(charset).decode(content))) words.add(word);
		}
		const isMail = type === 'message/rfc822' || /\.(eml|txt)$/.test(name);
		const inner = isMail ? await readMime(content) : null;
		for (const word of inner === null ? [] : await allWords(inner)) words.add(word);
	}
	return words;
}
