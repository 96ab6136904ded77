/**
 * One mail as it was found → what its row and blocks are made of. Runs in a worker: to read a large mail
 * takes a second.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { LegacyProblem } from '../post/records.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import { headerEnd } from './mend-header.ts';
import { marksOf, type Marks } from './brought-marks.ts';
import type { FoundMail } from './mail-source.ts';
import { readMime, type ReadFile, type ReadMail } from './mime-read.ts';
import { splitOriginal, type Split } from './original.ts';

/** A mail that is ready to be stored. */
export interface Brought {
	readonly mail: Omit<ReadMail, 'files' | 'fields'>;
	readonly files: readonly ReadFile[];
	readonly marks: Marks;
	readonly original: Original;
	/** Of what it says and holds: programs that store or pass on a mail change its header alone. */
	readonly content: Uint8Array;
	/** Why it is shown as a file alone. */
	readonly problem: LegacyProblem | null;
}

export type Original =
	| (Split & { readonly kind: 'bytes'; readonly size: number; readonly sha256: Uint8Array })
	/** Too large to be read: it is stored as it is, piece by piece. */
	| { readonly kind: 'blob'; readonly blob: Blob };

/** Of one that is too large: its fields, which stand at its beginning. */
const HEAD_BYTES = 256 * 1024;

type Place = Pick<FoundMail, 'path' | 'isInMbox'>;

export async function prepare({ bytes, ...found }: FoundMail): Promise<Brought> {
	if (bytes instanceof Blob) return prepareLarge(bytes, found);
	const read = await readMime(bytes);
	try {
		return prepareRead(bytes, read, found);
	} catch {
		// No mail may stop all that stand behind it: kept as a file, it is as it came.
		return prepareRead(bytes, null, found);
	}
}

function prepareRead(bytes: Uint8Array<ArrayBuffer>, read: ReadMail | null, found: Place): Brought {
	const files = read?.files ?? [];
	const split = splitOriginal(
		bytes,
		files.map(({ content }) => content)
	);
	const digest = sha256(bytes);
	return {
		...describe(read, found),
		files,
		original: { kind: 'bytes', ...split, size: bytes.length, sha256: digest },
		content: read === null ? digest : contentOf(read),
		problem: read === null ? 'unreadable' : null
	};
}

async function prepareLarge(blob: Blob, found: Place): Promise<Brought> {
	const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
	const read = await readMime(head.subarray(0, headerEnd(head)));
	return {
		...describe(read, found),
		files: [],
		original: { kind: 'blob', blob },
		content: await digestOf(blob),
		problem: 'too-large'
	};
}

/** Spaces and line ends aside, which differ between a mailbox and a file. */
function contentOf({ subject, text, html, files }: ReadMail): Uint8Array {
	const said = [subject, text, html ?? ''].map((each) => each.replace(/\s+/g, ' ').trim());
	const held = files.map(({ content }) => toHex(sha256(content)));
	return sha256(utf8(JSON.stringify([...said, ...held])));
}

const PIECE_BYTES = 1024 * 1024;

async function digestOf(blob: Blob): Promise<Uint8Array> {
	const whole = sha256.create();
	for (let at = 0; at < blob.size; at += PIECE_BYTES) {
		whole.update(new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer()));
	}
	return whole.digest();
}

function describe(
	read: ReadMail | null,
	{ path, isInMbox }: Place
): Pick<Brought, 'mail' | 'marks'> {
	if (read === null)
		return { mail: nothing(path), marks: marksOf(new Map(), path, isInMbox === true) };
	const { files: _files, fields, ...mail } = read;
	return { mail, marks: marksOf(fields, path, isInMbox === true) };
}

function nothing(path: string): Brought['mail'] {
	return {
		...{ messageId: null, references: [], from: { name: '', address: '' } },
		...{ to: [], cc: [], bcc: [], subject: path.split('/').at(-1) ?? '' },
		...{ date: null, text: '', html: null }
	};
}
