/** What the reader does to threads: put them elsewhere, mark them, empty them. Only this mailbox changes. */

import { StorageFull, type BlockStore, type Change, type Desk } from '../post/ports.ts';
import { copiesOfRows } from '../post/deleted.ts';
import { putMessage } from '../post/delivery.ts';
import { doom } from '../post/doomed.ts';
import { EMPTY_FILE } from '../post/manifest.ts';
import type { MessageRecord, Place, ThreadRecord } from '../post/records.ts';
import { exclusiveThread } from '../post/replicas.ts';
import { putThread } from '../post/summary.ts';
import { dropTexts } from '../post/texts.ts';
import type { TextEntry } from '../threads/entries.ts';
import { isLegacyThread, type BlockId, type MessageId, type ThreadId } from '../wire/ids.ts';
import { readFileBlocks } from './file-blocks.ts';
import { fileThreads, moving, UNFILED, withFiling, type Undo } from './filing.ts';
import { dropBlocks, leaveBlocks } from './leftovers.ts';
import { readNewest } from './recent.ts';

export function moveThreads(desk: Desk, ids: readonly ThreadId[], to: Place): Promise<Undo> {
	return fileThreads(desk, ids, moving(to));
}

/** Of the others' messages; one's own are never unread. */
export async function setRead(
	desk: Desk,
	ids: readonly ThreadId[],
	isRead: boolean
): Promise<Undo> {
	const marked = new Map<ThreadId, readonly MessageId[]>();
	for (const id of ids) {
		marked.set(id, await exclusiveThread(desk, id, () => markThread(desk, id, isRead)));
	}
	return async () => {
		for (const [id, messages] of marked) {
			await exclusiveThread(desk, id, () => unmark(desk, id, messages, isRead));
		}
	};
}

/** "Unread" marks the newest message from others only: that is what the reader wants to see again. */
async function markThread(desk: Desk, id: ThreadId, isRead: boolean): Promise<MessageId[]> {
	const thread = await desk.store.get('thread', [id]);
	if (thread === null || (isRead && thread.unread === 0)) return [];
	const { messages } = await readNewest(desk.store, thread);
	const theirs = messages.filter(({ isMine }) => !isMine).sort((a, b) => a.order - b.order);
	const changed = isRead ? theirs.filter(({ isUnread }) => isUnread) : theirs.slice(-1);
	const unread = isRead
		? 0
		: theirs.filter((message) => message.isUnread || changed.includes(message)).length;
	if (unread === thread.unread && changed.length === 0) return [];
	await desk.store.commit([
		putThread({ ...thread, unread }),
		...changed.map((message) => putMessage(id, { ...message, isUnread: !isRead }))
	]);
	return changed.filter(({ isUnread }) => isUnread === isRead).map((message) => message.id);
}

/** Of these messages, as they were before; one that was read or marked again since stays so. */
async function unmark(
	desk: Desk,
	id: ThreadId,
	messages: readonly MessageId[],
	wasRead: boolean
): Promise<void> {
	const thread = await desk.store.get('thread', [id]);
	if (thread === null) return;
	const rows = await Promise.all(messages.map((one) => desk.store.get('message', [id, one])));
	const changed = rows.filter((row) => row !== null).filter(({ isUnread }) => isUnread !== wasRead);
	if (changed.length === 0) return;
	const unread = thread.unread + (wasRead ? changed.length : -changed.length);
	await desk.store.commit([
		putThread({ ...thread, unread: Math.max(0, unread) }),
		...changed.map((message) => putMessage(id, { ...message, isUnread: wasRead }))
	]);
}

/**
 * Texts and attachments go, and what the user said of it; what the thread needs to go on (headers,
 * epochs, joins) stays, so that a later message of the others comes alone and does not bring the deleted
 * ones back. Of other entries the bodies stay: they carry the keys of members.
 *
 * @param onlyIn not what stands elsewhere by then: it has news that nobody has seen
 * @returns those that were emptied
 */
