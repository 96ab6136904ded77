/**
 * Taking a message back before it is fetched (protocol §6.6): every holder of ours drops its body, and
 * who has it already is told that it was taken back. The header stays, for others may stand on it.
 */

import { textEntries, type TextEntry } from '../threads/entries.ts';
import { messageKey } from '../threads/log.ts';
import { withdrawMessage } from '../threads/make.ts';
import { withdrawnBy } from '../threads/shown.ts';
import type { Made, ThreadState } from '../threads/thread.ts';
import { toHex } from '../wire/bytes.ts';
import { entryIdOf } from '../wire/entry.ts';
import {
	cidToBlockId,
	messageIdToBytes,
	rootKeyToAddress,
	type BlockId,
	type EntryId,
	type MessageId,
	type ThreadId
} from '../wire/ids.ts';
import { threadPorts, type Account } from './account.ts';
import { announce } from './announcement.ts';
import { toPerson, type Correspondent } from './contacts.ts';
import { advanceMessage, putMessage } from './delivery.ts';
import { keepSecrets } from './kept-secrets.ts';
import { findMembers } from './members.ts';
import { blocksOfRecord } from './outbox-files.ts';
import { readRow, untilSettled } from './look-up.ts';
import { StorageFull, type Change, type Desk, type Recalled, type Signalled } from './ports.ts';
import { hasEnded, outboxChanges } from './progress.ts';
import type { KnockOut, MessageRecord, OutboxRecord, ThreadRecord } from './records.ts';
import { exclusiveThread, loadReplica, putEntries } from './replicas.ts';
import { bodiesOf, dropTexts } from './texts.ts';
import { putThread, summarise } from './summary.ts';

/**
 * `too-late`: all have it, or it is not on its way; `unknown-address`: a new epoch is due, and a
 * member's card is not to be had now.
 */
export type WithdrawOutcome =
	| { readonly ok: true }
	| {
			readonly ok: false;
			readonly problem: 'too-late' | 'unknown-address' | 'not-allowed' | 'storage-full';
	  };

/** Each copy is taken back by itself: a message with blind recipients has several. */
export async function withdraw(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	message: MessageId,
	options: Signalled = {}
): Promise<WithdrawOutcome> {
	const copies = (await desk.store.list('outbox')).filter(
		(record) => record.shownIn === thread && record.message === message && isOnItsWay(record)
	);
	if (copies.length === 0) return { ok: false, problem: 'too-late' };
	try {
		for (const copy of copies) {
			const members = await findMembers(desk, account, copy.thread, options);
			if (!members.ok) return { ok: false, problem: 'unknown-address' };
			const isBack = await exclusiveThread(desk, copy.thread, () =>
				withdrawCopy(desk, account, copy, members.people)
			);
			if (!isBack) return { ok: false, problem: 'not-allowed' };
		}
		return { ok: true };
	} catch (problem) {
		if (problem instanceof StorageFull) return { ok: false, problem: 'storage-full' };
		throw problem;
	}
}

function isOnItsWay({ knocks, isWithdrawn }: OutboxRecord): boolean {
	return isWithdrawn !== true && knocks.some((knock) => !hasEnded(knock));
}

async function withdrawCopy(
	desk: Desk,
	account: Account,
	copy: OutboxRecord,
	people: readonly Correspondent[]
): Promise<boolean> {
	const before = await loadReplica(desk, account, copy.thread);
	const own = (await desk.store.list('message', [copy.thread])).find(
		({ entry, isMine }) => isMine && entry === copy.entries.at(-1)
	);
	if (before === null || own === undefined) return false;
	const persons = people.map(toPerson);
	const ports = threadPorts(desk);
	const made = await withdrawMessage(ports, account.me, before.state, own.id, persons);
	if (!made.ok) return false;
	const key = messageKey(account.root, messageIdToBytes(own.id));
	const texts = textEntries(before.state).filter(({ message }) => message === key);
	const kept = await keepSecrets(desk, made);
	const back = { id: copy.id, thread: copy.thread, texts, made: kept, people };
	await untilSettled((look) => commit(desk, account, back, look));
	return true;
}

interface TakenBack {
	/** Of the copy's outbox record. */
	readonly id: string;
	readonly thread: ThreadId;
	/** It may have been sealed more than once. */
	readonly texts: readonly TextEntry[];
	readonly made: Made;
	readonly people: readonly Correspondent[];
}

