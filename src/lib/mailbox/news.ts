/** What of a commit is new mail that somebody wants to hear of at once. */

import type { Change } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';

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

function isNews(message: MessageRecord, entries: ReadonlySet<string>): boolean {
	const { isMine, isUnread, refused, keptBy, thread, entry } = message;
	if (isMine || !isUnread || refused !== undefined || keptBy !== undefined) return false;
	return entries.has([thread, entry].join());
}