export async function deleteForever(
	desk: Desk,
	ids: readonly ThreadId[],
	textsOf: TextsOf,
	{ onlyIn }: { readonly onlyIn?: Place } = {}
): Promise<ThreadId[]> {
	const emptied: ThreadId[] = [];
	const left: BlockId[] = [];
	for (const id of ids) {
		await exclusiveThread(desk, id, async () => {
			const thread = await desk.store.get('thread', [id]);
			if (thread === null || (onlyIn !== undefined && thread.place !== onlyIn)) return;
			left.push(...(await emptyThread(desk, thread, textsOf)));
			emptied.push(id);
		});
	}
	// No way back leads from here, so their room is not kept waiting for a day. Once for all of them: it
	// reads every message that is left.
	await dropBlocks(desk, left, []);
	return emptied;
}

/** Every entry of the thread that has a text: `post/texts.ts` knows. */
export type TextsOf = (thread: ThreadId) => Promise<readonly TextEntry[]>;

/** Gives back blocks that nothing in it names any more. */
async function emptyThread(
	desk: Desk,
	thread: ThreadRecord,
	textsOf: TextsOf
): Promise<readonly BlockId[]> {
	const { id } = thread;
	const messages = await desk.store.list('message', [id]);
	const files = await fileBlocks(desk.blocks, messages);
	if (isLegacyThread(id)) {
		await dropLegacy(desk, id, messages, files);
		return [];
	}
	const changes: readonly Change[] = [
		putThread(emptied(desk, thread)),
		...messages.map((message): Change => ({
			table: 'message',
			key: [id, message.id],
			remove: true
		})),
		...(await dropTexts(desk, id, await textsOf(id), copiesOfRows(messages))),
		...doom(messages.flatMap(({ under }) => under ?? []))
	];
	try {
		await leaveBlocks(desk, files);
		await desk.store.commit(changes);
	} catch (error) {
		if (!(error instanceof StorageFull)) throw error;
		// Removing needs no room, and makes some for what must be written. If the rest fails again,
		// the reader is told, and it can be asked for again.
		await dropBlocks(desk, files, [id]);
		await desk.store.commit(changes, { mayUseReserve: true });
	}
	return files;
}

/** No peer can bring it back, so that nothing of it need be remembered; nobody else names its blocks. */
async function dropLegacy(
	desk: Desk,
	id: ThreadId,
	messages: readonly MessageRecord[],
	files: readonly BlockId[]
): Promise<void> {
	const changes: readonly Change[] = [
		{ table: 'thread', key: [id], remove: true },
		...messages.map((each): Change => ({ table: 'message', key: [id, each.id], remove: true }))
	];
	await desk.store.commit(changes, { mayUseReserve: true });
	await desk.blocks.remove(files.filter((id) => id !== EMPTY_FILE));
}

/** With another version: a thread that is open in memory still has the texts. */
function emptied({ now }: Pick<Desk, 'now'>, row: ThreadRecord): ThreadRecord {
	const filed = withFiling(row, { ...UNFILED, place: row.place });
	const { digest: _, coming: __, comingAt: ___, ...thread } = filed;
	const latest = { ...thread.latest, preview: '' };
	const version = thread.version + 1;
	const updatedAt = Math.max(now(), thread.updatedAt + 1);
	const times = { updatedAt, emptiedAt: updatedAt };
	return { ...thread, ...times, version, latest, count: 0, unread: 0, hasAttachment: false };
}

/** Blocks of these messages' files, as far as they are here. */
async function fileBlocks(
	blocks: Pick<BlockStore, 'get'>,
	messages: readonly MessageRecord[]
): Promise<BlockId[]> {
	const found: BlockId[] = [];
	for (const { mail, legacy } of messages) {
		for (const file of [...mail.attachments, ...(legacy === undefined ? [] : [legacy.rest])]) {
			const { chunks, nodes } = await readFileBlocks(blocks, file);
			found.push(...chunks, ...nodes);
		}
	}
	return found;
}
