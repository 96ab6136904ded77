/**
 * Snapshots of threads in storage (docs/decisions/0016). The thread's row says which one it stands upon,
 * what came since, and for which version of the row that holds: whoever writes the row without saying so
 * anew has made it void, as it has every replica in memory. Then all entries are read, and the next write
 * makes another.
 */

import {
	entriesOfSnapshot,
	noteSnapshot,
	snapshotOf,
	takeSnapshot,
	trailSince
} from '../threads/snapshot.ts';
import type { UnpackedEntry } from '../threads/packed.ts';
import type { ThreadState } from '../threads/thread.ts';
import { headerDecoder } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';
import { entryReader } from './entry-rows.ts';
import type { Change, Desk, SnapshotPace } from './ports.ts';
import type { EntryRecord, SnapshotRecord, ThreadRecord } from './records.ts';

/** What is written for each append does not grow with the thread. */
const PACE: SnapshotPace = { entries: 16, share: 32 };

/**
 * The row with what its next opening needs, to be written with whatever else is; a new snapshot, where one
 * is due. Only for a state that is just what storage will have.
 */
export function putOpenable(
	{ snapshotPace = PACE }: Pick<Desk, 'snapshotPace'>,
	row: ThreadRecord,
	state: ThreadState
): { readonly record: ThreadRecord; readonly changes: readonly Change[] } {
	const known = snapshotOf(state);
	const grown = state.size - (known?.size ?? 0);
	const isDue = grown >= snapshotPace.entries + (known?.size ?? 0) / snapshotPace.share;
	const taken = isDue ? takeSnapshot(state) : null;
	const { version } = row;
	const put = taken && { ...taken, version };
	const base = put ?? known;
	const trail = base && trailSince(state, base.size);
	const record =
		base === null || trail === null
			? row
			: {
					...row,
					opening: { version, snapshot: base.version, size: state.size, base: base.size, trail }
				};
	const kept = put && ({ table: 'snapshot', key: [row.id], put } as const);
	const thread = { table: 'thread', key: [row.id], put: record } as const;
	return { record, changes: [...(kept ? [kept] : []), thread] };
}

/** To be called when it is stored: the next writes stand upon it. */
export function noteStored({ opening, version }: ThreadRecord, state: ThreadState): void {
	if (opening?.version !== version) return;
	noteSnapshot(state, { version: opening.snapshot, size: opening.base });
}

/** What it takes to open a thread from its snapshot. */
export interface Openable {
	readonly snapshot: SnapshotRecord;
	readonly packed: readonly UnpackedEntry[];
	/** Those that it names to be read, and those that came since. */
	readonly rows: readonly EntryRecord[];
}

/** `null`: there is none that holds, or not all that it stands for is there. */
export async function readOpenable(
	desk: Pick<Desk, 'store'>,
	{ id, opening, version }: ThreadRecord
): Promise<Openable | null> {
	if (opening?.version !== version) return null;
	// Listed, for what is listed is not remembered: it may be large, and is read once.
	// One that cannot be read is as one that is not there: the entries say all that it says.
	const [snapshot] = await desk.store.list('snapshot', [id]).catch(() => []);
	if (snapshot?.version !== opening.snapshot) return null;
	const packed = entriesOfSnapshot(snapshot);
	if (packed === null) return null;
	const read = entryReader(desk, id);
	const named = packed.flatMap(({ id, message }) => (message === null ? [id] : []));
	const known = new Set(packed.map(({ id }) => id));
	const rows = await Promise.all(named.map(read));
	for (let next = without(opening.trail, known); next.length > 0;) {
		for (const entry of next) known.add(entry);
		const came = await Promise.all(next.map(read));
		rows.push(...came);
		next = without(came.flatMap(parentsOf), known);
	}
	const found = rows.filter((row) => row !== null);
	return found.length === rows.length ? { snapshot, packed, rows: found } : null;
}

function without(ids: readonly EntryId[], known: ReadonlySet<EntryId>): EntryId[] {
	return [...new Set(ids)].filter((id) => !known.has(id));
}

function parentsOf(row: EntryRecord | null): EntryId[] {
	const header = row && headerDecoder.decode(row.header);
	return header?.ok === true ? header.value.parents.map(cidToEntryId) : [];
}
