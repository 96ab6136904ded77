/** What of a commit is new mail that somebody wants to hear of at once. */

import type { Change } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { isLegacyThread, parseThreadId, type ThreadId } from '../wire/ids.ts';

export interface Arrival {
	readonly thread: ThreadRecord;
	/** The newest of the thread's that came with this commit. */
	readonly message: MessageRecord;
}

/**
 * Messages that came with their entries, unread, in threads of the inbox that are not muted. What is older than what the
 * thread shows already is no news: earlier texts that still come, history that somebody passed on.
 */
export function arrivalsIn(writes: readonly Change[]): Arrival[] {
	const entries = new Set(
		writes.flatMap((write) => (write.table === 'entry' && 'put' in write ? write.key.join() : []))
	);
	const messages = writes.flatMap((write) =>
		write.table === 'message' && 'put' in write && isNews(write.put, entries) ? [write.put] : []
	);
	return writes.flatMap((write): Arrival[] => {
		if (write.table !== 'thread' || !('put' in write) || write.put.place !== 'inbox') return [];
		if (write.put.isMuted === true) return [];
		const { id, latest } = write.put;
		const message = messages.find(({ thread, order }) => thread === id && order === latest.date);
		return message === undefined ? [] : [{ thread: write.put, message }];
	});
}

/**
 * Threads of which nothing is to be told any more: read, put elsewhere, silenced, put off or gone. Those that
 * were brought from elsewhere never were told of, and come in thousands.
 */
export function quietedIn(writes: readonly Change[], now: number): ThreadId[] {
	return writes.flatMap((write) => {
		if (write.table !== 'thread') return [];
		const id = parseThreadId(write.key[0] ?? '');
		if (id === null || isLegacyThread(id)) return [];
		return 'put' in write && isTold(write.put, now) ? [] : [id];
	});
}

function isTold({ unread, place, isMuted, snoozedUntil = 0 }: ThreadRecord, now: number): boolean {
	return unread > 0 && place === 'inbox' && isMuted !== true && snoozedUntil <= now;
}

function isNews(message: MessageRecord, entries: ReadonlySet<string>): boolean {
	const { isMine, isUnread, refused, keptBy, endedAt, thread, entry } = message;
	if (isMine || !isUnread || refused !== undefined || keptBy !== undefined) return false;
	if (endedAt !== undefined) return false;
	return entries.has([thread, entry].join());
}
