/**
 * A part of the search index: some thousand messages, the newest first, and for each term which of them
 * have it. It is never changed: where a message goes, it is written anew without it.
 *
 * segment, format 1; a varint is LEB128 of at most 5 bytes
 *
 *        4 varints     format (1), number n of messages, of threads, of terms
 *        lines         thread ids
 *   16 n               message ids
 *    8 n doubles       marks: where the messages stand in this browser (`ports.ts`)
 *    8 n doubles       order, Unix ms, descending; below 0 of what says nothing (`build.ts`)
 *    8 n doubles       size, bytes
 *      n varints       each message's thread
 *        lines         terms, ascending by UTF-16 code units
 *        varints       bytes of each term's postings
 *        bytes         postings: numbers of messages, ascending, each less the one before it, as varints
 *
 * `lines` are a varint, the bytes that follow, and texts in UTF-8, each ended by a line feed. Numbers
 * other than varints are little-endian.
 */

import { bytesToMessageId, MESSAGE_ID_BYTES, type MessageId } from '../wire/ids.ts';
import { fromUtf8, utf8 } from '../wire/bytes.ts';
import { Lines } from './lines.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Another number where tokens or terms change: segments of before are made anew. */
const FORMAT = 1;
/** Far above what is ever written together: a bound for what is read. */
const MAX_COUNT = 2 ** 22;

export interface Segment {
	readonly count: number;
	readonly threads: Lines;
	readonly ids: Uint8Array;
	readonly marks: Float64Array;
	readonly order: Float64Array;
	readonly size: Float64Array;
	/** Each message's thread, as an index of `threads`. */
	readonly threadOf: Uint32Array;
	readonly terms: Lines;
	/** Where each term's postings begin, and the end. */
	readonly starts: Uint32Array;
	readonly postings: Uint8Array;
}

export function idAt({ ids }: Segment, document: number): MessageId {
	const at = document * MESSAGE_ID_BYTES;
	return bytesToMessageId(ids.subarray(at, at + MESSAGE_ID_BYTES));
}

/** As it was written; a hostile one may ask for a thread that is not there. */
export function threadAt({ threads, threadOf }: Segment, document: number): string {
	return threads.at(threadOf[document] ?? 0);
}

/** Calls back with each message that has the term, ascending. */
export function eachPosting(
	{ starts, postings, count }: Segment,
	term: number,
	take: (document: number) => void
): void {
	const end = starts[term + 1] ?? 0;
	let document = 0;
	for (let at = starts[term] ?? 0; at < end;) {
		let step = 0;
		let byte = 0x80;
		for (let shift = 0; byte >= 0x80 && at < end; shift += 7) {
			byte = postings[at++] ?? 0;
			step |= (byte & 0x7f) << shift;
		}
		document += step;
		if (document >= count || document < 0) return;
		take(document);
	}
}

export function encodeSegment(segment: Segment): Uint8Array<ArrayBuffer> {
	const { count, threads, ids, marks, order, size, threadOf, terms, starts, postings } = segment;
	const writer = new ByteWriter();
	for (const number of [FORMAT, count, threads.length, terms.length]) writer.varint(number);
	writeLines(writer, threads);
	writer.bytes(ids);
	for (const numbers of [marks, order, size]) writer.doubles(numbers);
	for (const thread of threadOf) writer.varint(thread);
	writeLines(writer, terms);
	for (let term = 0; term < terms.length; term++) {
		writer.varint((starts[term + 1] ?? 0) - (starts[term] ?? 0));
	}
	writer.bytes(postings);
	return writer.done();
}

function writeLines(writer: ByteWriter, { text }: Lines): void {
	const bytes = utf8(text);
	writer.varint(bytes.length);
	writer.bytes(bytes);
}

/** `null`: it is none of this format. Whatever the bytes are, what is returned can be searched. */
export function decodeSegment(bytes: Uint8Array): Segment | null {
	const reader = new ByteReader(bytes);
	const [format, count, threadCount, termCount] = [
		...[reader.varint(), reader.varint(), reader.varint(), reader.varint()]
	];
	if (format !== FORMAT) return null;
	if ([count, threadCount, termCount].some((number = 0) => number > MAX_COUNT)) return null;
	const threads = readLines(reader, threadCount ?? 0);
	const ids = reader.bytes((count ?? 0) * MESSAGE_ID_BYTES);
	const [marks, order, size] = [
		...[reader.doubles(count ?? 0), reader.doubles(count ?? 0), reader.doubles(count ?? 0)]
	];
	const threadOf = reader.varints(count ?? 0);
	const terms = readLines(reader, termCount ?? 0);
	const lengths = reader.varints(termCount ?? 0);
	const starts = new Uint32Array((termCount ?? 0) + 1);
	for (const [term, length] of lengths.entries()) starts[term + 1] = (starts[term] ?? 0) + length;
	const postings = reader.bytes(starts.at(-1) ?? 0);
	if (!reader.isAtEnd || marks === undefined || order === undefined || size === undefined)
		return null;
	if (threads === null || terms === null || !isAscending(lengths, starts)) return null;
	if (threadOf.some((thread) => thread >= threads.length)) return null;
	const numbers = { count: count ?? 0, marks, order, size };
	return { ...numbers, threads, ids, threadOf, terms, starts, postings };
}

/** A sum that went over 32 bits began anew. */
function isAscending(lengths: Uint32Array, starts: Uint32Array): boolean {
	return lengths.every((length, term) => (starts[term + 1] ?? 0) - (starts[term] ?? 0) === length);
}

function readLines(reader: ByteReader, count: number): Lines | null {
	const bytes = reader.bytes(reader.varint());
	if (count > bytes.length) return null;
	const text = toText(bytes);
	return text === null ? null : Lines.read(text, count);
}

function toText(bytes: Uint8Array): string | null {
	try {
		return fromUtf8(bytes);
	} catch {
		return null; // no UTF-8: nothing that we wrote
	}
}
