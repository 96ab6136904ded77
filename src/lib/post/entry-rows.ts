/**
 * Entries as they stand in storage, and the one way to read them: a row each; only those of an outline,
 * whose texts somebody has promised (docs/decisions/0009), stand many to a row until the texts come, for
 * ten thousand rows of a header each take seconds to write.
 */

import { countLacking, isOpen } from '../threads/entries.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entryIdOf } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import type { Change, Desk, MailStore } from './ports.ts';
import type { EntryRecord, ThreadRecord } from './records.ts';

/** Some 50 KiB: values over 64 KiB get files of their own in Chromium. */
const OUTLINE_HEADERS = 192;

/** `null`: it is not here. */
export type ReadEntry = (id: EntryId) => Promise<EntryRecord | null>;

/** For some entries of one thread, and not for long: the outline is read once. */
export function entryReader({ store }: Pick<Desk, 'store'>, thread: ThreadId): ReadEntry {
	let outlined: Promise<Map<EntryId, EntryRecord>> | undefined;
	return async (id) => {
		const row = await store.get('entry', [thread, id]);
		if (row !== null) return row;
		outlined ??= readOutline(store, thread);
		// The last text may have come in between.
		return (await outlined).get(id) ?? store.get('entry', [thread, id]);
	};
}

export async function listEntries(
	{ store }: Pick<Desk, 'store'>,
	thread: ThreadId
): Promise<EntryRecord[]> {
	// In this order: what leaves the outline has a row of its own before.
	const outlined = await readOutline(store, thread);
	const rows = await store.list('entry', [thread]);
	if (outlined.size === 0) return rows;
	for (const { header } of rows) outlined.delete(entryIdOf(header));
	return [...rows, ...outlined.values()];
}

async function readOutline(store: MailStore, thread: ThreadId): Promise<Map<EntryId, EntryRecord>> {
	const rows = await store.list('outline', [thread]);
	const entries = rows.flatMap(({ headers, promisedAt }) =>
		headers.map((header) => {
			const row: EntryRecord = { header, body: null, wraps: [], promisedAt };
			return [entryIdOf(header), row] as const;
		})
	);
	return new Map(entries);
}

/**
 * The same changes, and the thread's row to be written with them: what was promised stands together.
 *
 * @param dropped as `dropOutline` gives it
 */
export function gatherOutline(
	row: ThreadRecord,
	changes: readonly Change[],
	promised: ReadonlySet<EntryId>,
	dropped: readonly Change[] | null
): { readonly record: ThreadRecord; readonly changes: readonly Change[] } {
	if (dropped !== null) {
		const { outlines: _rows, ...record } = row;
		return { record, changes: [...changes, ...dropped] };
	}
	if (promised.size === 0) return { record: row, changes };
	const headers: Uint8Array[] = [];
	const others: Change[] = [];
	for (const change of changes) {
		const header = headerAlone(change);
		if (header !== null && promised.has(entryIdOf(header))) headers.push(header);
		else others.push(change);
	}
	const { id, updatedAt: promisedAt, outlines = 0 } = row;
	const puts: Change[] = [];
	for (let at = 0; at < headers.length; at += OUTLINE_HEADERS) {
		const put = { headers: headers.slice(at, at + OUTLINE_HEADERS), promisedAt };
		puts.push({ table: 'outline', key: outlineKey(id, outlines + puts.length), put });
	}
	const count = outlines + puts.length;
	return {
		record: count === 0 ? row : { ...row, outlines: count },
		changes: [...others, ...puts]
	};
}

function headerAlone(change: Change): Uint8Array | null {
	if (change.table !== 'entry' || 'remove' in change) return null;
	const { header, body, wraps, isGone } = change.put;
	return body === null && wraps.length === 0 && isGone !== true ? header : null;
}

/**
 * The outline goes when all texts have come: to be written with the thread's row without it; `null`: it
 * stays. What has no row of its own, for its text was given up, gets one. Call it inside
 * `exclusiveThread`.
 *
 * @param came what is written besides
 */
export async function dropOutline(
	{ store }: Pick<Desk, 'store'>,
	before: ThreadRecord | undefined,
	state: ThreadState,
	came: ReadonlySet<EntryId>
): Promise<Change[] | null> {
	if (before?.outlines === undefined || came.size < (before.coming ?? 0)) return null;
	if (countLacking(state) > 0) return null;
	const { id, outlines } = before;
	const changes: Change[] = [];
	for (const [entry, put] of await readOutline(store, id)) {
		if (isOpen(state, entry) || came.has(entry)) continue;
		const key = [id, entry];
		if ((await store.get('entry', key)) === null) changes.push({ table: 'entry', key, put });
	}
	for (let at = 0; at < outlines; at++) {
		changes.push({ table: 'outline', key: outlineKey(id, at), remove: true });
	}
	return changes;
}

function outlineKey(thread: ThreadId, at: number): string[] {
	return [thread, String(at)];
}
