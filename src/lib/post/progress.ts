/**
 * How far a message has come: one truth in the outbox, which ends, and one in the archive, which the
 * screen shows (protocol §6.5). Every change is a read and a write that no other tab comes between.
 */

import { equal } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
import type { Sent } from '../wire/office.ts';
import { isRefusal, type Refusal } from '../wire/refusal.ts';
import { advanceMessage, putMessage } from './delivery.ts';
import type { Change, Desk } from './ports.ts';
import type { DeliveryState, KnockOut, OutboxRecord } from './records.ts';

/** What the own office says of one knock: in the outbox, and in the archive's status. */
export async function recordSent(desk: Desk, sent: Sent): Promise<void> {
	const states = { waiting: 'handed-over', done: 'delivered' } as const;
	const state = sent.state === 'waiting' || sent.state === 'done' ? states[sent.state] : sent.state;
	const reason = sent.reason !== undefined && isRefusal(sent.reason) ? sent.reason : undefined;
	// A knock stands for all my unconfirmed messages of one thread to one recipient.
	for (const record of await desk.store.list('outbox')) {
		const knock = record.knocks.find((each) => equal(each.knock, sent.knock));
		if (knock === undefined) continue;
		await moveKnock(desk, record, knock.to, state, { at: sent.time, ...(reason && { reason }) });
	}
}

/** Moves one recipient forward in outbox and archive; the record goes when all have ended. */
export async function moveKnock(
	desk: Desk,
	record: OutboxRecord,
	to: Address,
	state: KnockOut['state'],
	{ at, reason }: { readonly at: number; readonly reason?: Refusal }
): Promise<void> {
	await desk.store.update('outbox', [record.id], (row) => {
		if (row === null) return [];
		const knocks = row.knocks.map((each) =>
			each.to === to && !hasEnded(each) ? { ...each, state } : each
		);
		return [outboxChange({ ...row, knocks })];
	});
	const shown = deliveryOf(state);
	if (shown === null) return;
	if (shown === 'delivered') await forgetDone(desk, record, to);
	await desk.store.update('message', [record.shownIn, record.message], (message) => {
		if (message === null) return [];
		const options = { only: to, ...(reason && { reason }) };
		return [putMessage(record.shownIn, advanceMessage(message, shown, at, options))];
	});
}

/** The next notice to this recipient about this thread gets a secret of its own. */
async function forgetDone(desk: Desk, { thread }: OutboxRecord, to: Address): Promise<void> {
	await desk.store.update('thread', [thread], (row) => {
		if (row?.dones[to] === undefined) return [];
		const dones = Object.fromEntries(
			Object.entries(row.dones).filter(([address]) => address !== to)
		);
		return [{ table: 'thread', key: [thread], put: { ...row, dones } }];
	});
}

function deliveryOf(state: KnockOut['state']): DeliveryState | null {
	return state === 'waiting' || state === 'handed-over' ? null : state;
}

function hasEnded({ state }: KnockOut): boolean {
	return state === 'delivered' || state === 'refused' || state === 'expired';
}

export async function markKept(desk: Desk, record: OutboxRecord, office: string): Promise<void> {
	await desk.store.update('message', [record.shownIn, record.message], (message) => {
		if (message === null) return [];
		const holders = [...new Set([...message.holders, office])];
		const kept = advanceMessage(message, 'kept', desk.now());
		return [putMessage(record.shownIn, { ...kept, holders })];
	});
}

export async function updateOutbox(
	desk: Desk,
	id: string,
	change: (row: OutboxRecord) => OutboxRecord
): Promise<void> {
	await desk.store.update('outbox', [id], (row) =>
		row === null ? [] : [outboxChange(change(row))]
	);
}

/** A record whose recipients have all ended is removed, handed over or not: nobody waits for it. */
function outboxChange(row: OutboxRecord): Change {
	const key = [row.id];
	return row.knocks.every(hasEnded)
		? { table: 'outbox', key, remove: true }
		: { table: 'outbox', key, put: row };
}
