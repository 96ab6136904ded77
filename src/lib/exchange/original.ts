/**
 * The original bytes of a brought message. What stands in it in base64, line for line as we would write
 * it, is kept once: as the attachment, which is put back when the original is asked for. Whether that
 * gives the same bytes is tried before anything is left out.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { FileUnavailable } from '../post/files.ts';
import type { LegacyPart, LegacyRecord } from '../post/records.ts';
import { concat, equal } from '../wire/bytes.ts';
import type { Attachment } from '../wire/mail.ts';
import { base64Lines, encodeBase64, type Base64Lines } from './base64.ts';

/** Smaller ones are not worth the search: they stay in the original, too. */
const WORTHWHILE_BYTES = 4096;
/** Looked for in the original, then compared in full: the code of this many bytes. */
const PROBE_BYTES = 48;
/** Longest line that anybody writes (RFC 5322 §2.1.1). */
const LONGEST_LINE = 998;
/** Searches in vain, each of which reads the rest of the original. */
const MISSES = 16;

export interface Split {
	readonly rest: Uint8Array<ArrayBuffer>;
	readonly parts: readonly LegacyPart[];
}

/** @param contents of its attachments, in their order */
export function splitOriginal(original: Uint8Array, contents: readonly Uint8Array[]): Split {
	const kept: Uint8Array[] = [];
	const parts: LegacyPart[] = [];
	let from = 0;
	let at = 0;
	let misses = 0;
	for (const [attachment, content] of contents.entries()) {
		if (content.length < WORTHWHILE_BYTES || misses > MISSES) continue;
		const found = findCode(original, content, from);
		if (found === null) misses++;
		if (found === null) continue;
		const { start, length, lines } = found;
		kept.push(original.subarray(from, start));
		at += start - from;
		parts.push({ at, attachment, ...lines });
		from = start + length;
	}
	return { rest: concat(...kept, original.subarray(from)), parts };
}

interface Found {
	readonly start: number;
	readonly length: number;
	readonly lines: Base64Lines;
}

function findCode(original: Uint8Array, content: Uint8Array, from: number): Found | null {
	const start = lineWith(original, encodeBase64(content.subarray(0, PROBE_BYTES)), from);
	if (start === null) return null;
	const lines = linesAt(original, start);
	if (lines === null) return null;
	const code = encodeLines(content, lines);
	const length = code.length;
	return equal(original.subarray(start, start + length), code) ? { start, length, lines } : null;
}

function linesAt(original: Uint8Array, start: number): Base64Lines | null {
	const feed = original.subarray(start, start + LONGEST_LINE + 2).indexOf(0x0a);
	if (feed < 1) return null;
	const isCr = original[start + feed - 1] === 0x0d;
	const width = isCr ? feed - 1 : feed;
	return width > 0 && width % 4 === 0 ? { width, end: isCr ? '\r\n' : '\n' } : null;
}

function encodeLines(content: Uint8Array, { width, end }: Base64Lines): Uint8Array {
	const code = encodeBase64(content);
	const count = Math.ceil(code.length / width);
	const lines = new Uint8Array(code.length + (count - 1) * end.length);
	for (let line = 0, to = 0; line < count; line++) {
		for (let i = 0; line > 0 && i < end.length; i++) lines[to++] = end.charCodeAt(i);
		const part = code.subarray(line * width, (line + 1) * width);
		lines.set(part, to);
		to += part.length;
	}
	return lines;
}

/** Where a line begins so: each byte is read a bounded number of times, whatever the original holds. */
function lineWith(bytes: Uint8Array, beginning: Uint8Array, from: number): number | null {
	for (let feed = bytes.indexOf(0x0a, from); feed >= 0; feed = bytes.indexOf(0x0a, feed + 1)) {
		const start = feed + 1;
		if (bytes[start] !== beginning[0]) continue;
		if (equal(bytes.subarray(start, start + beginning.length), beginning)) return start;
	}
	return null;
}

/** Byte for byte; throws `FileUnavailable` at its end where it is not, and what `open` throws. */
export async function* readOriginal(
	legacy: LegacyRecord,
	attachments: readonly Attachment[],
	open: (file: Attachment) => AsyncIterable<Uint8Array<ArrayBuffer>>
): AsyncGenerator<Uint8Array> {
	const whole = sha256.create();
	for await (const piece of joinParts(legacy, attachments, open)) {
		whole.update(piece);
		yield piece;
	}
	if (!equal(whole.digest(), legacy.sha256)) throw new FileUnavailable('damaged');
}

async function* joinParts(
	{ rest, parts }: LegacyRecord,
	attachments: readonly Attachment[],
	open: (file: Attachment) => AsyncIterable<Uint8Array<ArrayBuffer>>
): AsyncGenerator<Uint8Array> {
	let at = 0;
	let next = 0;
	for await (let piece of open(rest)) {
		for (let part = parts[next]; part !== undefined; part = parts[next]) {
			if (part.at > at + piece.length) break;
			yield piece.subarray(0, part.at - at);
			piece = piece.subarray(part.at - at);
			at = part.at;
			const file = attachments[part.attachment];
			if (file === undefined) throw new FileUnavailable('damaged');
			yield* base64Lines(open(file), part);
			next++;
		}
		yield piece;
		at += piece.length;
	}
}
