/**
 * A file of vCards as one card after the other, while it is read: nothing is in memory but the card at which
 * the reader is, and that has a bound.
 */

import { concat, utf8 } from '../wire/bytes.ts';
import { VCARD_LIMITS } from './vcard-limits.ts';

/** The unfolded lines of a card; null: it is too large. */
export type CutCard = readonly string[] | null;

const LF = 0x0a;
const CR = 0x0d;
const WORD_BYTES = 32;

export async function* cutCards(
	chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<CutCard, undefined> {
	let card: Uint8Array[] | null = null;
	let size = 0;
	let depth = 0;
	let last = '';
	for await (const line of linesOf(toUtf8(chunks))) {
		const word = line === null ? '' : toWord(line);
		// A card that nobody ended ends where the next begins; one within another is an AGENT (RFC 2426 §3.5.4).
		const isInner = card !== null && last.startsWith('AGENT');
		if (word === 'BEGIN:VCARD' && !isInner) {
			if (card !== null) yield finish(card, size);
			[card, size, depth] = [[], 0, 1];
		} else if (card !== null) {
			if (word === 'BEGIN:VCARD') depth++;
			else if (word === 'END:VCARD') depth--;
			else if (depth === 1) {
				size += line === null ? VCARD_LIMITS.cardBytes + 1 : line.length + 1;
				if (line !== null && size <= VCARD_LIMITS.cardBytes) card.push(line);
			}
			if (depth === 0) {
				yield finish(card, size);
				card = null;
			}
		}
		last = word;
	}
	if (card !== null) yield finish(card, size);
}

/** What short lines say that are not of a value; of the others the beginning. */
function toWord(line: Uint8Array): string {
	return String.fromCharCode(...line.subarray(0, WORD_BYTES))
		.trim()
		.toUpperCase();
}

function finish(lines: readonly Uint8Array[], size: number): CutCard {
	return size > VCARD_LIMITS.cardBytes ? null : unfold(decode(lines).split('\n'));
}

/** UTF-8, or what older programs took for text; each card for itself. */
function decode(lines: readonly Uint8Array[]): string {
	const bytes = joinLines(lines);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// Bytes that are no UTF-8 are no error of whoever chose the file.
		return new TextDecoder('windows-1252').decode(bytes);
	}
}

/** A picture has a hundred thousand lines: more than a call takes arguments. */
function joinLines(lines: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0)).fill(LF);
	let at = 0;
	for (const line of lines) {
		bytes.set(line, at);
		at += line.length + 1;
	}
	return bytes;
}

/**
 * RFC 6350 §3.2. In 2.1 a line of quoted-printable that ends in "=" goes on in the next, and so does base64
 * in lines without a colon.
 */
function unfold(lines: readonly string[]): string[] {
	const parts: string[][] = [];
	const isTwo = lines.some((line) => /^VERSION:2/i.test(line));
	let isOpen = false;
	let isBase64 = false;
	let isQuoted = false;
	for (const line of lines) {
		if (line === '') continue;
		const current = parts.at(-1);
		const isFolded = /^[ \t]/.test(line);
		if (current !== undefined && isOpen) current.push(line);
		else if (current !== undefined && isFolded) {
			current.push(isTwo && !isBase64 ? line : line.slice(1));
		} else if (current !== undefined && isBase64 && !line.includes(':')) current.push(line);
		else {
			if (parts.length === VCARD_LIMITS.lines) break;
			parts.push([line]);
			// Once for each: a card may have a long first line and a million that go on with it.
			const head = line.slice(0, 200);
			isQuoted = /;(?:ENCODING=)?QUOTED-PRINTABLE/i.test(head);
			isBase64 = /;(?:ENCODING=)?(?:BASE64|B)[;:]/i.test(head);
		}
		const now = parts.at(-1) ?? [];
		isOpen = isQuoted && line.endsWith('=');
		if (isOpen) now[now.length - 1] = (now.at(-1) ?? '').slice(0, -1);
	}
	return parts.map((each) => each.join(''));
}

/** Lines without their ends, whichever; null: one that is longer than a card may be. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null> {
	let carry: Uint8Array[] = [];
	let size = 0;
	const take = (): Uint8Array | null => {
		const line = size > VCARD_LIMITS.cardBytes ? null : concat(...carry);
		[carry, size] = [[], 0];
		return line;
	};
	for await (const chunk of chunks) {
		let start = 0;
		for (let at = 0; at < chunk.length; at++) {
			if (chunk[at] !== LF && chunk[at] !== CR) continue;
			add(chunk.subarray(start, at));
			start = at + 1;
			if (size > 0) yield take();
		}
		add(chunk.slice(start));
	}
	if (size > 0) yield take();

	function add(piece: Uint8Array): void {
		size += piece.length;
		if (size <= VCARD_LIMITS.cardBytes) carry.push(piece);
		else carry = [];
	}
}

/** As it is, but for UTF-16 and the mark of UTF-8 at the beginning. */
async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let decoder: TextDecoder | null = null;
	let head: Uint8Array | null = new Uint8Array(0);
	for await (const chunk of chunks) {
		let next: Uint8Array = chunk;
		if (head !== null) {
			head = concat(head, chunk);
			if (head.length < 3) continue;
			const [first, second, third] = head;
			if (first === 0xff && second === 0xfe) decoder = new TextDecoder('utf-16le');
			if (first === 0xfe && second === 0xff) decoder = new TextDecoder('utf-16be');
			next = first === 0xef && second === 0xbb && third === 0xbf ? head.subarray(3) : head;
			head = null;
		}
		yield decoder === null ? next : utf8(decoder.decode(next, { stream: true }));
	}
	if (head !== null && head.length > 0) yield head;
}
