/**
 * Attachments: a stream of bytes → sealed chunks and a manifest tree, and back (protocol §4).
 *
 * Memory stays at a few chunks whatever the file's size. Sealing stores as it goes, so that a file that
 * was sealed needs its source no more; opening takes each chunk from the block store, and asks for those
 * that are not there (`fetching.ts`).
 */

import { openChunk, sealChunk } from '../crypto/sealed-file.ts';
import { Secret } from '../crypto/secret.ts';
import { createSha256 } from '../crypto/sha.ts';
import { concat, equal } from '../wire/bytes.ts';
import { sha256ToRawCid } from '../wire/codec.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment } from '../wire/mail.ts';
import { BlockWriter } from './block-writer.ts';
import { listBlocks, storeManifest } from './manifest.ts';
import type { BlockStore, Ground, Signalled } from './ports.ts';

export interface SealedFile {
	readonly key: Uint8Array;
	readonly manifest: BlockId;
	readonly sha256: Uint8Array;
	readonly size: number;
	/** Chunks, then manifest nodes: all that a holder must have. */
	readonly blocks: readonly BlockId[];
}

export interface Progress extends Signalled {
	/** Bytes of content done so far. */
	readonly onProgress?: (bytes: number) => void;
}

/** Throws what the source throws, `StorageFull`, or an AbortError. */
export async function sealFile(
	ground: Ground,
	store: Pick<BlockStore, 'put'>,
	source: AsyncIterable<Uint8Array>,
	{ signal, onProgress }: Progress = {}
): Promise<SealedFile> {
	const { suite } = ground;
	const key = ground.random(32);
	const secret = new Secret(Uint8Array.from(key));
	const whole = createSha256();
	const chunks: BlockId[] = [];
	const writer = new BlockWriter(store);
	let size = 0;
	try {
		for await (const plain of rechunk(source, LIMITS.chunkBytes)) {
			signal?.throwIfAborted();
			const sealing = sealChunk(suite, secret, chunks.length, plain);
			whole.update(plain);
			const data = await sealing;
			const id = cidToBlockId(sha256ToRawCid(await suite.hashBlock(data)));
			chunks.push(id);
			await writer.add({ id, data });
			size += plain.length;
			onProgress?.(size);
		}
	} finally {
		await writer.end();
	}
	const nodes = await storeManifest(store, chunks, size);
	const manifest = nodes.at(-1);
	if (manifest === undefined) throw new Error('a manifest has at least one node');
	return { key, manifest, sha256: whole.digest(), size, blocks: [...chunks, ...nodes] };
}

/**
 * `no-holder`: what is missing is not to be had now; `damaged`: it is here, and not what the message
 * says, for good.
 */
export type FetchProblem = 'no-holder' | 'damaged';

/** What was fetched so far stays stored. */
export class FileUnavailable extends Error {
	override readonly name = 'FileUnavailable';
	readonly problem: FetchProblem;

	constructor(problem: FetchProblem) {
		super(problem);
		this.problem = problem;
	}
}

/** Brings blocks that are not in the store; resolves when they are, else throws `FileUnavailable`. */
export type Bring = (ids: readonly BlockId[], options: Signalled) => Promise<void>;

export interface OpenOptions extends Signalled {
	/** Without it every block must be in the store. */
	readonly bring?: Bring;
}

/** The whole content, chunk by chunk; at its end its length and hash are checked. */
export async function* openFile(
	ground: Pick<Ground, 'suite'>,
	store: Pick<BlockStore, 'get'>,
	file: Attachment,
	options: OpenOptions = {}
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const whole = createSha256();
	let size = 0;
	for await (const plain of openRange(ground, store, file, { start: 0, end: file.size }, options)) {
		whole.update(plain);
		size += plain.length;
		yield plain;
	}
	if (size !== file.size || !equal(whole.digest(), file.sha256))
		throw new FileUnavailable('damaged');
}

/** Chunks that are asked for together, where they are not here: about 2 MiB. */
const AHEAD_CHUNKS = 8;

/**
 * Bytes `start` up to and without `end`, each chunk opened under its own place in the file. Throws
 * `FileUnavailable` where a chunk is missing, or is another's, or has another length than it must.
 */
export async function* openRange(
	ground: Pick<Ground, 'suite'>,
	store: Pick<BlockStore, 'get'>,
	file: Attachment,
	{ start, end }: { readonly start: number; readonly end: number },
	{ signal, bring }: OpenOptions = {}
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const options = signal === undefined ? {} : { signal };
	const get = async (id: BlockId, ahead: readonly BlockId[]): Promise<Uint8Array | null> => {
		const here = await store.get(id);
		if (here !== null || bring === undefined) return here;
		await bring([id, ...ahead], options);
		return store.get(id);
	};
	const listing = await listBlocks((id) => get(id, []), file);
	if (listing.kind !== 'whole') throw unavailable(listing.kind);
	const { chunks } = listing;
	const secret = new Secret(Uint8Array.from(file.key));
	const first = Math.floor(start / LIMITS.chunkBytes);
	for (let index = first; index * LIMITS.chunkBytes < end; index++) {
		signal?.throwIfAborted();
		const id = chunks[index];
		if (id === undefined) return;
		const data = await get(id, chunks.slice(index + 1, index + AHEAD_CHUNKS));
		if (data === null) throw new FileUnavailable('no-holder');
		const plain = await openChunk(ground.suite, secret, index, data);
		const at = index * LIMITS.chunkBytes;
		if (plain?.length !== Math.min(LIMITS.chunkBytes, file.size - at)) {
			throw new FileUnavailable('damaged');
		}
		yield plain.subarray(Math.max(0, start - at), Math.min(plain.length, end - at));
	}
}

export function unavailable(kind: 'absent' | 'damaged'): FileUnavailable {
	return new FileUnavailable(kind === 'damaged' ? 'damaged' : 'no-holder');
}

/** The same bytes in pieces of exactly `size`, the last one shorter. */
async function* rechunk(
	source: AsyncIterable<Uint8Array>,
	size: number
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	let parts: Uint8Array[] = [];
	let held = 0;
	for await (let piece of source) {
		while (held + piece.length >= size) {
			const need = size - held;
			yield concat(...parts, piece.subarray(0, need));
			piece = piece.subarray(need);
			parts = [];
			held = 0;
		}
		if (piece.length > 0) {
			parts.push(piece);
			held += piece.length;
		}
	}
	if (held > 0) yield concat(...parts);
}
