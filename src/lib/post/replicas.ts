/** Threads in memory: opened once from storage, kept while their row has not been written by another. */

import { printOfThread } from '../threads/entries.ts';
import { TextsAway } from '../threads/packed-node.ts';
import { openBundles, openSnapshot } from '../threads/receive.ts';
import { decodeSecrets, type ThreadSecrets } from '../threads/secrets.ts';
import { lacksTexts } from '../threads/snapshot.ts';
import type { OpenOptions, ThreadState } from '../threads/thread.ts';
import { equal } from '../wire/bytes.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { entryIdOf } from '../wire/entry.ts';
import { entriesById, isLegacyThread, type EntryId, type ThreadId } from '../wire/ids.ts';
import { threadPorts, type Account } from './account.ts';
import { listEntries } from './entry-rows.ts';
import { openSecrets } from './kept-secrets.ts';
import type { LookUp } from './look-up.ts';
import { Overtaken, type Change, type Desk, type MailStore } from './ports.ts';
import type { EntryRecord, ThreadRecord } from './records.ts';
import { noteStored, readOpenable } from './snapshots.ts';

export interface Replica {
	readonly record: ThreadRecord;
	readonly state: ThreadState;
}

/** Opened threads that are kept in memory; the oldest use goes first. */
const KEPT_REPLICAS = 64;
const replicasByStore = new WeakMap<MailStore, Map<ThreadId, Replica>>();

/**
 * `null` where the thread does not stand in this mailbox, or was never shared with anybody. Call it inside `thread(…)`, or
 * give up what comes of it. From memory, where `look` allows it, it may be what it was before another tab
 * wrote: `requireSameThread` tells.
 */
export async function loadReplica(
	desk: Desk,
	account: Account,
	id: ThreadId,
	look: LookUp = {}
): Promise<Replica | null> {
	if (isLegacyThread(id)) return null;
	const kept = keptReplica(desk.store, id);
	if (kept !== undefined && look.recalled !== undefined) {
		const { row } = await desk.store.recall('thread', [id]);
		if (row?.version === kept.record.version) return { ...kept, record: row };
	}
	const record = await desk.store.get('thread', [id]);
	if (record === null) return null;
	if (kept?.record.version === record.version) return { ...kept, record };
	const secrets = await openSecrets(desk, decodeSecrets(record.secrets));
	const quick = await openQuickly(desk, account, record, secrets);
	// A snapshot that does not fit is nothing to stand upon: the next write makes another.
	if (quick !== null) noteStored(record, quick);
	const replica = { record, state: quick ?? (await openWhole(desk, account, record, secrets)) };
	remember(desk.store, replica);
	return replica;
}

/** From its snapshot and what came since; `null`: it cannot be, or is not what the row stands for. */
async function openQuickly(
	desk: Desk,
	account: Account,
	record: ThreadRecord,
	secrets: ThreadSecrets
): Promise<ThreadState | null> {
	if (textsWanted(desk.store).has(record.id)) return null;
	const openable = await readOpenable(desk, record);
	if (openable === null) return null;
	const { rows } = openable;
	const options = await openOptions(desk, record, secrets, rows, 'each');
	const state = await openSnapshot(threadPorts(desk), account.me, openable, rows, options);
	const isRight =
		state?.size === record.opening?.size &&
		state?.missing.length === 0 &&
		record.entriesPrint !== undefined &&
		equal(printOfThread(state), record.entriesPrint);
	return isRight ? state : null;
}

async function openWhole(
	desk: Desk,
	account: Account,
	record: ThreadRecord,
	secrets: ThreadSecrets
): Promise<ThreadState> {
	const rows = await listEntries(desk, record.id);
	const options = await openOptions(desk, record, secrets, rows, 'all');
	const opened = await openBundles(threadPorts(desk), account.me, null, rows, options);
	if (opened.state === null) throw new Error('a stored thread does not open');
	return opened.state;
}

async function openOptions(
	desk: Desk,
	{ id, refused = {} }: ThreadRecord,
	secrets: ThreadSecrets,
	rows: readonly EntryRecord[],
	clear: 'each' | 'all'
): Promise<OpenOptions> {
	const hasEnded = Object.values(secrets.epochs).some(({ endedAt }) => endedAt !== undefined);
	return {
		secrets,
		gone: goneEntries(rows),
		plain: hasEnded ? await clearBodies(desk, id, clear === 'all' ? null : rows) : new Map(),
		refused: new Map(entriesById(refused)),
		trusted: true
	};
}

