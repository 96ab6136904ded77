/**
 * The digests of all threads, for lists and search. They stand in the threads' rows; what is still on
 * its way moves without a word in those, and is looked up; what has none yet is read once, and gets one.
 */

import {
	headersIn,
	isMoving,
	isOnItsWay,
	isToEnd,
	toDigest,
	toHeader,
	toWholeHeader,
	withHeaders,
	type Digest,
	type MessageHeader
} from '../post/digest.ts';
import {
	digestOf,
	toListedHeader,
	type ListedDigest,
	type ListedHeader,
	type ListedThread
} from '../post/listed.ts';
import { StorageFull, type Change, type MailStore } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { equal } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { parseThreadId, type MessageId, type ThreadId } from '../wire/ids.ts';

/** Where more is known of a thread than its row says; of all the others the row has it. */
export type Digests = ReadonlyMap<ThreadId, ListedDigest>;

export const NO_DIGESTS: Digests = new Map();

export function knownDigest(
	digests: Digests,
	thread: Pick<ListedThread, 'id' | 'digest'>
): ListedDigest | undefined {
	return digests.get(thread.id) ?? digestOf(thread);
}

/** More threads without one than this are read in one sweep over all messages. */
const SWEEP_THREADS = 32;
type Store = Pick<MailStore, 'get' | 'list' | 'update'>;

export async function readDigests(
	store: Store,
	threads: readonly ListedThread[]
): Promise<Digests> {
	const found = new Map<ThreadId, ListedDigest>();
	const without = threads.filter(({ digest, count }) => digest === undefined && count > 0);
	for (const [thread, messages] of await messagesOf(store, without)) {
		const digest = toDigest(messages);
		if (digest === null) continue;
		found.set(thread.id, digest);
		await keepDigest(store, thread, () => digest);
	}
	for (const thread of threads) {
		const digest = found.get(thread.id) ?? (thread.isMoving && digestOf(thread));
		if (digest !== undefined && headersIn(digest).some(isOnItsWay)) {
			found.set(thread.id, await lookUp(store, thread, digest));
		}
	}
	return found.size === 0 ? NO_DIGESTS : found;
}

/**
 * What is known after these writes of this tab, in the order in which they were made; `null` where that
 * has to be read.
 *
 * @param rowOf as it is after them
 */
export function adoptDigests(
	digests: Digests,
	writes: readonly Change[],
	rowOf: (id: ThreadId) => ListedThread | undefined
): Digests | null {
	const next = new Map(digests);
	const know = (id: ThreadId, digest: ListedDigest, row: ListedDigest | undefined) => {
		if (row !== undefined && saysTheSame(digest, row)) next.delete(id);
		else next.set(id, digest);
	};
	const rows = writes.flatMap((write) =>
		write.table === 'thread' && 'put' in write ? write.put.id : []
	);
	for (const id of rows) {
		const row = rowOf(id);
		if (row?.digest === undefined && (row?.count ?? 0) > 0) return null;
		const before = digests.get(id);
		const told = row && digestOf(row);
		// The row says nothing of how far its messages have come since.
		if (told === undefined) next.delete(id);
		else if (before !== undefined) know(id, withHeaders(told, byId(before)), told);
	}
	for (const write of writes) {
		if (write.table !== 'message' || !('put' in write)) continue;
		const { thread, id } = write.put;
		const row = rowOf(thread);
		const digest = row && knownDigest(next, row);
		if (digest === undefined) return null;
		const header = toListedHeader(toWholeHeader(write.put));
		know(thread, withHeaders(digest, new Map([[id, header]])), row && digestOf(row));
	}
	for (const write of writes) {
		const id =
			write.table === 'thread' && !('put' in write) ? parseThreadId(write.key[0] ?? '') : null;
		if (id !== null && rowOf(id) === undefined) next.delete(id);
	}
	const lacking = rows.some((id) => {
		const row = rowOf(id);
		const digest = row && knownDigest(next, row);
		return digest !== undefined && headersIn(digest).some(lacksText);
	});
	return lacking ? null : next;
}

/** Of the messages that both show; all else is the row's. */
function saysTheSame(a: ListedDigest, b: ListedDigest): boolean {
	return a === b || equal(bytesOf(a), bytesOf(b));
}

function bytesOf({ last, mine }: ListedDigest): Uint8Array {
	return encodeFields({ last, ...(mine && { mine }) });
}

function byId(digest: ListedDigest): Map<MessageId, ListedHeader> {
	return new Map(headersIn(digest).map((header) => [header.id, header]));
}

async function messagesOf(
	store: Store,
	threads: readonly ListedThread[]
): Promise<Map<ListedThread, MessageRecord[]>> {
	const read = new Map<ListedThread, MessageRecord[]>();
	if (threads.length <= SWEEP_THREADS) {
		for (const thread of threads) read.set(thread, await store.list('message', [thread.id]));
		return read;
	}
	const byThread = Map.groupBy(await store.list('message'), ({ thread }) => thread);
	for (const thread of threads) read.set(thread, byThread.get(thread.id) ?? []);
	return read;
}

/** As it stands in the thread's row, where its message was not among the writes. */
function lacksText(header: ListedHeader): boolean {
	return isToEnd(header) && header.preview === '' && header.mail.subject === '';
}

/** As far as it has come now; when it has arrived, the row says so from then on. */
async function lookUp(
	store: Store,
	thread: ListedThread,
	digest: ListedDigest
): Promise<ListedDigest> {
	const fresh = new Map<MessageId, MessageHeader>();
	const whole = new Map<MessageId, ListedHeader>();
	for (const header of headersIn(digest).filter(isOnItsWay)) {
		const message = await store.get('message', [thread.id, header.id]);
		if (message === null) continue;
		fresh.set(header.id, toHeader(message));
		whole.set(header.id, toListedHeader(toWholeHeader(message)));
	}
	const now = withHeaders(digest, fresh);
	const hasArrived = headersIn(digest).some(isMoving) && !headersIn(now).some(isMoving);
	if (fresh.size > 0 && hasArrived) {
		await keepDigest(store, thread, (before) => before && withHeaders(before, fresh));
	}
	return withHeaders(digest, whole);
}

/** Unless the thread has changed since it was read: then that comes with a digest of its own. */
async function keepDigest(
	store: Store,
	{ id, version, updatedAt }: ListedThread,
	next: (before: Digest | undefined) => Digest | undefined
): Promise<void> {
	try {
		await store.update('thread', [id], (row) => {
			const isSame = row?.version === version && row.updatedAt === updatedAt;
			const digest = next(row?.digest);
			if (!isSame || digest === undefined) return [];
			return [{ table: 'thread', key: [id], put: { ...row, digest } }];
		});
	} catch (error) {
		// It only saves a look the next time; the reader hears of a full disk where something is lost.
		if (!(error instanceof StorageFull)) throw error;
	}
}
