/** Messages of others as rows of the archive: each one once, and nobody's in the place of another's. */

import { sha256 } from '@noble/hashes/sha2.js';
import { archivedId } from '../threads/archive.ts';
import { hasArchives } from '../threads/entries.ts';
import type { ShownMessage, ThreadState } from '../threads/thread.ts';
import { concat } from '../wire/bytes.ts';
import {
	bytesToMessageId,
	MESSAGE_ID_BYTES,
	messageIdToBytes,
	rootKeyToAddress,
	type MessageId,
	type ThreadId
} from '../wire/ids.ts';
import type { Account } from './account.ts';
import { presumeNone, type LookUp } from './look-up.ts';
import type { Desk } from './ports.ts';
import type { MessageRecord } from './records.ts';

export interface NewRows {
	readonly added: readonly MessageRecord[];
	/** Copies from archives whose originals are among the added. */
	readonly gone: readonly MessageId[];
}

/**
 * Those of these messages that have no row yet, or one that says that they are refused.
 *
 * @param count how many rows the thread has, about: where they are few, all are read at once
 */
export async function newRows(
	desk: Desk,
	account: Account,
	state: ThreadState,
	messages: readonly ShownMessage[],
	look: LookUp = {},
	count = Infinity
): Promise<NewRows> {
	const { id: thread } = state;
	const added = new Map<MessageId, MessageRecord>();
	const gone = new Set<MessageId>();
	const mayHaveCopies = hasArchives(state);
	const isList = messages.length > PRESUMED_ROWS && count <= messages.length;
	const stored = isList
		? await listRows(desk, thread)
		: await readRows(desk, thread, messages, mayHaveCopies, look);
	const rowAt = async (id: MessageId) => added.get(id) ?? stored(id);
	// What is shown first: another text under its id must not take its row.
	const isRefused = ({ status }: ShownMessage) => Number(status.kind === 'refused');
	for (const message of messages.toSorted((a, b) => isRefused(a) - isRefused(b))) {
		const record = toRecord(desk, account, thread, message);
		let id = message.id;
		let row = await rowAt(id);
		for (; row !== null && !isSameMessage(row, record); row = await rowAt(id)) {
			id = nextId(message.root, id);
		}
		if (row !== null && (row.refused === undefined || record.refused !== undefined)) continue;
		added.set(id, { ...record, id });
		if (record.keptBy !== undefined || !mayHaveCopies) continue;
		const copy = archivedId(message);
		if ((await rowAt(copy))?.keptBy !== undefined && !added.delete(copy)) gone.add(copy);
	}
	return { added: [...added.values()], gone: [...gone] };
}

async function listRows({ store }: Desk, thread: ThreadId) {
	const rows = await store.list('message', [thread]);
	const known = new Map(rows.map((row) => [row.id, row]));
	return async (id: MessageId): Promise<MessageRecord | null> => {
		return Promise.resolve(known.get(id) ?? null);
	};
}

/** Each is one more question in the transaction that writes, and a mistake is a second try of it all. */
const PRESUMED_ROWS = 32;

/** Reads what most messages ask for at once: one after the other it took longer than all else. */
async function readRows(
	{ store }: Desk,
	thread: ThreadId,
	messages: readonly ShownMessage[],
	mayHaveCopies: boolean,
	look: LookUp
) {
	// Of a few that nobody can have copied none is here as a rule, and the write finds out.
	const presumed = mayHaveCopies || messages.length > PRESUMED_ROWS ? {} : look;
	const rows = new Map<MessageId, Promise<MessageRecord | null>>();
	const read = (id: MessageId): Promise<MessageRecord | null> => {
		const row = rows.get(id) ?? presumeNone(store, 'message', [thread, id], presumed);
		rows.set(id, row);
		return row;
	};
	const originals = mayHaveCopies ? messages.filter(({ keptBy }) => keptBy === undefined) : [];
	await Promise.all([...messages.map(({ id }) => id), ...originals.map(archivedId)].map(read));
	return read;
}

/** An id is its writer's own choice, and another member may choose the same. */
function isSameMessage(row: MessageRecord, { from, keptBy }: MessageRecord): boolean {
	return row.from === from && (row.keptBy === undefined) === (keptBy === undefined);
}

function nextId(root: Uint8Array, id: MessageId): MessageId {
	return bytesToMessageId(sha256(concat(root, messageIdToBytes(id))).slice(0, MESSAGE_ID_BYTES));
}

function toRecord(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	shown: ShownMessage
): MessageRecord {
	const from = rootKeyToAddress(shown.root);
	const keptBy = shown.keptBy === undefined ? null : rootKeyToAddress(shown.keptBy);
	const isMine = from === account.record.address && keptBy === null;
	return {
		thread,
		id: shown.id,
		entry: shown.entry,
		from,
		isMine,
		mail: shown.mail,
		bcc: [],
		order: shown.atMs,
		receivedAt: desk.now(),
		isUnread: !isMine && keptBy === null && shown.status.kind === 'shown',
		isOnRecord: shown.record.kind === 'on',
		...(shown.record.kind === 'on' && { testimony: shown.record.testimony }),
		...(shown.record.kind === 'wrong' && { isMissigned: true }),
		isVouched: isMine || shown.sure,
		...(keptBy !== null && { keptBy }),
		...(shown.status.kind === 'refused' && { refused: shown.status.reason }),
		deliveries: [],
		holders: []
	};
}
