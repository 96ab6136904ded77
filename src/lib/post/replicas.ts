/** Threads in memory: opened once from storage, kept while their row has not been written by another. */

import { openBundles } from '../threads/receive.ts';
import { decodeSecrets, type ThreadSecrets } from '../threads/secrets.ts';
import type { ThreadState } from '../threads/thread.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { entryIdOf } from '../wire/entry.ts';
import { entriesById, isLegacyThread, type EntryId, type ThreadId } from '../wire/ids.ts';
import { threadPorts, type Account } from './account.ts';
import { openSecrets } from './kept-secrets.ts';
import type { LookUp } from './look-up.ts';
import { Overtaken, type Change, type Desk, type MailStore } from './ports.ts';
import type { EntryRecord, ThreadRecord } from './records.ts';

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
	const kept = replicasOf(desk.store).get(id);
	if (kept !== undefined && look.recalled !== undefined) {
		const { row } = await desk.store.recall('thread', [id]);
		if (row?.version === kept.record.version) return { ...kept, record: row };
	}
	const record = await desk.store.get('thread', [id]);
	if (record === null) return null;
	if (kept?.record.version === record.version) return { ...kept, record };
	const rows = await desk.store.list('entry', [id]);
	const secrets = await openSecrets(desk, decodeSecrets(record.secrets));
	const opened = await openBundles(threadPorts(desk), account.me, null, rows, {
		secrets,
		gone: goneEntries(rows),
		plain: await clearBodies(desk, id, secrets),
		refused: new Map(entriesById(record.refused ?? {})),
		trusted: true
	});
	if (opened.state === null) throw new Error('a stored thread does not open');
	const replica = { record, state: opened.state };
	keepReplica(desk.store, replica);
	return replica;
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

/** Bodies of entries whose epochs have ended, in clear. */
async function clearBodies(
	{ store }: Desk,
	thread: ThreadId,
	{ epochs }: ThreadSecrets
): Promise<Map<EntryId, Uint8Array>> {
	const hasEnded = Object.values(epochs).some(({ endedAt }) => endedAt !== undefined);
	const rows = hasEnded ? await store.list('clear', [thread]) : [];
	return new Map(rows.map(({ entry, body }) => [entry, body]));
}

/** To be called after the row with this version was committed. */
export function keepReplica(store: MailStore, replica: Replica): void {
	const replicas = replicasOf(store);
	replicas.delete(replica.record.id);
	replicas.set(replica.record.id, replica);
	const oldest = replicas.keys().next().value;
	if (replicas.size > KEPT_REPLICAS && oldest !== undefined) replicas.delete(oldest);
}

/** Can a message be sealed in it without a look into storage? */
export function remembersReplica(store: MailStore, id: ThreadId): boolean {
	return replicasOf(store).has(id);
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

/** Work that reads a thread and writes it again: one at a time in the whole profile. */
export function exclusiveThread<T>(desk: Desk, id: ThreadId, work: () => Promise<T>): Promise<T> {
	return desk.exclusive(threadLock(id), work);
}

export function threadLock(id: ThreadId): string {
	return `thread/${id}`;
}

export function putEntries(thread: ThreadId, bundles: readonly EntryBundle[]): Change[] {
	return bundles.map(({ header, body, wraps }) => {
		const put = { header, body, wraps };
		return { table: 'entry', key: [thread, entryIdOf(header)], put } as const;
	});
}
