/**
 * Files as somebody chose them → the mails in them, in an order that is always the same: .eml, mbox, Maildir,
 * and each of these in a zip. Nothing is read as a whole but one mail at a time.
 */

import {
	configure,
	BlobReader,
	ZipReader,
	type FileEntry
} from '@zip.js/zip.js/lib/zip-core-custom.js';
import { concat } from '../wire/bytes.ts';
import { isGone } from './gone.ts';
import { READ_BYTES, splitMbox, type RawMail } from './mbox.ts';

export interface SourceFile {
	/** With the folders above it, as far as they were chosen, too. */
	readonly path: string;
	readonly file: Blob;
}

/** What has been read: files before the first, entries of its zip, bytes of that mbox. */
export interface Position {
	readonly file: number;
	readonly entry: number;
	readonly offset: number;
}

export const BEGINNING: Position = { file: 0, entry: 0, offset: 0 };

export interface FoundMail {
	readonly kind: 'mail';
	readonly bytes: RawMail['bytes'];
	readonly path: string;
	/** After it. */
	readonly position: Position;
	/** One of many in its file, to which a program adds fields of its own. */
	readonly isInMbox?: true;
}

/** A file that holds no mail, or one that cannot be read, or not to its end. */
export interface NotMail {
	readonly kind: 'other' | 'damaged';
	readonly path: string;
	readonly position: Position;
}

/** Read at one time: 1 MiB. */
const SLICE_BYTES = 1024 * 1024;
/** Of the others, where one cannot be read. */
const ASKED = 16;
/** Enough to see what a file is. */
const HEAD_BYTES = 4096;

