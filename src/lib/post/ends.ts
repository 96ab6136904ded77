/**
 * Messages that come with an end date, or are written with one: from the moment they stand here, all
 * that they say stands under one key of the ring. `mailbox/ending.ts` lets go of them when it is time.
 */

import { endOf, endRuleOf, oddityOf } from '../threads/ends.ts';
import { messageKey } from '../threads/log.ts';
import type { TextEntry } from '../threads/entries.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entryIdOf } from '../wire/entry.ts';
import { addressToRootKey, messageIdToBytes, type EntryId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { entryReader } from './entry-rows.ts';
import type { Change, Desk, RingKey } from './ports.ts';
import type { EndingRecord, MessageRecord } from './records.ts';

export interface Marked {
	readonly rows: readonly MessageRecord[];
	/** To be written with them. */
	readonly changes: readonly Change[];
	/** Entries that are to stand under a key. */
	readonly under: ReadonlyMap<EntryId, RingKey>;
	/** What has ended here before and comes again: it must not. */
	readonly again: readonly TextEntry[];
	/** Of end dates that are none. */
	readonly oddities: readonly Refusal[];
}

/** @param rows that are about to be written; those without an end date come back as they are */
export async function markEnds(
	desk: Pick<Desk, 'store' | 'ring'>,
	state: Pick<ThreadState, 'id' | 'replica'>,
	rows: readonly MessageRecord[]
): Promise<Marked> {
	const rule = endRuleOf(state);
	const oddities = rows.flatMap(({ mail }) => oddityOf(mail) ?? []);
	const ending = rows.flatMap((row) => {
		const at = endOf(row.mail, rule);
		return at === null ? [] : [{ row, at }];
	});
	if (ending.length === 0) {
		return { rows, changes: [], under: new Map(), again: [], oddities };
	}
	const known = await Promise.all(
		ending.map(({ row }) => desk.store.get('ending', [row.thread, row.id]))
	);
	const bare = ending.filter((_, i) => known[i]?.under === undefined && !hasEnded(known[i]));
	const claimed = bare.length === 0 ? null : await desk.ring.claim(bare.length);
	const marks = ending.map((each, i) => {
		const under = known[i]?.under ?? claimed?.[bare.indexOf(each)];
		return { ...each, under, isOver: hasEnded(known[i]) };
	});
	const byRow = new Map(marks.map((mark) => [mark.row, mark]));
	return {
		rows: rows.flatMap((row) => {
			const mark = byRow.get(row);
			if (mark === undefined) return [row];
			const { at, under, isOver } = mark;
			return isOver ? [] : [{ ...row, endsAt: at, ...(under && { under }) }];
		}),
		changes: marks.flatMap(({ row, at, under, isOver }) => {
			const { thread, id } = row;
			return isOver ? [] : [putEnding({ thread, message: id, at, ...(under && { under }) })];
		}),
		under: new Map(
			marks.flatMap(({ row, under, isOver }) =>
				under === undefined || isOver || row.keptBy !== undefined ? [] : [[row.entry, under]]
			)
		),
		again: marks.flatMap(({ row, isOver }) => (isOver ? [toText(row)] : [])),
		oddities
	};
}

function hasEnded(ending: EndingRecord | null | undefined): boolean {
	return ending?.endedAt !== undefined;
}

function toText(row: MessageRecord): TextEntry {
	return { entry: row.entry, message: row.keptBy === undefined ? keyOf(row) : null };
}

/** As `threads/` names it. */
export function keyOf({ from, id }: Pick<MessageRecord, 'from' | 'id'>): string {
	return messageKey(addressToRootKey(from), messageIdToBytes(id));
}

export function putEnding(ending: EndingRecord): Change {
	return { table: 'ending', key: [ending.thread, ending.message], put: ending };
}

/** The same changes, with entries under these keys. */
export function placeUnder(
	changes: readonly Change[],
	under: ReadonlyMap<EntryId, RingKey>
): Change[] {
	if (under.size === 0) return [...changes];
	return changes.map((change) => {
		if (change.table !== 'entry' || 'remove' in change) return change;
		const key = under.get(entryIdOf(change.put.header));
		return key === undefined ? change : { ...change, put: { ...change.put, under: key } };
	});
}

/** Entries that came before they could be read stand here already, under no key. */
export async function placeEarlier(
	desk: Pick<Desk, 'store'>,
	{ id }: Pick<ThreadState, 'id'>,
	{ under }: Pick<Marked, 'under'>,
	fresh: ReadonlySet<EntryId>
): Promise<Change[]> {
	const earlier = [...under].filter(([entry]) => !fresh.has(entry));
	const readEntry = entryReader(desk, id);
	const rows = await Promise.all(
		earlier.map(async ([entry, key]) => {
			const row = await readEntry(entry);
			if (row === null || row.isGone === true) return [];
			const put = { ...row, under: key };
			return [{ table: 'entry', key: [id, entry], put } as const];
		})
	);
	return rows.flat();
}
