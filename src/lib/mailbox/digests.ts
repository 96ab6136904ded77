/**
 * The digests of all threads, for lists and search. They stand in the threads' rows; what is still on
 * its way moves without a word in those, and is looked up; what has none yet is read once, and gets one.
 */

import {
	headersIn,
	toDigest,
	toHeader,
	withHeaders,
	type Digest,
	type MessageHeader
} from '../post/digest.ts';
import type { MailStore } from '../post/ports.ts';
import type { DeliveryState, MessageRecord, ThreadRecord } from '../post/records.ts';
import { putThread } from '../post/summary.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';

export type Digests = ReadonlyMap<ThreadId, Digest>;

export const NO_DIGESTS: Digests = new Map();

/** More threads without one than this are read in one sweep over all messages. */
const SWEEP_THREADS = 32;
const ENDS: readonly DeliveryState[] = ['delivered', 'read', 'refused', 'expired', 'withdrawn'];

/** Is nothing more to come of it? */
export function hasEnded(state: DeliveryState): boolean {
	return ENDS.includes(state);
}

type Store = Pick<MailStore, 'get' | 'list' | 'update'>;

export async function readDigests(
	store: Store,
	threads: readonly ThreadRecord[]
): Promise<Digests> {
	const found = new Map<ThreadId, Digest>();
	for (const { id, digest } of threads) if (digest !== undefined) found.set(id, digest);
	const without = threads.filter(({ digest, count }) => digest === undefined && count > 0);
	for (const [thread, messages] of await messagesOf(store, without)) {
		const digest = toDigest(messages);
		if (digest === null) continue;
		found.set(thread.id, digest);
		await keepDigest(store, thread, digest);
	}
	for (const thread of threads) {
		const digest = found.get(thread.id);
		if (digest !== undefined && headersIn(digest).some(isMoving)) {
			found.set(thread.id, await lookUp(store, thread, digest));
		}
	}
	return found;
}

async function messagesOf(
	store: Store,
	threads: readonly ThreadRecord[]
): Promise<Map<ThreadRecord, MessageRecord[]>> {
	const read = new Map<ThreadRecord, MessageRecord[]>();
	if (threads.length <= SWEEP_THREADS) {
		for (const thread of threads) read.set(thread, await store.list('message', [thread.id]));
		return read;
	}
	const byThread = Map.groupBy(await store.list('message'), ({ thread }) => thread);
	for (const thread of threads) read.set(thread, byThread.get(thread.id) ?? []);
	return read;
}

function isMoving({ deliveries }: MessageHeader): boolean {
	return deliveries.some(({ state }) => !hasEnded(state));
}

/** As far as it has come now; when it has arrived, the row says so from then on. */
async function lookUp(store: Store, thread: ThreadRecord, digest: Digest): Promise<Digest> {
	const fresh = new Map<MessageId, MessageHeader>();
	for (const header of headersIn(digest).filter(isMoving)) {
		const message = await store.get('message', [thread.id, header.id]);
		if (message !== null) fresh.set(header.id, toHeader(message));
	}
	const now = withHeaders(digest, fresh);
	if (fresh.size > 0 && !headersIn(now).some(isMoving)) await keepDigest(store, thread, now);
	return now;
}

/** Unless the thread has changed since it was read: then that comes with a digest of its own. */
function keepDigest(
	store: Store,
	{ id, version, updatedAt }: ThreadRecord,
	digest: Digest
): Promise<void> {
	return store.update('thread', [id], (row) =>
		row?.version === version && row.updatedAt === updatedAt ? [putThread({ ...row, digest })] : []
	);
}
