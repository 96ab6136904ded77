/**
 * Blocks that nobody needs any more: of discarded drafts, cancelled files, deleted threads. They wait
 * for a day, for the reader may take the deed back, and go then unless something still names them.
 */

import type { Desk } from '../post/ports.ts';
import { EMPTY_FILE } from '../post/manifest.ts';
import type { MessageRecord, OutboxRecord } from '../post/records.ts';
import { isLegacyThread, parseBlockId, type BlockId, type ThreadId } from '../wire/ids.ts';
import { blocksOfRecord } from '../post/outbox-files.ts';
import type { DraftFile } from '../post/records.ts';
import { readFileBlocks, readTree } from './file-blocks.ts';

const WAIT_MS = 24 * 60 * 60 * 1000;
const KEY = ['leftover-blocks'];

type Blocks = ReadonlyMap<BlockId, number>;

/** @param blocks the root of a manifest stands for its whole file */
export async function leaveBlocks(
	{ store, now }: Pick<Desk, 'store' | 'now'>,
	blocks: readonly BlockId[]
): Promise<void> {
	if (blocks.length === 0) return;
	await changeLeftovers(store, (left) => {
		const at = now();
		return new Map([...left, ...blocks.map((id) => [id, at] as const)]);
	});
}

/** Removes what has waited long enough. Safe to run at any time, and to be cut off. */
export async function sweepLeftovers({
	store,
	blocks,
	now
}: Pick<Desk, 'store' | 'blocks' | 'now'>): Promise<void> {
	const row = await store.get('setting', KEY);
	const due = [...parseLeftovers(row?.value)].filter(([, at]) => at + WAIT_MS <= now());
	if (due.length === 0) return;
	const needed = await neededBlocks({ store, blocks }, () => true);
	const ids = due.map(([id]) => id);
	for (const id of ids) {
		const tree = await readTree(blocks, id);
		await blocks.remove(tree.filter((each) => !needed.has(each)));
	}
	await changeLeftovers(store, (left) => {
		const gone = new Set(ids);
		return new Map([...left].filter(([id]) => !gone.has(id)));
	});
}

/** Removes at once what nothing but the messages of these threads, which are being emptied, still names. */
export async function dropBlocks(
	{ store, blocks }: Pick<Desk, 'store' | 'blocks'>,
	ids: readonly BlockId[],
	emptied: readonly ThreadId[]
): Promise<void> {
	if (ids.length === 0) return;
	const without = new Set(emptied);
	const needed = await neededBlocks({ store, blocks }, ({ thread }) => !without.has(thread));
	await blocks.remove(ids.filter((id) => !needed.has(id)));
}

/**
 * All that drafts name, and of messages and of what is on its way those that count. What was brought from
 * elsewhere is not read, for there may be very much of it: nobody but this mailbox knows its blocks, and no
 * two messages share one; but for that of an empty file, which always stays.
 */
export async function neededBlocks(
	{ store, blocks }: Pick<Desk, 'store' | 'blocks'>,
	counts: (message: MessageRecord) => boolean,
	countsToo: (record: OutboxRecord) => boolean = () => true
): Promise<ReadonlySet<string>> {
	const needed = new Set<string>([EMPTY_FILE]);
	const need = (ids: readonly BlockId[]): void => {
		for (const id of ids) needed.add(id);
	};
	for (const { files } of await store.list('draft')) {
		for (const { sealed, size } of files) {
			if (sealed !== undefined) need(await blocksOfRecord({ blocks }, asOutbox(sealed, size)));
		}
	}
	for (const record of (await store.list('outbox')).filter(countsToo)) {
		need(await blocksOfRecord({ blocks }, record));
	}
	for (const { id } of await store.list('thread')) {
		if (isLegacyThread(id)) continue;
		for (const { mail } of (await store.list('message', [id])).filter(counts)) {
			for (const file of mail.attachments) {
				const { chunks, nodes } = await readFileBlocks(blocks, file);
				need([...chunks, ...nodes]);
			}
		}
	}
	return needed;
}

function asOutbox({ blocks = [], manifest }: NonNullable<DraftFile['sealed']>, size: number) {
	return { blocks, files: [{ manifest, size }] };
}

async function changeLeftovers(
	store: Desk['store'],
	change: (left: Blocks) => Blocks
): Promise<void> {
	await store.update('setting', KEY, (row) => {
		const left = change(parseLeftovers(row?.value));
		const value = [...left].map(([id, at]) => `${String(at)} ${id}`).join('\n');
		return value === ''
			? [{ table: 'setting', key: KEY, remove: true }]
			: [{ table: 'setting', key: KEY, put: { value } }];
	});
}

/** A line each: Unix milliseconds, a space, the block. */
function parseLeftovers(value: unknown): Blocks {
	const left = new Map<BlockId, number>();
	for (const line of typeof value === 'string' ? value.split('\n') : []) {
		const [at = '', text = ''] = line.split(' ');
		const id = parseBlockId(text);
		if (id !== null) left.set(id, Number(at));
	}
	return left;
}
