/**
 * The tree that lists a file's chunks (protocol §4). Its shape follows from the file's size alone, so
 * that a tree of any other shape is a lie, and is seen before it costs anything.
 */

import { cidOfObject } from '../wire/codec.ts';
import { cidToBlockId, idToCid, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { manifestDecoder, type Attachment, type Manifest } from '../wire/mail.ts';
import { encodeObject } from '../wire/office.ts';
import type { BlockStore } from './ports.ts';

export type FileName = Pick<Attachment, 'manifest' | 'size'>;

export interface FileBlocks {
	/** In the order of the content. */
	readonly chunks: readonly BlockId[];
	/** Nodes above before nodes below; those that lie, too, for they take room. */
	readonly nodes: readonly BlockId[];
}

/**
 * `absent`: a node is not to be had, and the lists lack what is below it; `damaged`: one is there, and
 * lies about size, depth or number, or a block is named twice: each chunk is sealed under its own index,
 * so that no two of an honest file are the same.
 */
export interface Listing extends FileBlocks {
	readonly kind: 'whole' | 'absent' | 'damaged';
}

/** Gives a node's bytes; `null` where it is not to be had. */
export type NodeSource = (id: BlockId) => Promise<Uint8Array | null>;

export function chunkCount(size: number): number {
	return Math.ceil(size / LIMITS.chunkBytes);
}

/** All that a file without content consists of: the same block for every one, whoever made it. */
export const EMPTY_FILE: BlockId = cidToBlockId(
	cidOfObject(encodeObject('manifest', { depth: 0, size: 0, links: [] }))
);

/** Nodes below before nodes above; the last is the root. */
export async function storeManifest(
	store: Pick<BlockStore, 'put'>,
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

/** What could be read of the lists, whole or not: a thread that is deleted lets go of all of it. */
export async function listBlocks(source: NodeSource, file: FileName): Promise<Listing> {
	const nodes: BlockId[] = [];
	let kind: Listing['kind'] = 'whole';
	const root = rootOf(file);
	let level: readonly Link[] = [root];
	// A guard against few blocks that name each other over and over, up to a quarter million chunks.
	const seen = new Set(level.map(({ id }) => id));
	for (let { depth } = root; ; depth--) {
		const below: Link[] = [];
		for (const link of level) {
			const data = await source(link.id);
			if (data === null) {
				if (kind === 'whole') kind = 'absent';
				continue;
			}
			nodes.push(link.id);
			const links = linksBelow(data, link);
			if (links === null) kind = 'damaged';
			for (const each of links ?? []) {
				if (seen.has(each.id)) kind = 'damaged';
				else below.push(each);
				seen.add(each.id);
			}
		}
		if (depth === 0) return { kind, chunks: below.map(({ id }) => id), nodes };
		level = below;
	}
}

/** A block at its place in a file's tree. */
export interface Link {
	readonly id: BlockId;
	/** Levels between it and the chunks; a chunk has -1. */
	readonly depth: number;
	/** In its level. */
	readonly place: number;
	/** Of the whole file. */
	readonly size: number;
}

export function rootOf({ manifest, size }: FileName): Link {
	return { id: cidToBlockId(manifest), depth: depthOf(size), place: 0, size };
}

/** What stands below a node; `null` where these bytes are not that of this place, and for a chunk. */
export function linksBelow(data: Uint8Array, { depth, place, size }: Link): Link[] | null {
	if (depth < 0) return null;
	const node = manifestDecoder.decode(data);
	if (!node.ok || !isNode(node.value, depth, place, size)) return null;
	const first = place * LIMITS.manifestFanout;
	return node.value.links.map((cid, at) => {
		return { id: cidToBlockId(cid), depth: depth - 1, place: first + at, size };
	});
}

/** The size that a root claims for its file; `null` where the block is no manifest. */
export function claimedSize(data: Uint8Array): number | null {
	const node = manifestDecoder.decode(data);
	return node.ok ? node.value.size : null;
}

/** Levels above the leaves. */
function depthOf(size: number): number {
	let depth = 0;
	for (let count = chunkCount(size); count > LIMITS.manifestFanout; depth++) {
		count = Math.ceil(count / LIMITS.manifestFanout);
	}
	return depth;
}

/** Is it the node that stands at this place of its level in the tree of such a file? */
function isNode(node: Manifest, depth: number, place: number, size: number): boolean {
	const perLink = LIMITS.manifestFanout ** depth;
	const linksOfLevel = Math.ceil(chunkCount(size) / perLink);
	const start = place * LIMITS.manifestFanout;
	const expected = Math.min(LIMITS.manifestFanout, linksOfLevel - start);
	if (node.depth !== depth || node.links.length !== Math.max(0, expected)) return false;
	return node.size === bytesBelow(depth, start, node.links.length, size);
}

function bytesBelow(depth: number, start: number, count: number, size: number): number {
	const bytesPerLink = LIMITS.chunkBytes * LIMITS.manifestFanout ** depth;
	return Math.min(size, (start + count) * bytesPerLink) - Math.min(size, start * bytesPerLink);
}