export function inOrder(files: readonly SourceFile[]): SourceFile[] {
	return [...files].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/**
 * A file that cannot be read is noted, and the others are read. Throws what `isGone` knows where it was the
 * only one, or where those before cannot be read either by then: what they lie on was taken away.
 *
 * @param files `inOrder`
 */
export async function* readSource(
	files: readonly SourceFile[],
	from: Position
): AsyncGenerator<FoundMail | NotMail> {
	for (const [at, file] of files.entries()) {
		if (at < from.file) continue;
		try {
			yield* readFile(file, at === from.file ? from : { ...BEGINNING, file: at });
		} catch (error) {
			if (!isGone(error) || !(await isAnyThere(files.filter((each) => each !== file)))) throw error;
			yield { kind: 'damaged', path: file.path, position: { ...BEGINNING, file: at + 1 } };
		}
	}
}

async function* readFile(
	{ path, file }: SourceFile,
	start: Position
): AsyncGenerator<FoundMail | NotMail> {
	const head = await headOf(file);
	if (isZip(head)) yield* readZip(file, path, start);
	else {
		const after = { ...BEGINNING, file: start.file + 1 };
		yield* readPart(slicesOf(file, start.offset), head, { path, at: start, after });
	}
}

async function headOf(blob: Blob): Promise<Uint8Array> {
	return new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
}

/** One that can be read is enough; of a thousand that are gone not all are asked. */
async function isAnyThere(files: readonly SourceFile[]): Promise<boolean> {
	const step = Math.max(1, Math.floor(files.length / ASKED));
	for (let at = 0; at < files.length; at += step) {
		const { file } = files[at] ?? {};
		if (file === undefined || file.size === 0) continue;
		try {
			await headOf(file);
			return true;
		} catch (error) {
			if (!isGone(error)) throw error;
		}
	}
	return false;
}

async function* slicesOf(blob: Blob, start: number): AsyncGenerator<Uint8Array> {
	for (let at = start; at < blob.size; at += SLICE_BYTES) {
		yield new Uint8Array(await blob.slice(at, at + SLICE_BYTES).arrayBuffer());
	}
}

/** Without workers of its own: this is one, and the page's policy lets none be made of a text. */
configure({ useWebWorkers: false });

async function* readZip(
	blob: Blob,
	path: string,
	from: Position
): AsyncGenerator<FoundMail | NotMail> {
	const reader = new ZipReader(new BlobReader(blob));
	let entry = 0;
	try {
		for await (const each of reader.getEntriesGenerator()) {
			const at = entry === from.entry ? from : { file: from.file, entry, offset: 0 };
			if (entry++ < from.entry || each.directory) continue;
			yield* readEntry(each, `${path}/${each.filename}`, at);
		}
	} catch (error) {
		if (isGone(error)) throw error;
		// Cut off, or no zip after all: what came before is here, and the reader is told of the rest.
		yield { kind: 'damaged', path, position: { ...BEGINNING, file: from.file + 1 } };
	}
	await reader.close();
}

async function* readEntry(
	entry: FileEntry,
	path: string,
	at: Position
): AsyncGenerator<FoundMail | NotMail> {
	const position = { file: at.file, entry: at.entry + 1, offset: 0 };
	const chunks = chunksOf(entry);
	try {
		const first = await chunks.next();
		const head = first.done === true ? new Uint8Array(0) : first.value;
		const source = skip(chain(head, chunks), at.offset);
		yield* readPart(source, head, { path, at, after: position });
	} catch (error) {
		if (isGone(error)) throw error;
		yield { kind: 'damaged', path, position }; // its sum is wrong, or it is coded in a way of its own
	} finally {
		await chunks.return();
	}
}

async function* chunksOf(entry: FileEntry): AsyncGenerator<Uint8Array, void, void> {
	const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
	const reader: ReadableStreamDefaultReader<Uint8Array> = readable.getReader();
	const { promise: failed, reject } = Promise.withResolvers<never>();
	failed.catch(() => undefined); // heard where it is waited for
	const written = entry.getData(writable).catch(reject);
	try {
		for (;;) {
			const { done, value } = await Promise.race([reader.read(), failed]);
			if (done) break;
			yield value;
		}
		await Promise.race([written, failed]);
	} finally {
		await reader.cancel().catch(() => undefined); // it has failed already
	}
}

async function* chain(
	first: Uint8Array,
	rest: AsyncGenerator<Uint8Array, void, void>
): AsyncGenerator<Uint8Array> {
	yield first;
	for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* skip(source: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
	let left = count;
	for await (const chunk of source) {
		if (left < chunk.length) yield chunk.subarray(left);
		left = Math.max(0, left - chunk.length);
	}
}

interface Part {
	readonly path: string;
	readonly at: Position;
	/** Where what follows it begins. */
	readonly after: Position;
}

async function* readPart(
	source: AsyncIterable<Uint8Array>,
	head: Uint8Array,
	{ path, at, after }: Part
): AsyncGenerator<FoundMail | NotMail> {
	const kind = kindOf(head, path);
	if (kind === 'other') yield { kind, path, position: after };
	else if (kind === 'mail') yield { kind, path, position: after, bytes: await gather(source) };
	else {
		for await (const { bytes, next } of splitMbox(source, at.offset)) {
			yield { kind: 'mail', path, bytes, isInMbox: true, position: { ...at, offset: next } };
		}
	}
}

function isZip(head: Uint8Array): boolean {
	return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/** By what it says, for names say little: an mbox of Thunderbird has no ending, a Maildir none at all. */
function kindOf(head: Uint8Array, path: string): 'mbox' | 'mail' | 'other' {
	const text = new TextDecoder('latin1').decode(head.subarray(0, HEAD_BYTES)).trimStart();
	if (text.startsWith('From ')) return 'mbox';
	const isNamed = /\.eml$/i.test(path) || /(?:^|\/)(?:cur|new)\/[^/]+$/.test(path);
	if (isNamed && text !== '') return 'mail';
	const fields = /^(?:[\x21-\x39\x3b-\x7e]+:.*\r?\n(?:[ \t].*\r?\n)*)+/.exec(text)?.[0] ?? '';
	return /^(?:From|Received|Message-ID|Return-Path|Date):/im.test(fields) ? 'mail' : 'other';
}

/** All of it, as bytes where it may be read, else as a `Blob` that the browser may lay on disk. */
async function gather(source: AsyncIterable<Uint8Array>): Promise<RawMail['bytes']> {
	const blobs: Blob[] = [];
	let parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const chunk of source) {
		parts.push(chunk.slice());
		size += chunk.length;
		if (size <= READ_BYTES) continue;
		blobs.push(new Blob(parts));
		parts = [];
	}
	return blobs.length === 0 ? concat(...parts) : new Blob([...blobs, ...parts]);
}