/** What its recipients say meanwhile stands in the outbox: see `look`. */
async function commit(
	desk: Desk,
	account: Account,
	{ id, thread, texts, people, made }: TakenBack,
	look: { readonly recalled: Recalled[] }
): Promise<void> {
	const blocks = await bodiesOf(desk, thread, texts);
	const dropped = await dropTexts(desk, thread, texts);
	const copy = await readRow(desk.store, 'outbox', [id], look);
	if (copy === null) return;
	const files = await ownFiles(desk, copy);
	const waiting = copy.knocks.filter((knock) => !hasEnded(knock));
	const dones = Object.fromEntries(waiting.map(({ to, done }) => [to, done]));
	const { past: _others, ...announced } = announce(account, {
		...{ state: made.state, bundles: made.bundles, dones, introduction: '', files: [] },
		people: people.filter(({ address }) => dones[address] !== undefined)
	});
	const outboxId = toHex(desk.random(16));
	// A version that no open replica has: the text is to go from memory, too.
	const write = (row: ThreadRecord | null): Change[] => {
		const summary = summarise(desk, account, row, made, []);
		const record = {
			...{ ...announced, id: outboxId, shownIn: copy.shownIn, createdAt: summary.updatedAt },
			drops: [...blocks, ...files],
			// Its header may not have left yet, and what takes it back stands on it.
			entries: [...copy.entries, ...made.bundles.map(({ header }) => entryIdOf(header))],
			...(copy.past !== undefined && { past: copy.past })
		};
		return [
			...putEntries(thread, made.bundles),
			...dropped,
			putThread(summary),
			...outboxChanges(desk, asEnded(copy)),
			{ table: 'outbox', key: [outboxId], put: record }
		];
	};
	await desk.store.update('thread', [thread], write, { recalled: look.recalled });
	const { shownIn, message = null } = copy;
	if (message === null) return;
	await desk.store.update('message', [shownIn, message], (row) => {
		return row === null ? [] : [putMessage(shownIn, asTakenBack(row, waiting, desk.now()))];
	});
}

/** Its attachments' blocks, but for files that another message of the thread carries, too. */
async function ownFiles(desk: Desk, copy: OutboxRecord): Promise<BlockId[]> {
	// Before it may stand the whole past, which an answer that adds somebody hands over.
	const own = copy.entries.at(-1);
	const others = new Set<string>(
		(await desk.store.list('message', [copy.thread]))
			.filter(({ entry, isWithdrawn }) => entry !== own && isWithdrawn !== true)
			.flatMap(({ mail }) => mail.attachments.map(({ manifest }) => cidToBlockId(manifest)))
	);
	const files = (copy.files ?? []).filter(({ manifest }) => !others.has(manifest));
	return blocksOfRecord(desk, { ...copy, files });
}

function asTakenBack(
	message: MessageRecord,
	waiting: readonly KnockOut[],
	at: number
): MessageRecord {
	const withdrawn = waiting.reduce(
		(before, { to }) => advanceMessage(before, 'withdrawn', at, { only: to }),
		message
	);
	return { ...withdrawn, isWithdrawn: true };
}

/** What was not handed over yet never will be. */
function asEnded(copy: OutboxRecord): OutboxRecord {
	const knocks = copy.knocks.map((knock) =>
		knock.state === 'waiting' ? { ...knock, state: 'withdrawn' as const } : knock
	);
	return { ...copy, knocks, isWithdrawn: true, isKept: true };
}

/**
 * Marks messages that stand here and that these new entries take back. Before the entries are stored: if
 * that fails they come again. Each by itself, for what recipients say of one changes its row meanwhile.
 */
export async function markTakenBack(
	desk: Pick<Desk, 'store'>,
	state: ThreadState,
	entries: ReadonlySet<EntryId>
): Promise<void> {
	for (const { root, id } of withdrawnBy(state, entries)) {
		await desk.store.update('message', [state.id, id], (row) => {
			const isIt = row?.from === rootKeyToAddress(root) && row.keptBy === undefined;
			return isIt ? [putMessage(state.id, { ...row, isWithdrawn: true })] : [];
		});
	}
}
