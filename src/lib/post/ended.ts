/**
 * The word that a copy has ended: its holder says it to the writer alone, in a notice that announces
 * nothing else, and the writer's archive shows it for that recipient. Nothing else does: that the day
 * has come proves nothing.
 */

import { slotOf } from '../threads/members.ts';
import type { ThreadState } from '../threads/thread.ts';
import { toHex } from '../wire/bytes.ts';
import {
	bytesToMessageId,
	cidToEntryId,
	idToCid,
	messageIdToBytes,
	rootKeyToAddress,
	type Address,
	type ThreadId
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { toCorrespondent } from './contacts.ts';
import { advanceMessage, putMessage } from './delivery.ts';
import { planKnock } from './knock.ts';
import type { Change, Desk } from './ports.ts';
import type { MessageRecord } from './records.ts';

/** To each writer of these messages, which have ended here now; a stranger is told nothing. */
export async function confirmEnded(
	desk: Desk,
	state: ThreadState,
	messages: readonly MessageRecord[]
): Promise<Change[]> {
	const changes: Change[] = [];
	for (const [writer, theirs] of byWriter(messages)) {
		const contact = await desk.store.get('contact', [writer]);
		const known = contact === null ? null : toCorrespondent(contact);
		if (known === null || known.contact.tier === 'blocked') continue;
		const threadSlot = slotOf(state, known.root);
		for (let at = 0; at < theirs.length; at += LIMITS.noticeEnded) {
			const plan = { contact: known.contact, card: known.card, threadSlot, done: desk.random(32) };
			const knock = planKnock(plan);
			if (knock.isPublic) continue;
			const some = theirs.slice(at, at + LIMITS.noticeEnded);
			const ended = some.map(({ id }) => ({ id: messageIdToBytes(id), at: desk.now() }));
			const id = toHex(desk.random(16));
			const record = {
				...{ id, shownIn: state.id, thread: state.id, entries: [], blocks: [], introduction: '' },
				...{ epoch: cidToEntryId(idToCid(state.id)), kept: 0, isKept: true, ended },
				...{ knocks: [knock], createdAt: desk.now() }
			};
			changes.push({ table: 'outbox', key: [id], put: record });
		}
	}
	return changes;
}

function byWriter(messages: readonly MessageRecord[]): Map<Address, MessageRecord[]> {
	const sorted = new Map<Address, MessageRecord[]>();
	for (const message of messages) {
		if (message.isMine || message.keptBy !== undefined || message.refused !== undefined) continue;
		sorted.set(message.from, [...(sorted.get(message.from) ?? []), message]);
	}
	return sorted;
}

/** What a recipient says of its copies of mine. */
export async function recordEnded(
	desk: Desk,
	from: Address,
	thread: ThreadId,
	ended: readonly { readonly id: Uint8Array; readonly at: number }[]
): Promise<void> {
	for (const { id, at } of ended) {
		const shown = await shownAt(desk, from, thread, id);
		if (shown === null) continue;
		await desk.store.update('message', [shown.thread, shown.id], (row) => {
			// Nobody ends what has not ended: a wrong clock, or a lie.
			if (row?.endsAt === undefined || desk.now() + LIMITS.clockAheadMs < row.endsAt) return [];
			const told = Math.min(Math.max(at, row.endsAt), Math.max(desk.now(), row.endsAt));
			return [putMessage(row.thread, advanceMessage(row, 'ended', told, { only: from }))];
		});
	}
}

/** The message with the statuses: of a blind copy that of the main thread. */
async function shownAt(
	{ store }: Desk,
	from: Address,
	thread: ThreadId,
	id: Uint8Array
): Promise<MessageRecord | null> {
	const own = await store.get('message', [thread, bytesToMessageId(id)]);
	if (own === null || !own.isMine) return null;
	const main = (await store.get('thread', [thread]))?.sideOf;
	if (main === undefined) return own;
	const isShown = ({ mail, isMine, deliveries }: MessageRecord) =>
		isMine &&
		mail.date === own.mail.date &&
		deliveries.some(({ field, to }) => field === 'bcc' && rootKeyToAddress(to.root) === from);
	return (await store.list('message', [main])).find(isShown) ?? null;
}
