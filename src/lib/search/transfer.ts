/**
 * The index as blocks: sealed like a file, so that another device of the same user takes it over instead
 * of making it anew. Marks are of one browser, and are made again at the other.
 *
 *   file   for each segment its length, four bytes, little-endian, and its bytes (`segment.ts`)
 */

import { openFile, sealFile, type SealedFile } from '../post/files.ts';
import type { BlockStore, Ground } from '../post/ports.ts';
import { concat } from '../wire/bytes.ts';
import { parseThreadId, type MessageId, type ThreadId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';
import { mergeSegments } from './build.ts';
import { decodeSegment, encodeSegment, idAt, threadAt, type Segment } from './segment.ts';

const LENGTH_BYTES = 4;
/** Far more than a segment of ours: what a damaged file may make us hold. */
const SEGMENT_BYTES = 2 ** 26;

/** All blocks are in the store when it resolves; what is returned opens them. */
export function exportIndex(
	ground: Ground,
	blocks: Pick<BlockStore, 'put'>,
	segments: Iterable<Segment>
): Promise<SealedFile> {
	return sealFile(ground, blocks, toFrames(segments));
}

/** Where a message stands here; `null`: it is not here, and its words are left out. */
export type MarkOf = (thread: ThreadId, message: MessageId) => Promise<number | null>;

/**
 * Each message once, however often it stands there. Reads on where a segment is none: of that the words are
 * indexed anew. Throws `FileUnavailable`.
 */
export async function* importIndex(
	ground: Pick<Ground, 'suite'>,
	blocks: Pick<BlockStore, 'get'>,
	file: Attachment,
	markOf: MarkOf
): AsyncGenerator<Segment> {
	const taken = new Set<number>();
	let held = new Uint8Array(0);
	for await (const piece of openFile(ground, blocks, file)) {
		held = concat(held, piece);
		for (let length = lengthIn(held); length !== null; length = lengthIn(held)) {
			if (length > SEGMENT_BYTES) return;
			const end = LENGTH_BYTES + length;
			if (held.length < end) break;
			const segment = decodeSegment(held.subarray(LENGTH_BYTES, end));
			const placed = segment && (await place(segment, markOf, taken));
			if (placed !== null && placed.count > 0) yield placed;
			held = held.slice(end);
		}
	}
}

async function* toFrames(segments: Iterable<Segment>): AsyncGenerator<Uint8Array> {
	for (const segment of segments) {
		const bytes = encodeSegment(segment);
		const length = new Uint8Array(LENGTH_BYTES);
		new DataView(length.buffer).setUint32(0, bytes.length, true);
		yield await Promise.resolve(concat(length, bytes));
	}
}

function lengthIn(bytes: Uint8Array): number | null {
	if (bytes.length < LENGTH_BYTES) return null;
	return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** With the marks of this browser, and without what is not here or was `taken` before. */
async function place(segment: Segment, markOf: MarkOf, taken: Set<number>): Promise<Segment> {
	const marks = new Float64Array(segment.count).fill(Number.NaN);
	for (let document = 0; document < segment.count; document++) {
		const thread = parseThreadId(threadAt(segment, document));
		const mark = thread === null ? null : await markOf(thread, idAt(segment, document));
		if (mark === null || taken.has(mark)) continue;
		marks[document] = mark;
		taken.add(mark);
	}
	return mergeSegments([{ ...segment, marks }], (mark) => !Number.isNaN(mark));
}
