/**
 * Messages that would come too late: their epoch's secret is, or soon will be, destroyed where they
 * go. They are sealed again under the epoch of today, with the same id inside (protocol §4).
 */

import { appendMessage } from '../threads/make.ts';
import type { Made } from '../threads/thread.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { entryIdOf } from '../wire/entry.ts';
import { type Address, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { threadPorts, type Account } from './account.ts';
import { epochOf } from './announcement.ts';
import { toPerson, type Correspondent } from './contacts.ts';
import { findMembers } from './members.ts';
import { putMessage } from './delivery.ts';
import type { Desk, Signalled } from './ports.ts';
import { hasEnded } from './progress.ts';
import type { KnockOut, MessageRecord, OutboxRecord, ThreadRecord } from './records.ts';
import { exclusiveThread, keepReplica, loadReplica, putEntries } from './replicas.ts';
import { putThread, summarise } from './summary.ts';

/**
 * A message's epoch is at most 10 days older than itself, and lives for 50 where it goes: this leaves
 * 10 for the way.
 */
const FRESH_MS = LIMITS.epochSecretMs - 2 * LIMITS.epochAgeMs;

/** Those of the outbox. One whose members' cards are not to be had now waits. */
export async function resealLate(
	desk: Desk,
	account: Account,
	options: Signalled = {}
): Promise<void> {
	for (const record of await desk.store.list('outbox')) {
		if (!isLate(record, desk.now())) continue;
		options.signal?.throwIfAborted();
		const members = await findMembers(desk, account, record.thread, options);
		if (!members.ok) continue;
		const { people } = members;
		await exclusiveThread(desk, record.thread, () => reseal(desk, account, record, people));
	}
}

/** Once for each message, else one who calls everything late could have it sealed for ever. */
function isLate({ knocks, isKept, createdAt, message, isResealed }: OutboxRecord, nowMs: number) {
	if (message === undefined || isResealed === true) return false;
	if (knocks.some(({ isTooLate }) => isTooLate === true)) return true;
	return !isKept && nowMs - createdAt > FRESH_MS;
}

async function reseal(
	desk: Desk,
	account: Account,
	{ id, thread, entries }: OutboxRecord,
	people: readonly Correspondent[]
): Promise<void> {
	const before = await loadReplica(desk, account, thread);
	const rows = await desk.store.list('message', [thread]);
	const message = rows.find(({ entry, isMine }) => isMine && entry === entries.at(-1));
	if (before === null || message === undefined) return;
	const isSigned = message.testimony !== undefined;
	const onRecord = isSigned ? { onRecord: account.cardSigner } : {};
	const draft = { mail: message.mail, id: message.id, ...onRecord };
	const made = await appendMessage(
		threadPorts(desk),
		account.me,
		before.state,
		draft,
		people.map(toPerson)
	);
	// No member any more, or one has come meanwhile: what they say of the old entry is said to the user.
	if (!made.ok) return;
	const record = await desk.store.get('outbox', [id]);
	const late = (record?.knocks ?? []).filter(({ isTooLate }) => isTooLate === true);
	const dones = new Map(late.map(({ to }) => [to, desk.random(32)]));
	await commit(desk, account, { made, message, id, thread, dones });
}

interface Resealed {
	readonly made: Made;
	readonly message: MessageRecord;
	/** Of the outbox record. */
	readonly id: string;
	readonly thread: ThreadId;
	/** New secrets for those who have presented the old ones. */
	readonly dones: ReadonlyMap<Address, Uint8Array>;
}

async function commit(
	desk: Desk,
	account: Account,
	{ made, message, id, thread, dones }: Resealed
): Promise<void> {
	const outbox = await desk.store.get('outbox', [id]);
	const last = made.bundles.at(-1);
	if (outbox === null || last === undefined) return;
	const next = { ...message, entry: entryIdOf(last.header) };
	const written: ThreadRecord[] = [];
	await desk.store.update('thread', [thread], (row) => {
		const summary = summarise(desk, account, row, made, []);
		const record = { ...summary, dones: { ...summary.dones, ...Object.fromEntries(dones) } };
		written.push(record);
		return [
			...putEntries(thread, made.bundles),
			putThread(record),
			putMessage(thread, next),
			{ table: 'outbox', key: [id], put: withNewEntries(outbox, made, dones) }
		];
	});
	const record = written.at(-1);
	if (record !== undefined) keepReplica(desk.store, { record, state: made.state });
}

function withNewEntries(
	outbox: OutboxRecord,
	{ bundles }: Made,
	dones: ReadonlyMap<Address, Uint8Array>
): OutboxRecord {
	return {
		...outbox,
		entries: [...outbox.entries, ...bundles.map(({ header }) => entryIdOf(header))],
		epoch: epochOf(bundles.at(-1)?.header),
		kept: 0,
		isKept: false,
		isResealed: true,
		knocks: outbox.knocks.map((knock) => (hasEnded(knock) ? knock : anew(knock, dones)))
	};
}

/** The notice names the new entry, so it is sealed again. */
function anew(
	{ sealed: _sealed, pair: _pair, isTooLate: _late, ...knock }: KnockOut,
	dones: ReadonlyMap<Address, Uint8Array>
): KnockOut {
	const done = dones.get(knock.to);
	if (done === undefined) return { ...knock, state: 'waiting' };
	return { ...knock, state: 'waiting', done, knock: Uint8Array.from(sha256(done)) };
}
