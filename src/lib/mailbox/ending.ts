/**
 * Letting go of messages whose end date has come: what they said goes from every row, their files from
 * the block store, the key under which all of it stood from the ring; the writer's office drops body
 * and blocks; and whoever had a copy of another's message says so to its writer. What stays is that
 * there was a message, whose, and when it ended.
 */

import type { Account } from '../post/account.ts';
import { advance, putMessage } from '../post/delivery.ts';
import { destroyDoomed, doom } from '../post/doomed.ts';
import { confirmEnded } from '../post/ended.ts';
import { keyOf, putEnding } from '../post/ends.ts';
import { readRow, untilSettled, type LookUp } from '../post/look-up.ts';
import type { Change, Desk, Recalled, Signalled } from '../post/ports.ts';
import { hasEnded as hasKnockEnded } from '../post/progress.ts';
import type { EndingRecord, MessageRecord, OutboxRecord, ThreadRecord } from '../post/records.ts';
import { exclusiveThread, loadReplica } from '../post/replicas.ts';
import { putThread } from '../post/summary.ts';
import { bodiesOf, dropTexts } from '../post/texts.ts';
import { textEntries, type TextEntry } from '../threads/entries.ts';
import { toHex } from '../wire/bytes.ts';
import { cidToEntryId, idToCid, type BlockId, type MessageId, type ThreadId } from '../wire/ids.ts';
import type { Mail } from '../wire/mail.ts';
import { readFileBlocks } from './file-blocks.ts';
import { hasEnded } from '../post/delivery.ts';
import { neededBlocks } from './leftovers.ts';

/**
 * All that is due. Safe to run at any time, by several tabs, and to be cut off: what is not done is due
 * the next time. Throws `StorageFull` and `RingAway`, and the rest is for later.
 */
export async function endDue(
	desk: Desk,
	account: Account,
	{ signal }: Signalled = {}
): Promise<void> {
	await destroyDoomed(desk); // what an earlier round left
	const due = (await desk.store.list('ending')).filter((each) => isDue(each, desk.now()));
	let problem: Error | null = null;
	for (const thread of new Set(due.map((each) => each.thread))) {
		signal?.throwIfAborted();
		try {
			await exclusiveThread(desk, thread, () =>
				untilSettled((look) => endIn(desk, account, thread, look))
			);
		} catch (error) {
			// Those of the other threads end all the same.
			problem ??= error instanceof Error ? error : new Error(String(error));
		}
	}
	if (due.length > 0) await destroyDoomed(desk);
	if (problem !== null) throw problem;
}

/** Unix ms; `null`: nothing here has an end date. */
export async function nextEnd({ store }: Pick<Desk, 'store'>): Promise<number | null> {
	const waiting = (await store.list('ending')).filter(({ endedAt }) => endedAt === undefined);
	return waiting.length === 0 ? null : Math.min(...waiting.map(({ at }) => at));
}

function isDue({ at, endedAt }: EndingRecord, now: number): boolean {
	return endedAt === undefined && at <= now;
}

/** What recipients say of a message meanwhile does not wait for the thread's turn: see `look`. */
async function endIn(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	look: { readonly recalled: Recalled[] }
): Promise<void> {
	const now = desk.now();
	const due = (await desk.store.list('ending', [thread])).filter((each) => isDue(each, now));
	const all = await desk.store.list('message', [thread]);
	const ids = new Set(due.map(({ message }) => message));
	const read = due.map(({ message }) => readRow(desk.store, 'message', [thread, message], look));
	const messages = (await Promise.all(read)).filter((row) => row !== null);
	const replica = await loadReplica(desk, account, thread);
	const texts = replica === null ? [] : textsOf(textEntries(replica.state), messages);
	const blocks = await fileBlocks(desk, messages, new Set(texts.map(({ entry }) => entry)));
	const changes: readonly Change[] = [
		...(replica === null ? [] : await confirmEnded(desk, replica.state, messages)),
		...(await letOfficeGo(desk, thread, messages, { texts, blocks }, look)),
		...(await dropTexts(desk, thread, texts)),
		...messages.map((message) => putMessage(thread, toTombstone(message, now))),
		...due.flatMap(({ under, ...ending }) => [
			putEnding({ ...ending, endedAt: now }),
			...(under === undefined ? [] : doom([under]))
		])
	];
	// First: after the commit nothing would name them, and a crash between the two would leave them.
	await desk.blocks.remove(blocks);
	await desk.store.update(
		'thread',
		[thread],
		(row) => (row === null ? changes : [...changes, putThread(without(row, all, ids))]),
		{ recalled: look.recalled }
	);
}

