/** Which blocks a file consists of, and how much of it is here: read from its manifest. */

import type { BlockStore } from '../post/ports.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import { manifestDecoder, type Attachment } from '../wire/mail.ts';

export interface FileBlocks {
	/** In the order of the content. */
	readonly chunks: readonly BlockId[];
	readonly nodes: readonly BlockId[];
	/** False: a part of the manifest is not here, so neither list is whole. */
	readonly isWhole: boolean;
}

type Reading = Pick<BlockStore, 'get'>;

export async function readFileBlocks(
	blocks: Reading,
	{ manifest }: Pick<Attachment, 'manifest'>
): Promise<FileBlocks> {
	const chunks: BlockId[] = [];
	const nodes: BlockId[] = [];
	let isWhole = true;
	const read = async (id: BlockId) => {
		const data = await blocks.get(id);
		const node = data === null ? null : manifestDecoder.decode(data);
		if (node?.ok !== true) {
			isWhole = false;
			return;
		}
		nodes.push(id);
		const links = node.value.links.map(cidToBlockId);
		if (node.value.depth === 0) chunks.push(...links);
		else for (const link of links) await read(link);
	};
	await read(cidToBlockId(manifest));
	return { chunks, nodes, isWhole };
}

/**
 * 0 to 1; 1 only when all of it is here. Files are fetched from their beginning (post/files.ts), so the
 * first missing chunk is found by halving: a large file costs no more than a small one.
 */
export async function fetchedPart(
	blocks: Pick<BlockStore, 'get' | 'has'>,
	file: Pick<Attachment, 'manifest'>
): Promise<number> {
	const { chunks, isWhole } = await readFileBlocks(blocks, file);
	if (!isWhole) return 0;
	let here = 0;
	let missing = chunks.length;
	while (here < missing) {
		const middle = (here + missing) >> 1;
		const chunk = chunks[middle];
		if (chunk !== undefined && (await blocks.has(chunk))) here = middle + 1;
		else missing = middle;
	}
	return chunks.length === 0 ? 1 : here / chunks.length;
}
