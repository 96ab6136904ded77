/**
 * What the user deleted for good comes again, or only now: as a text that was still on its way then, or
 * in an archive that another member hands on. It is taken, for others may stand on it, and not kept.
 */

import { archivedId } from '../threads/archive.ts';
import { textsAmong, type TextEntry } from '../threads/entries.ts';
import { shownMessages } from '../threads/shown.ts';
import type { ShownMessage, ThreadState } from '../threads/thread.ts';
import { addressToRootKey, type EntryId, type MessageId, type ThreadId } from '../wire/ids.ts';
import { listEntries } from './entry-rows.ts';
import type { Desk } from './ports.ts';
import type { MessageRecord } from './records.ts';
import type { Replica } from './replicas.ts';

/** Ids that copies of an entry's messages have in archives. */
export type Copies = ReadonlyMap<EntryId, readonly MessageId[]>;

export interface Deleted {
	readonly texts: readonly TextEntry[];
	readonly copies: Copies;
	/** Of these entries, without what was deleted. */
	readonly messages: readonly ShownMessage[];
}

/** @param wanted of the entries that can be read now; `promises`: as `promisesOf` gives them */
export async function withoutDeleted(
	desk: Pick<Desk, 'store'>,
	before: Replica | null,
	state: ThreadState,
	wanted: ReadonlySet<EntryId>,
	promises: ReadonlyMap<EntryId, number>
): Promise<Deleted> {
	const all = shownMessages(state, wanted);
	const emptiedAt = before?.record.emptiedAt;
	if (emptiedAt === undefined) return { texts: [], copies: new Map(), messages: all };
	const late = new Set([...wanted].filter((id) => (promises.get(id) ?? Infinity) <= emptiedAt));
	const deleted = all.some(isCopy) ? await deletedCopies(desk, state.id) : new Set<MessageId>();
	const isDeleted = (message: ShownMessage): boolean =>
		late.has(message.entry) || (isCopy(message) && deleted.has(message.id));
	const messages = all.filter((message) => !isDeleted(message));
	const left = new Set(messages.map(({ entry }) => entry));
	const gone = new Set(all.filter(isDeleted).map(({ entry }) => entry));
	// An archive that says something else besides is kept whole.
	const texts = textsAmong(state, new Set([...late, ...[...gone].filter((id) => !left.has(id))]));
	return { texts, copies: copiesOf(all.filter(isDeleted).map(toCopy)), messages };
}

function isCopy({ keptBy }: ShownMessage): boolean {
	return keptBy !== undefined;
}

function toCopy(message: ShownMessage): readonly [EntryId, MessageId] {
	return [message.entry, isCopy(message) ? message.id : archivedId(message)];
}

/** Of messages that are about to be deleted. */
export function copiesOfRows(rows: readonly MessageRecord[]): Copies {
	return copiesOf(
		rows.map(({ entry, id, from, mail, keptBy }) => {
			const root = addressToRootKey(from);
			return [entry, keptBy === undefined ? archivedId({ root, mail }) : id] as const;
		})
	);
}

function copiesOf(pairs: readonly (readonly [EntryId, MessageId])[]): Copies {
	const copies = new Map<EntryId, MessageId[]>();
	for (const [entry, id] of pairs) copies.set(entry, [...(copies.get(entry) ?? []), id]);
	return copies;
}

async function deletedCopies(
	desk: Pick<Desk, 'store'>,
	thread: ThreadId
): Promise<ReadonlySet<MessageId>> {
	const rows = await listEntries(desk, thread);
	return new Set(rows.flatMap(({ copies = [] }) => copies));
}
