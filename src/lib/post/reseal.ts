/**
 * Messages that would come too late: their epoch's secret is, or soon will be, destroyed where they
 * go. They are sealed again, with the same id inside, under the epoch of today, or under a new one where
 * the recipient has lost just that (protocol §4).
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
import { placeUnder } from './ends.ts';
import { keepSecrets } from './kept-secrets.ts';
import type { Desk, Signalled } from './ports.ts';
import { hasEnded, mayReseal, moveKnock, updateOutbox } from './progress.ts';
import type { KnockOut, MessageRecord, OutboxRecord, ThreadRecord } from './records.ts';
import { exclusiveThread, keepReplica, loadReplica, putEntries } from './replicas.ts';
import { putOpenable } from './snapshots.ts';
import { summarise } from './summary.ts';

/**
 * A message's epoch is at most 10 days older than itself, and lives for 50 where it goes: this leaves
 * 10 for the way.
 */
const FRESH_MS = LIMITS.epochSecretMs - 2 * LIMITS.epochAgeMs;

/** Those of the outbox. One whose members' cards are not to be had now waits; the others go on. */
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
		await exclusiveThread(desk, record.thread, () =>
			reseal(desk, account, record.id, members.people)
		);
	}
}

/** Is there anything for `resealLate` to do? */
export async function hasLate({ store, now }: Pick<Desk, 'store' | 'now'>): Promise<boolean> {
	return (await store.list('outbox')).some((record) => isLate(record, now()));
}

function isLate(record: OutboxRecord, nowMs: number): boolean {
	if (!mayReseal(record)) return false;
	if (record.knocks.some(({ isTooLate }) => isTooLate === true)) return true;
	return !record.isKept && nowMs - record.createdAt > FRESH_MS;
}

/** The row is read anew: the user may have taken the message back meanwhile. */
async function reseal(
	desk: Desk,
	account: Account,
	id: string,
	people: readonly Correspondent[]
): Promise<void> {
	const record = await desk.store.get('outbox', [id]);
	if (record === null || !isLate(record, desk.now())) return;
	const { thread } = record;
	const before = await loadReplica(desk, account, thread);
	const rows = await desk.store.list('message', [thread]);
	const message = rows.find(({ entry, isMine }) => isMine && entry === record.entries.at(-1));
	if (before === null || message === undefined) return giveUp(desk, record);
	const isSigned = message.testimony !== undefined;
	const onRecord = isSigned ? { onRecord: account.cardSigner } : {};
	// Who lost the secret (their key ring is gone) cannot read it there, however new that epoch is.
	const isLost = record.knocks.some(({ isTooLate }) => isTooLate === true);
	const elsewhere = isLost ? { notIn: record.epoch } : {};
	const draft = { mail: message.mail, id: message.id, ...onRecord, ...elsewhere };
	const persons = people.map(toPerson);
	const made = await appendMessage(threadPorts(desk), account.me, before.state, draft, persons);
	if (made.ok) {
		const late = record.knocks.filter(({ isTooLate }) => isTooLate === true);
		const dones = new Map(late.map(({ to }) => [to, desk.random(32)]));
		return commit(desk, account, { made, message, id, thread, dones });
	}
	// Somebody has come meanwhile: the next time asks for that card, too.
	if (made.kind !== 'needs-people') await giveUp(desk, record);
}

/** The text is gone, or we are no member any more: the old entry is all there is. */
async function giveUp(desk: Desk, record: OutboxRecord): Promise<void> {
	await updateOutbox(desk, record.id, (row) => ({ ...row, isResealed: true }));
	for (const { to, isTooLate } of record.knocks) {
		if (isTooLate !== true) continue;
		const told = { at: desk.now(), reason: 'sealed-too-late' } as const;
		await moveKnock(desk, { ...record, isResealed: true }, to, 'refused', told);
	}
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

/**
 * The thread first: after a crash before the outbox knows, it is sealed once more, and counts once. The
 * others may change meanwhile, by what recipients say.
 */
async function commit(
	desk: Desk,
	account: Account,
	{ message, id, thread, dones, ...resealed }: Resealed
): Promise<void> {
	const made = await keepSecrets(desk, resealed.made);
	const last = made.bundles.at(-1);
	if (last === undefined) return;
	const under = new Map(message.under && [[entryIdOf(last.header), message.under]]);
	const written: ThreadRecord[] = [];
	await desk.store.update('thread', [thread], (row) => {
		const summary = summarise(desk, account, row, made, []);
		const put = { ...summary, dones: { ...summary.dones, ...Object.fromEntries(dones) } };
		const { record, changes } = putOpenable(desk, put, made.state);
		written.push(record);
		return [...placeUnder(putEntries(thread, made.bundles), under), ...changes];
	});
	const record = written.at(-1);
	if (record === undefined) return;
	keepReplica(desk.store, { record, state: made.state });
	// Its new entry stands on all that was written since, so it counts as written now.
	await updateOutbox(desk, id, (row) => ({
		...withNewEntries(row, made, dones),
		createdAt: record.updatedAt
	}));
	await desk.store.update('message', [thread, message.id], (row) => {
		return row === null ? [] : [putMessage(thread, { ...row, entry: entryIdOf(last.header) })];
	});
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
