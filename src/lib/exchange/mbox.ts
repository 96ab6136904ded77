/**
 * An mbox as a stream → its messages, one after the other (RFC 4155; quoting as of "mboxrd": `>From ` was
 * `From `). Memory stays at one message; of one that is too large to be read, at one piece.
 */

import { concat } from '../wire/bytes.ts';

/** Larger ones are kept without being read: 64 MiB, twice what large providers take. */
export const READ_BYTES = 64 * 1024 * 1024;
/** Pieces of a larger one, which a browser may lay on disk: 16 MiB. */
const PIECE_BYTES = 16 * 1024 * 1024;
/** A longer line is no separator, and is not waited for. */
const LINE_BYTES = 64 * 1024;
const FROM = new TextEncoder().encode('From ');
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x3e;

export interface RawMail {
	readonly bytes: Uint8Array<ArrayBuffer> | Blob;
	/** Where the next one begins, in bytes from the beginning of the file. */
	readonly next: number;
}

/** @param start where the source begins: at a separator, that is at the `next` of an earlier run */
export async function* splitMbox(
	source: AsyncIterable<Uint8Array>,
	start = 0
): AsyncGenerator<RawMail> {
	const lines = new Lines(start);
	for await (const chunk of source) yield* lines.take(chunk);
	yield* lines.end();
}

/** Cuts what comes into lines, and lines into messages. */
class Lines {
	#held: Uint8Array = new Uint8Array(0);
	/** Where `#held` begins in the file. */
	#at: number;
	#isInLine = false;
	#isAfterBlank = true;
	#mail = new MailBytes();

	constructor(start: number) {
		this.#at = start;
	}

	*take(chunk: Uint8Array): Generator<RawMail> {
		const bytes = concat(this.#held, chunk);
		const state = { kept: 0, line: 0 };
		for (let feed = bytes.indexOf(LF); feed >= 0; feed = bytes.indexOf(LF, state.line)) {
			yield* this.#line(bytes, state, feed);
			state.line = feed + 1;
		}
		// What has no end yet waits for it, unless it is too long to matter.
		const isLong = bytes.length - state.line > LINE_BYTES;
		const end = isLong ? bytes.length : state.line;
		this.#mail.add(bytes.subarray(state.kept, end));
		if (isLong) this.#isInLine = true;
		this.#held = bytes.slice(end);
		this.#at += end;
	}

	*#line(bytes: Uint8Array, state: { kept: number; line: number }, feed: number) {
		const { line } = state;
		const isWhole = !this.#isInLine;
		this.#isInLine = false;
		const first = bytes[line];
		if (
			isWhole &&
			first === FROM[0] &&
			isSeparator(bytes.subarray(line, feed), this.#isAfterBlank)
		) {
			this.#mail.add(bytes.subarray(state.kept, line));
			yield* this.#next(this.#at + line);
			state.kept = feed + 1;
		} else if (isWhole && first === QUOTE && isQuotedFrom(bytes.subarray(line, feed))) {
			this.#mail.add(bytes.subarray(state.kept, line));
			state.kept = line + 1;
		}
		const isBlank = feed === line || (feed === line + 1 && first === CR);
		this.#isAfterBlank = isWhole && isBlank;
	}

	*end(): Generator<RawMail> {
		this.#mail.add(this.#held);
		yield* this.#next(this.#at + this.#held.length);
	}

	*#next(next: number): Generator<RawMail> {
		const bytes = this.#mail.end();
		this.#mail = new MailBytes();
		if (bytes !== null) yield { bytes, next };
	}
}

/**
 * `From `, whose, and when. After an empty line a time and a year are enough; elsewhere the whole date must
 * stand as `asctime` writes it, for somebody may begin a line so.
 */
function isSeparator(line: Uint8Array, isAfterBlank: boolean): boolean {
	if (!startsWith(line, FROM)) return false;
	const text = new TextDecoder('latin1').decode(line.subarray(0, 300)).trimEnd();
	return isAfterBlank
		? /^From .*\d{1,2}:\d{2}.*\b\d{4}\b/.test(text)
		: /^From \S+ +\w{3} \w{3} +\d{1,2} \d{2}:\d{2}:\d{2} (?:\S+ )?\d{4}(?: \S+)?$/.test(text);
}

function isQuotedFrom(line: Uint8Array): boolean {
	let at = 0;
	while (line[at] === QUOTE) at++;
	return startsWith(line.subarray(at, at + FROM.length), FROM);
}

/** A line that has come in part: may its next bytes make it one that is quoted? */
function mayBecomeFrom(begun: Uint8Array): boolean {
	if (begun.length > LINE_BYTES) return false;
	let at = 0;
	while (begun[at] === QUOTE) at++;
	const rest = begun.subarray(at);
	return rest.length < FROM.length && rest.every((byte, i) => byte === FROM[i]);
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
	return beginning.every((byte, at) => bytes[at] === byte);
}

