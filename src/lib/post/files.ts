/**
 * Attachments: a stream of bytes → sealed chunks and a manifest tree, and back (protocol §4).
 *
 * Memory stays at one chunk whatever the file's size. Sealing stores as it goes, so that a file that
 * was sealed needs its source no more; opening takes each chunk from the block store, or from a
 * holder, once.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { openChunk, sealChunk } from '../crypto/sealed-file.ts';
import { Secret } from '../crypto/secret.ts';
import { concat, equal } from '../wire/bytes.ts';
import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId, idToCid, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { manifestDecoder, type Attachment, type Manifest } from '../wire/mail.ts';
import { encodeObject } from '../wire/office.ts';
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
	store: BlockStore,
	source: AsyncIterable<Uint8Array>,
	{ signal, onProgress }: Progress = {}
): Promise<SealedFile> {
	const key = ground.random(32);
	const secret = new Secret(Uint8Array.from(key));
	const whole = sha256.create();
	const chunks: BlockId[] = [];
	let size = 0;
	for await (const plain of rechunk(source, LIMITS.chunkBytes)) {
		signal?.throwIfAborted();
		whole.update(plain);
		const data = await sealChunk(ground.suite, secret, chunks.length, plain);
		const id = cidToBlockId(cidOfRaw(data));
		await store.put([{ id, data }]);
		chunks.push(id);
		size += plain.length;
		onProgress?.(size);
	}
	const nodes = await storeManifest(store, chunks, size);
	const manifest = nodes.at(-1);
	if (manifest === undefined) throw new Error('a manifest has at least one node');
	return { key, manifest, sha256: whole.digest(), size, blocks: [...chunks, ...nodes] };
}

/** Nodes below before nodes above; the last is the root. */
async function storeManifest(
	store: BlockStore,
	chunks: readonly BlockId[],
	size: number
): Promise<BlockId[]> {
	const nodes: BlockId[] = [];
	let links = chunks;
	for (let depth = 0; ; depth++) {
		const level: BlockId[] = [];
		for (let start = 0; start === 0 || start < links.length; start += LIMITS.manifestFanout) {
			const part = links.slice(start, start + LIMITS.manifestFanout);
			const bytes = bytesBelow(depth, start, part.length, size);
			const data = encodeObject('manifest', { depth, size: bytes, links: part.map(idToCid) });
			const id = cidToBlockId(cidOfObject(data));
			await store.put([{ id, data }]);
			level.push(id);
		}
		nodes.push(...level);
		if (level.length === 1) return nodes;
		links = level;
	}
}

function bytesBelow(depth: number, start: number, count: number, size: number): number {
	const bytesPerLink = LIMITS.chunkBytes * LIMITS.manifestFanout ** depth;
	return Math.min(size, (start + count) * bytesPerLink) - Math.min(size, start * bytesPerLink);
}

/** Gives blocks that are not in the store; each is checked against its CID before it is believed. */
export type BlockSource = (
	ids: readonly BlockId[],
	options: Signalled
) => AsyncIterable<{ readonly id: BlockId; readonly data: Uint8Array }>;

export type FetchProblem = 'no-holder' | 'damaged';

/** Thrown by `fetchFile` and `openFile`; what was fetched so far stays stored. */
export class FileUnavailable extends Error {
	override readonly name = 'FileUnavailable';
	readonly problem: FetchProblem;

	constructor(problem: FetchProblem) {
		super(problem);
		this.problem = problem;
	}
}

/** Brings every block of the file into the store. Throws `FileUnavailable`, `StorageFull`, AbortError. */
export async function fetchFile(
	store: BlockStore,
	file: Pick<Attachment, 'manifest' | 'size'>,
	source: BlockSource,
	{ signal, onProgress }: Progress = {}
): Promise<BlockId[]> {
	const { chunks, nodes } = await readManifest(store, file, source, { signal });
	let done = 0;
	for (let start = 0; start < chunks.length; start += LIMITS.blocksPerRequest) {
		const part = chunks.slice(start, start + LIMITS.blocksPerRequest);
		done += await bringAll(store, part, source, { signal }, (bytes) => {
			onProgress?.(Math.min(file.size, done + bytes));
		});
	}
	return [...chunks, ...nodes];
}

/** The content, chunk by chunk. Every block must be in the store. */
export async function* openFile(
	ground: Ground,
	store: BlockStore,
	file: Attachment,
	{ signal }: Signalled = {}
): AsyncIterable<Uint8Array> {
	const { chunks } = await readManifest(store, file, nobody, { signal });
	const secret = new Secret(Uint8Array.from(file.key));
	const whole = sha256.create();
	let size = 0;
	for (const [index, id] of chunks.entries()) {
		signal?.throwIfAborted();
		const data = await store.get(id);
		if (data === null) throw new FileUnavailable('no-holder');
		const plain = await openChunk(ground.suite, secret, index, data);
		if (plain === null) throw new FileUnavailable('damaged');
		whole.update(plain);
		size += plain.length;
		yield plain;
	}
	if (size !== file.size || !equal(whole.digest(), file.sha256))
		throw new FileUnavailable('damaged');
}

async function readManifest(
	store: BlockStore,
	file: Pick<Attachment, 'manifest' | 'size'>,
	source: BlockSource,
	options: Signalled
): Promise<{ chunks: BlockId[]; nodes: BlockId[] }> {
	const nodes: BlockId[] = [];
	const root = await readNode(store, cidToBlockId(file.manifest), source, options, nodes);
	if (root.size !== file.size) throw new FileUnavailable('damaged');
	let level = [root];
	for (let depth = root.depth; depth > 0; depth--) {
		const below: Manifest[] = [];
		for (const link of level.flatMap((node) => node.links)) {
			const node = await readNode(store, cidToBlockId(link), source, options, nodes);
			if (node.depth !== depth - 1) throw new FileUnavailable('damaged');
			below.push(node);
		}
		level = below;
	}
	const chunks = level.flatMap((node) => node.links.map(cidToBlockId));
	const expected = Math.ceil(file.size / LIMITS.chunkBytes);
	if (chunks.length !== expected) throw new FileUnavailable('damaged');
	return { chunks, nodes };
}

async function readNode(
	store: BlockStore,
	id: BlockId,
	source: BlockSource,
	options: Signalled,
	nodes: BlockId[]
): Promise<Manifest> {
	await bringAll(store, [id], source, options);
	const data = await store.get(id);
	const node = data === null ? null : manifestDecoder.decode(data);
	if (node?.ok !== true) throw new FileUnavailable('damaged');
	nodes.push(id);
	return node.value;
}

/** Bytes that are in the store now, of these blocks. */
async function bringAll(
	store: BlockStore,
	ids: readonly BlockId[],
	source: BlockSource,
	options: Signalled,
	onBytes?: (bytes: number) => void
): Promise<number> {
	let bytes = 0;
	const missing = new Set<BlockId>();
	for (const id of ids) {
		if (await store.has(id)) bytes += LIMITS.chunkBytes;
		else missing.add(id);
	}
	if (missing.size > 0) {
		for await (const block of source([...missing], options)) {
			if (!missing.delete(block.id)) continue;
			await store.put([block]);
			bytes += block.data.length;
			onBytes?.(bytes);
		}
	}
	if (missing.size > 0) throw new FileUnavailable('no-holder');
	onBytes?.(bytes);
	return bytes;
}

/** A source that has nothing. */
async function* nobody(): AsyncGenerator<never> {
	yield* [];
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
