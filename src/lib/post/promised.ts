/**
 * Texts that a peer has promised and that have not come (docs/decisions/0009): how many there are, since
 * when, and what becomes of them where the user has deleted their thread or put it away meanwhile.
 */

import { countLacking } from '../threads/entries.ts';
import { filingAfter } from './marks.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { Address, EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { entryReader } from './entry-rows.ts';
import type { Desk } from './ports.ts';
import type { MessageRecord, ThreadRecord } from './records.ts';
import type { Replica } from './replicas.ts';

/** Of those that are new here: entries whose texts their carrier sends later. */
export function promisedAmong(
	bundles: readonly EntryBundle[],
	kept: readonly EntryBundle[]
): ReadonlySet<EntryId> {
	const fresh = new Set(kept.map(({ header }) => header));
	const promised = bundles.filter(({ header, later }) => later === true && fresh.has(header));
	return new Set(promised.map(({ header }) => entryIdOf(header)));
}

/**
 * The row with what is still to come: at most what is lacking, for whoever promises more says nothing,
 * and what comes is lacking no more. The word of one who is no member counts nothing, for it has
 * nothing to give.
 */
export function withComing(
	{ coming = 0, comingAt, ...record }: ThreadRecord,
	from: Address,
	state: ThreadState,
	promised: ReadonlySet<EntryId>
): ThreadRecord {
	const most = coming + (record.members.includes(from) ? promised.size : 0);
	const left = most === 0 ? 0 : Math.min(most, countLacking(state));
	if (left === 0) return record;
	const at = left === coming ? comingAt : record.updatedAt;
	return { ...record, coming: left, ...(at !== undefined && { comingAt: at }) };
}

/**
 * When these texts, which have come now, had been promised. Of a thread that nobody deleted or put away
 * nobody has to know.
 */
export async function promisesOf(
	desk: Pick<Desk, 'store'>,
	before: Replica | null,
	fresh: Iterable<EntryId>
): Promise<ReadonlyMap<EntryId, number>> {
	const record = before?.record;
	if (record === undefined) return new Map();
	if (record.emptiedAt === undefined && record.place === 'inbox') return new Map();
	const readEntry = entryReader(desk, record.id);
	const found = [...fresh].map(async (id) => {
		const row = await readEntry(id);
		return row?.promisedAt === undefined ? [] : [[id, row.promisedAt] as const];
	});
	return new Map((await Promise.all(found)).flat());
}

/** What was on its way when the user put the thread elsewhere does not bring it back. */
export function whereItWasPut(
	row: ThreadRecord,
	before: ThreadRecord | null,
	added: readonly MessageRecord[],
	promises: ReadonlyMap<EntryId, number>
): ThreadRecord {
	if (before === null) return row;
	const { placedAt = -Infinity } = before;
	const unread = added.filter(({ isUnread }) => isUnread);
	const isNews = unread.some(({ entry }) => (promises.get(entry) ?? Infinity) > placedAt);
	return isNews ? row : { ...row, ...filingAfter(before, false) };
}

/** A promise of which nothing has come for a day is none: nobody is told any more that it is coming. */
export async function forgetPromises({ store, now }: Pick<Desk, 'store' | 'now'>): Promise<void> {
	const isOver = ({ coming, comingAt = 0 }: ThreadRecord): boolean =>
		coming !== undefined && now() - comingAt >= LIMITS.promisedMs;
	for (const { id } of (await store.list('thread')).filter(isOver)) {
		await store.update('thread', [id], (row) => {
			if (row === null || !isOver(row)) return [];
			const { coming: _count, comingAt: _since, ...put } = row;
			return [{ table: 'thread', key: [id], put }];
		});
	}
}
