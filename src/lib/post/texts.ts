/** The texts of a thread as they stand in storage, and how they go from it for good. */

import { textEntries, type TextEntry } from '../threads/entries.ts';
import { sha256ToRawCid } from '../wire/codec.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import {
	cidToBlockId,
	type BlockId,
	type EntryId,
	type MessageId,
	type ThreadId
} from '../wire/ids.ts';
import type { Account } from './account.ts';
import type { Copies } from './deleted.ts';
import { entryReader } from './entry-rows.ts';
import type { Change, Desk } from './ports.ts';
import { loadReplica } from './replicas.ts';

/** Every entry of the thread that has a text. Call it inside `thread(…)`. */
export async function textsIn(
	desk: Desk,
	account: Account,
	id: ThreadId
): Promise<readonly TextEntry[]> {
	const replica = await loadReplica(desk, account, id);
	return replica === null ? [] : textEntries(replica.state);
}

/**
 * The texts of these entries go for good: from storage, and from what is given to peers. `copies`: the
 * user deleted what they said, and does not want copies of it either.
 */
export async function dropTexts(
	desk: Desk,
	thread: ThreadId,
	texts: readonly TextEntry[],
	copies: Copies = new Map()
): Promise<Change[]> {
	const changes: Change[] = [];
	const readEntry = entryReader(desk, thread);
	for (const { entry, message } of texts) {
		const row = await readEntry(entry);
		if (row === null) continue;
		changes.push(
			{ table: 'clear', key: [thread, entry], remove: true },
			goneEntry(thread, entry, row, { message, copies: copies.get(entry) })
		);
	}
	return changes;
}

function goneEntry(
	thread: ThreadId,
	entry: EntryId,
	{ header, wraps }: EntryBundle,
	{ message, copies = [] }: { message: string | null; copies: readonly MessageId[] | undefined }
): Change {
	const put = {
		header,
		body: null,
		wraps,
		isGone: true,
		...(message !== null && { message }),
		...(copies.length > 0 && { copies })
	} as const;
	return { table: 'entry', key: [thread, entry], put };
}

/** As `putEntries`, of texts that are not wanted: headers alone. */
export function putGone(
	thread: ThreadId,
	bundles: readonly EntryBundle[],
	texts: readonly TextEntry[],
	copies: Copies = new Map()
): Change[] {
	return bundles.flatMap((bundle) => {
		const id = entryIdOf(bundle.header);
		const text = texts.find(({ entry }) => entry === id);
		if (text === undefined) return [];
		return [goneEntry(thread, id, bundle, { ...text, copies: copies.get(id) })];
	});
}

/** The sealed bodies, as an office keeps them. */
export async function bodiesOf(
	desk: Desk,
	thread: ThreadId,
	texts: readonly TextEntry[]
): Promise<BlockId[]> {
	const blocks: BlockId[] = [];
	const readEntry = entryReader(desk, thread);
	for (const { entry } of texts) {
		const row = await readEntry(entry);
		const header = row === null ? null : headerDecoder.decode(row.header);
		if (header?.ok === true) blocks.push(cidToBlockId(sha256ToRawCid(header.value.body)));
	}
	return blocks;
}
