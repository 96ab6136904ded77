/** The newest messages of a thread, without a look at the others. */

import { inOrder, isShown, RECENT_MESSAGES } from '../post/digest.ts';
import type { MailStore } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';

export interface Reading {
	readonly messages: readonly MessageRecord[];
	/** Are these all? */
	readonly isWhole: boolean;
}

/** The newest `limit`, or as many as a screen shows; all where they are few, or an older one is unread. */
export async function readNewest(
	store: Pick<MailStore, 'get' | 'list'>,
	{ id, digest, count, unread }: ThreadRecord,
	limit = RECENT_MESSAGES
): Promise<Reading> {
	const isRecent = limit <= RECENT_MESSAGES && count > RECENT_MESSAGES;
	if (digest !== undefined && isRecent) {
		const rows = await Promise.all(
			digest.recent.map((recent) => store.get('message', [id, recent.id]))
		);
		const messages = rows.filter((row) => row !== null);
		if (countUnread(messages) === unread) return { messages, isWhole: false };
	}
	const all = inOrder((await store.list('message', [id])).filter(isShown));
	const messages = all.slice(-limit);
	const isEnough = messages.length < all.length && countUnread(messages) === unread;
	return isEnough ? { messages, isWhole: false } : { messages: all, isWhole: true };
}

function countUnread(messages: readonly MessageRecord[]): number {
	return messages.filter(({ isUnread }) => isUnread).length;
}
