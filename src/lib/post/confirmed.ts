/**
 * What the own post office need not keep any more (protocol §6.5): the text and the files of a message
 * that every recipient has spoken about. Its header stays, for later messages stand on it. Not at once,
 * for whoever is added to the thread may ask for a file; but at once where the office has no room.
 */

import { sha256ToRawCid } from '../wire/codec.ts';
import { headerDecoder } from '../wire/entry.ts';
import { cidToBlockId, cidToEntryId, idToCid, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { putMessage } from './delivery.ts';
import { entryReader } from './entry-rows.ts';
import { blocksOfRecord } from './outbox-files.ts';
import type { Change, Desk } from './ports.ts';
import type { ConfirmedRecord, OutboxFile, OutboxRecord } from './records.ts';

/** To be written when this record goes, because its recipients have all ended. `since`: Unix ms. */
export function rememberConfirmed(row: OutboxRecord, since: number): Change[] {
	const { id, thread, shownIn, message, entries, files = [], blocks } = row;
	const entry = entries.at(-1);
	// What was taken back, or never handed over, is nowhere; what only announces has no text.
	if (message === undefined || entry === undefined || row.isWithdrawn === true) return [];
	if (row.kept === 0) return [];
	const put = { id, thread, shownIn, message, entry, files, blocks, since };
	return [{ table: 'confirmed', key: [id], put }];
}

/** Has the office dropped what is due, or all of it where it `isCramped`. True: there was something. */
export async function letGoOfConfirmed(
	desk: Desk,
	office: string,
	{ isCramped = false }: { readonly isCramped?: boolean } = {}
): Promise<boolean> {
	const all = await desk.store.list('confirmed');
	const isDue = ({ since }: ConfirmedRecord) => since + LIMITS.confirmedMs <= desk.now();
	const due = isCramped ? all : all.filter(isDue);
	if (due.length === 0) return false;
	const needed = await filesInUse(
		desk,
		all.filter((each) => !due.includes(each))
	);
	for (const record of due) {
		const drops = await blocksToDrop(desk, record, needed);
		await desk.store.commit([
			{ table: 'confirmed', key: [record.id], remove: true },
			...(drops.length === 0 ? [] : [dropping(record, drops)])
		]);
		await desk.store.update('message', [record.shownIn, record.message], (row) => {
			if (row?.holders.includes(office) !== true) return [];
			const holders = row.holders.filter((holder) => holder !== office);
			return [putMessage(record.shownIn, { ...row, holders })];
		});
	}
	return true;
}

/** Manifests of files that the office has for something else, too: one file is stored once. */
async function filesInUse(
	{ store }: Desk,
	waiting: readonly ConfirmedRecord[]
): Promise<ReadonlySet<string>> {
	const names = (files: readonly OutboxFile[] = []) => files.map(({ manifest }) => manifest);
	const drafts = (await store.list('draft')).flatMap(({ files }) =>
		files.flatMap(({ sealed }) => sealed?.manifest ?? [])
	);
	const outbox = (await store.list('outbox')).flatMap(({ files }) => names(files));
	return new Set([...drafts, ...outbox, ...waiting.flatMap(({ files }) => names(files))]);
}

async function blocksToDrop(
	desk: Desk,
	{ thread, entry, files, blocks }: ConfirmedRecord,
	needed: ReadonlySet<string>
): Promise<BlockId[]> {
	const row = await entryReader(desk, thread)(entry);
	const header = row === null ? null : headerDecoder.decode(row.header);
	const isText = header?.ok === true && header.value.t === 'entry';
	const body = isText ? [cidToBlockId(sha256ToRawCid(header.value.body))] : [];
	const unused = files.filter(({ manifest }) => !needed.has(manifest));
	return [...body, ...(await blocksOfRecord(desk, { blocks, files: unused }))];
}

/** Goes before all that waits for the room that it makes. */
export function dropping(
	{ id, thread, shownIn }: Pick<ConfirmedRecord, 'id' | 'thread' | 'shownIn'>,
	drops: readonly BlockId[]
): Change {
	const name = `confirmed/${id}`;
	const put = {
		...{ id: name, shownIn, thread, entries: [], blocks: [], introduction: '', knocks: [] },
		...{ epoch: cidToEntryId(idToCid(thread)), kept: 0, isKept: true, drops, createdAt: 0 }
	};
	return { table: 'outbox', key: [name], put };
}
