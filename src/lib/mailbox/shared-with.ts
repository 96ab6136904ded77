/** What was exchanged with somebody: conversations, and the files in them. */

import type { Row } from '../app/view.ts';
import type { ListedThread } from '../post/listed.ts';
import type { MailStore } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Address, ThreadId } from '../wire/ids.ts';
import { isShown as isShownMessage } from '../post/digest.ts';
import { rowsOf } from './list-rows.ts';
import { isShown, type Shelf } from './rows.ts';

/**
 * Conversations in which somebody takes part, or took part, newest first, without the trash. Where I
 * wrote to them blind, the conversation behind which that stands.
 *
 * @param person all addresses of theirs
 */
export function threadsWith(
	threads: readonly ListedThread[],
	person: readonly Address[]
): ListedThread[] {
	const addresses = new Set(person);
	const isWith = ({ members, others = [] }: ListedThread) =>
		[...members, ...others].some((address) => addresses.has(address));
	const found = threads.filter(isWith);
	const ids = new Set<ThreadId>(found.flatMap(({ id, sideOf }) => [id, sideOf ?? id]));
	return threads
		.filter((thread) => ids.has(thread.id) && isShown(thread) && thread.place !== 'trash')
		.sort((a, b) => b.latest.date - a.latest.date);
}

/** Rows of the newest `limit` of them, and how many there are. `now`: Unix ms. */
export function conversationsWith(
	shelf: Shelf,
	person: readonly Address[],
	limit: number,
	now: number
): { readonly rows: readonly Row[]; readonly total: number } {
	const found = threadsWith(shelf.threads, person);
	const rows = rowsOf({ ...shelf, threads: found.slice(0, limit) }, now);
	return { rows, total: found.length };
}

/** One attachment of a message. */
export interface SharedFile {
	readonly message: MessageRecord;
	readonly index: number;
	readonly subject: string;
}

/**
 * Files that somebody sent, or that I sent in a conversation with them: those of the newest
 * conversations first, and in each the newest. Reads no more conversations than it takes to have `limit`.
 */
export async function filesWith(
	store: Pick<MailStore, 'list'>,
	threads: readonly ListedThread[],
	person: readonly Address[],
	limit: number
): Promise<{ readonly files: readonly SharedFile[]; readonly hasMore: boolean }> {
	const files: SharedFile[] = [];
	for (const { id, hasAttachment, subject } of threadsWith(threads, person)) {
		if (!hasAttachment) continue;
		const messages = (await store.list('message', [id]))
			.filter((one) => isShownMessage(one) && (one.isMine || person.includes(one.from)))
			.sort((a, b) => b.order - a.order);
		for (const message of messages) {
			for (const index of message.mail.attachments.keys()) {
				if (files.length === limit) return { files, hasMore: true };
				files.push({ message, index, subject });
			}
		}
	}
	return { files, hasMore: false };
}
