/** The attachments of what is on its way, block by block. */

import { idToCid, parseBlockId, type BlockId } from '../wire/ids.ts';
import type { FileName } from './manifest.ts';
import { listBlocks } from './manifest.ts';
import type { Desk } from './ports.ts';
import type { OutboxFile, OutboxRecord } from './records.ts';

export function hasFiles({ blocks, files = [] }: OutboxRecord): boolean {
	return blocks.length + files.length > 0;
}

/** All attachment blocks of a record, in the order in which they are handed over. */
export async function blocksOfRecord(
	{ blocks }: Pick<Desk, 'blocks'>,
	record: Pick<OutboxRecord, 'blocks' | 'files'>
): Promise<BlockId[]> {
	const all = record.blocks.flatMap((text) => parseBlockId(text) ?? []);
	for (const file of record.files ?? []) {
		const name = fileName(file);
		if (name === null) continue;
		const listing = await listBlocks((id) => blocks.get(id), name);
		// The lists first: who fetches while we hand over knows what to ask for.
		all.push(...listing.nodes, ...listing.chunks);
	}
	return all;
}

export function fileName({ manifest, size }: OutboxFile): FileName | null {
	const id = parseBlockId(manifest);
	return id === null ? null : { manifest: idToCid(id), size };
}
