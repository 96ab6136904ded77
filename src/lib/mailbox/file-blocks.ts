/** Which blocks a file consists of, and how much of it is here: read from its manifest. */

import {
	chunkCount,
	claimedSize,
	listBlocks,
	type FileName,
	type Listing
} from '../post/manifest.ts';
import type { BlockStore } from '../post/ports.ts';
import { idToCid, type BlockId } from '../wire/ids.ts';

/** As far as the manifest is here. */
export async function readFileBlocks(
	blocks: Pick<BlockStore, 'get'>,
	file: FileName
): Promise<Listing> {
	return listBlocks((id) => blocks.get(id), file);
}

/** All blocks of the tree with this root, which says itself how long its file is; at least the root. */
export async function readTree(
	blocks: Pick<BlockStore, 'get'>,
	root: BlockId
): Promise<readonly BlockId[]> {
	const data = await blocks.get(root);
	const size = data === null ? null : claimedSize(data);
	if (size === null) return [root];
	const { chunks, nodes } = await readFileBlocks(blocks, { manifest: idToCid(root), size });
	return [...new Set([root, ...nodes, ...chunks])];
}

/** 0 to 1; 1 only when all of it is here. `damaged`: its manifest is a lie, and it never will be. */
export async function fetchedPart(
	blocks: Pick<BlockStore, 'get' | 'missing'>,
	file: FileName
): Promise<number | 'damaged'> {
	const { kind, chunks } = await readFileBlocks(blocks, file);
	if (kind === 'damaged') return 'damaged';
	const missing = await blocks.missing(chunks);
	const all = chunkCount(file.size);
	if (kind === 'whole' && missing.length === 0) return 1;
	return all === 0 ? 0 : (chunks.length - missing.length) / all;
}