/** Small parts that are held apart: a message of nothing but quoted lines has millions. */
const SMALL_PARTS = 1024;

/** What one message consists of, as it comes. */
class MailBytes {
	#parts: Uint8Array[] = [];
	/** Those at the beginning that were made one of many. */
	#joined = 0;
	#blobs: Blob[] = [];
	#held = 0;
	#size = 0;

	add(part: Uint8Array): void {
		if (part.length === 0) return;
		this.#parts.push(part.slice());
		this.#held += part.length;
		this.#size += part.length;
		if (this.#parts.length - this.#joined >= SMALL_PARTS) {
			this.#parts.push(concat(...this.#parts.splice(this.#joined)));
			this.#joined = this.#parts.length;
		}
		if (this.#size <= READ_BYTES || this.#held < PIECE_BYTES) return;
		// The last bytes stay at hand: a separator's empty line may be among them.
		const held = concat(...this.#parts);
		const keep = held.length - 2;
		this.#blobs.push(new Blob([held.slice(0, keep)]));
		this.#parts = [held.slice(keep)];
		this.#joined = 0;
		this.#held = 2;
	}

	/** Without the empty line before a separator, which is no part of it; `null`: there was nothing. */
	end(): RawMail['bytes'] | null {
		const held = concat(...this.#parts);
		const rest = held.slice(0, held.length - blankEnd(held));
		if (this.#blobs.length > 0) return new Blob([...this.#blobs, rest]);
		if (rest.every((byte) => byte === LF || byte === CR)) return null;
		return this.#size > READ_BYTES ? new Blob([rest]) : rest;
	}
}

/** Bytes of an empty line at the end. */
function blankEnd(bytes: Uint8Array): number {
	const [third, second, last] = [bytes.at(-3), bytes.at(-2), bytes.at(-1)];
	if (last !== LF) return 0;
	if (second === LF) return 1;
	return second === CR && third === LF ? 2 : 0;
}

/** A message as it stands in an mbox: separator, `From ` quoted, an empty line after it. */
export async function* toMbox(
	mail: AsyncIterable<Uint8Array>,
	{ from, date }: { readonly from: string; readonly date: number }
): AsyncGenerator<Uint8Array> {
	const encoder = new TextEncoder();
	const sender = /^[\x21-\x7e]+$/.test(from) ? from : 'MAILER-DAEMON';
	yield encoder.encode(`From ${sender} ${asctime(date)}\n`);
	const quoting = new Quoting();
	for await (const piece of mail) yield* quoting.take(piece);
	yield* quoting.end();
}

/** RFC 4155, appendix A: in UTC. */
function asctime(ms: number): string {
	const last = Date.UTC(9999, 11, 31, 23, 59, 59);
	const text = new Date(Math.min(Math.max(0, ms), last)).toUTCString();
	const [day = '', date = '', month = '', year = '', time = ''] = text.replace(',', '').split(' ');
	return `${day} ${month} ${date.padStart(2)} ${time} ${year}`;
}

class Quoting {
	#held: Uint8Array = new Uint8Array(0);
	/** Is a line under way of which it is known whether it needs a quote? */
	#isInLine = false;
	#last: Uint8Array = new Uint8Array(0);

	*take(piece: Uint8Array): Generator<Uint8Array> {
		const bytes = concat(this.#held, piece);
		let kept = 0;
		for (let line = 0; line < bytes.length;) {
			const feed = bytes.indexOf(LF, line);
			const end = feed < 0 ? bytes.length : feed + 1;
			const begun = bytes.subarray(line, end);
			if (!this.#isInLine && feed < 0 && mayBecomeFrom(begun)) {
				yield this.#seen(bytes.subarray(kept, line));
				this.#held = bytes.slice(line);
				return;
			}
			if (!this.#isInLine && isQuotedFrom(begun)) {
				yield this.#seen(bytes.subarray(kept, line));
				yield Uint8Array.of(QUOTE);
				kept = line;
			}
			this.#isInLine = feed < 0;
			line = end;
		}
		yield this.#seen(bytes.subarray(kept));
		this.#held = new Uint8Array(0);
	}

	*end(): Generator<Uint8Array> {
		if (this.#held.length > 0) yield this.#seen(this.#held);
		yield Uint8Array.of(...(this.#last.at(-1) === LF ? [LF] : [LF, LF]));
	}

	#seen(bytes: Uint8Array): Uint8Array {
		if (bytes.length > 0) this.#last = bytes.slice(-1);
		return bytes;
	}
}