/** Does it stand here, and may others know of it? */
export async function isSharedThread(
	{ store }: Pick<Desk, 'store'>,
	id: ThreadId
): Promise<boolean> {
	return !isLegacyThread(id) && (await store.get('thread', [id])) !== null;
}

function goneEntries(rows: readonly EntryRecord[]): Map<EntryId, string | null> {
	const gone = rows.filter(({ isGone }) => isGone);
	return new Map(gone.map(({ header, message }) => [entryIdOf(header), message ?? null]));
}

/** Bodies of entries whose epochs have ended, in clear: of these entries, or all. */
async function clearBodies(
	{ store }: Desk,
	thread: ThreadId,
	entries: readonly EntryRecord[] | null
): Promise<Map<EntryId, Uint8Array>> {
	const rows =
		entries === null
			? await store.list('clear', [thread])
			: await Promise.all(
					entries.map(({ header }) => store.get('clear', [thread, entryIdOf(header)]))
				);
	return new Map(rows.filter((row) => row !== null).map(({ entry, body }) => [entry, body]));
}

/** To be called after the row with this version was committed. */
export function keepReplica(store: MailStore, replica: Replica): void {
	noteStored(replica.record, replica.state);
	remember(store, replica);
}

function remember(store: MailStore, replica: Replica): void {
	const replicas = replicasOf(store);
	replicas.delete(replica.record.id);
	replicas.set(replica.record.id, replica);
	const oldest = replicas.keys().next().value;
	if (replicas.size > KEPT_REPLICAS && oldest !== undefined) replicas.delete(oldest);
}

/** Can a message be sealed in it without a look into storage? */
export function remembersReplica(store: MailStore, id: ThreadId): boolean {
	return keptReplica(store, id) !== undefined;
}

/** Who opened it beside may have begun before its texts were wanted. */
function keptReplica(store: MailStore, id: ThreadId): Replica | undefined {
	const kept = replicasOf(store).get(id);
	const isShort = kept !== undefined && lacksTexts(kept.state) && textsWanted(store).has(id);
	return isShort ? undefined : kept;
}

/** Memory has more of it than storage: it is to be opened anew. */
export function dropReplica(store: MailStore, id: ThreadId): void {
	replicasOf(store).delete(id);
}

function replicasOf(store: MailStore): Map<ThreadId, Replica> {
	const known = replicasByStore.get(store);
	if (known !== undefined) return known;
	const made = new Map<ThreadId, Replica>();
	replicasByStore.set(store, made);
	return made;
}

/** Throws `Overtaken` where other entries were stored since: what was sealed does not know of them. */
export function requireSameThread(before: Replica | null, row: ThreadRecord | null): void {
	if (before !== null && row?.version !== before.record.version) {
		throw new Overtaken('the thread went on meanwhile');
	}
}

/**
 * Work that reads a thread and writes it again: one at a time in the whole profile. It begins anew where it
 * needs texts of a thread that was opened without: as after a crash, what it has written is no obstacle.
 */
export function exclusiveThread<T>(desk: Desk, id: ThreadId, work: () => Promise<T>): Promise<T> {
	return desk.exclusive(threadLock(id), async () => {
		try {
			return await work();
		} catch (problem) {
			if (!(problem instanceof TextsAway)) throw problem;
			wantTexts(desk.store, id); // so that the second time it cannot be thrown
			return work();
		}
	});
}

export function threadLock(id: ThreadId): string {
	return `thread/${id}`;
}

/** From now on this tab opens the thread with all its entries: the next time it is likely to need them, too. */
export function wantTexts(store: MailStore, id: ThreadId): void {
	textsWanted(store).add(id);
}

const textsWantedByStore = new WeakMap<MailStore, Set<ThreadId>>();

function textsWanted(store: MailStore): Set<ThreadId> {
	const known = textsWantedByStore.get(store) ?? new Set();
	textsWantedByStore.set(store, known);
	return known;
}

export function putEntries(thread: ThreadId, bundles: readonly EntryBundle[]): Change[] {
	return bundles.map(({ header, body, wraps }) => {
		const put = { header, body, wraps };
		return { table: 'entry', key: [thread, entryIdOf(header)], put } as const;
	});
}