/** Every entry that says one of them: a message may have been sealed more than once. */
function textsOf(entries: readonly TextEntry[], messages: readonly MessageRecord[]): TextEntry[] {
	const own = new Set(messages.filter(({ keptBy }) => keptBy === undefined).map(keyOf));
	const places = new Set(messages.map(({ entry }) => entry));
	return entries.filter(
		({ entry, message }) => places.has(entry) || (message !== null && own.has(message))
	);
}

/** What it says is empty. Whose it was, and for whom, stays, for an answer to find its people. */
function toTombstone(message: MessageRecord, now: number): MessageRecord {
	const { testimony: _proof, under: _key, isMissigned: _wrong, mail, ...rest } = message;
	return {
		...rest,
		mail: emptied(mail),
		bcc: [],
		isUnread: false,
		isOnRecord: false,
		holders: [],
		deliveries: message.deliveries.map((delivery) =>
			hasEnded(delivery.state) ? delivery : advance(delivery, 'expired', now)
		),
		endedAt: now
	};
}

function emptied({ from, to, cc, date, blind }: Mail): Mail {
	const nothing = { subject: '', text: '', attachments: [], answers: [] };
	return { ...nothing, from, to, cc, date, ...(blind !== undefined && { blind }) };
}

/** With another version: a thread that is open in memory still has the texts. */
function without(
	{ digest: _old, ...row }: ThreadRecord,
	all: readonly MessageRecord[],
	ended: ReadonlySet<MessageId>
): ThreadRecord {
	const unread = all.filter(({ id, isUnread }) => isUnread && ended.has(id)).length;
	const left = all.filter(({ id }) => !ended.has(id));
	return {
		...row,
		version: row.version + 1,
		unread: Math.max(0, row.unread - unread),
		hasAttachment: left.some(({ mail }) => mail.attachments.length > 0)
	};
}

/** Blocks of these messages' files that nothing else here names. */
async function fileBlocks(
	desk: Desk,
	messages: readonly MessageRecord[],
	entries: ReadonlySet<string>
): Promise<BlockId[]> {
	const found: BlockId[] = [];
	for (const file of messages.flatMap(({ mail }) => mail.attachments)) {
		const { chunks, nodes } = await readFileBlocks(desk.blocks, file);
		found.push(...chunks, ...nodes);
	}
	if (found.length === 0) return [];
	const ended = new Set(messages.map(({ thread, id }) => `${thread}/${id}`));
	const isLeft = ({ thread, id }: MessageRecord) => !ended.has(`${thread}/${id}`);
	// What is on its way with one of them nobody is to have any more.
	const needed = await neededBlocks(desk, isLeft, (copy) => !isCopyOf(copy, entries));
	return found.filter((id) => !needed.has(id));
}

/** Of one's own: what is on its way stops, and the office drops what it has. */
async function letOfficeGo(
	desk: Desk,
	thread: ThreadId,
	messages: readonly MessageRecord[],
	{ texts, blocks }: { readonly texts: readonly TextEntry[]; readonly blocks: readonly BlockId[] },
	look: LookUp
): Promise<Change[]> {
	if (!messages.some(({ isMine }) => isMine)) return [];
	const entries = new Set(texts.map(({ entry }) => entry));
	const copies = (await desk.store.list('outbox')).filter((copy) => isCopyOf(copy, entries));
	const current = copies.map(({ id }) => readRow(desk.store, 'outbox', [id], look));
	const stopped = (await Promise.all(current)).flatMap((copy) => (copy === null ? [] : stop(copy)));
	const drops = [...(await bodiesOf(desk, thread, texts)), ...blocks];
	if (drops.length === 0) return stopped;
	const id = toHex(desk.random(16));
	const record: OutboxRecord = {
		...{ id, shownIn: thread, thread, entries: [], blocks: [], introduction: '', knocks: [] },
		...{ epoch: cidToEntryId(idToCid(thread)), kept: 0, isKept: true, drops },
		createdAt: desk.now()
	};
	return [...stopped, { table: 'outbox', key: [id], put: record }];
}

/** A later message on its way names the header alone. */
function isCopyOf({ entries }: OutboxRecord, ended: ReadonlySet<string>): boolean {
	const last = entries.at(-1);
	return last !== undefined && ended.has(last);
}

/** Whoever fetched it before may still confirm it; what was not handed over never will be. */
function stop(copy: OutboxRecord): Change[] {
	const knocks = copy.knocks.map((knock) =>
		knock.state === 'waiting' ? { ...knock, state: 'expired' as const } : knock
	);
	const key = [copy.id];
	return knocks.every(hasKnockEnded)
		? [{ table: 'outbox', key, remove: true }]
		: [{ table: 'outbox', key, put: { ...copy, knocks, isWithdrawn: true, isKept: true } }];
}
