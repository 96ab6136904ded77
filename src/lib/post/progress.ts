/**
 * How far a message has come: one truth in the outbox, which ends, and one in the archive, which the
 * screen shows (protocol §6.5). Every change is a read and a write that no other tab comes between.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { equal } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
import type { Sent } from '../wire/office.ts';
import { isRefusal, type Refusal } from '../wire/refusal.ts';
import { rememberConfirmed } from './confirmed.ts';
import { advanceMessage, putMessage } from './delivery.ts';
import { hasFiles } from './outbox-files.ts';
import type { Change, Desk } from './ports.ts';
import type { DeliveryState, KnockOut, OutboxRecord } from './records.ts';

/** What the own office says of one notice: in the outbox, and in the archive's status. */
export async function recordSent(desk: Desk, sent: Sent): Promise<void> {
	const states = { waiting: 'handed-over', done: 'delivered' } as const;
	const state = sent.state === 'waiting' || sent.state === 'done' ? states[sent.state] : sent.state;
	const reason = sent.reason !== undefined && isRefusal(sent.reason) ? sent.reason : undefined;
	await recordState(desk, noticeOf(sent), state, reason);
}

/** What a word of a recipient, or of an office, is about. */
export interface About {
	/** SHA-256 of `done`. */
	readonly knock: Uint8Array;
	/** The one message that it names; those before it, it implies. */
	readonly isNamed: (one: Announced) => boolean;
	/** Unix ms. */
	readonly time: number;
}

function noticeOf({ knock, hash, time }: Pick<Sent, 'knock' | 'hash' | 'time'>): About {
	return { knock, isNamed: (one) => isNotice(one.knock, hash), time };
}

/** In the outbox, and in the archive's status. */
export async function recordState(
	desk: Desk,
	about: About,
	state: KnockOut['state'],
	reason?: Refusal
): Promise<void> {
	for (const one of await findAnnounced(desk, about)) {
		const { record, knock } = one;
		// What confirms a later notice does not say that the message was had before it was taken back.
		const isBack = record.isWithdrawn === true && state === 'delivered' && !about.isNamed(one);
		const next = isBack ? 'withdrawn' : state;
		await moveKnock(desk, record, knock.to, next, { at: about.time, ...(reason && { reason }) });
	}
}

export interface Announced {
	readonly record: OutboxRecord;
	readonly knock: KnockOut;
}

/**
 * The messages on their way that this word is about: the named one and, as its ancestors, those
 * that I wrote before it to this recipient in this thread. A later one has the same knock and another
 * notice, which may not be handed over yet: nothing is known of it.
 */
export async function findAnnounced(
	desk: Desk,
	{ knock: name, isNamed }: Pick<About, 'knock' | 'isNamed'>
): Promise<Announced[]> {
	const open = (await desk.store.list('outbox')).flatMap((record) =>
		record.knocks.filter(({ knock }) => equal(knock, name)).map((knock) => ({ record, knock }))
	);
	const named = open.find(isNamed);
	if (named === undefined) return [];
	return open.filter(({ record }) => record.createdAt <= named.record.createdAt);
}

/**
 * The recipient refuses what this notice names. Nothing is said of what was written before it, and
 * `done` is spent: those are announced anew, under another. True: they wait to be handed over.
 */
export function recordRefused(
	desk: Desk,
	sent: Pick<Sent, 'knock' | 'hash' | 'time'>,
	reason: Refusal
): Promise<boolean> {
	return recordNo(desk, noticeOf(sent), reason);
}

/** As `recordRefused`, whatever names the message. */
export async function recordNo(desk: Desk, about: About, reason: Refusal): Promise<boolean> {
	const announced = await findAnnounced(desk, about);
	for (const { record, knock } of announced.filter(about.isNamed)) {
		await moveKnock(desk, record, knock.to, 'refused', { at: about.time, reason });
	}
	const others = announced.filter((one) => !about.isNamed(one));
	return announceAnew(desk, others, about);
}

/**
 * What the recipient said to this notice cannot be read, and `done` is spent: all that it announced is
 * announced anew, under another. False: that has been tried.
 */
export async function recordUnread(
	desk: Desk,
	sent: Pick<Sent, 'knock' | 'hash' | 'time'>
): Promise<boolean> {
	const about = noticeOf(sent);
	const announced = await findAnnounced(desk, about);
	const named = announced.find(about.isNamed);
	if (named === undefined || named.record.isWithdrawn === true) return false;
	if (named.knock.isAskedAgain === true) return false;
	await forgetDone(desk, named.record, named.knock.to);
	return announceAnew(desk, announced, about, { isAskedAgain: true });
}

/**
 * All under one secret, as they were before: the notice of the last is that of all. What was taken back is
 * not announced any more. True: some wait to be handed over.
 */
async function announceAnew(
	desk: Desk,
	announced: readonly Announced[],
	{ time: at }: Pick<About, 'time'>,
	more: Pick<KnockOut, 'isAskedAgain'> = {}
): Promise<boolean> {
	const done = desk.random(32);
	const fresh = { done, knock: Uint8Array.from(sha256(done)), state: 'waiting' } as const;
	const isBack = ({ record }: Announced) => record.isWithdrawn === true;
	for (const { record, knock } of announced.filter(isBack)) {
		await moveKnock(desk, record, knock.to, 'withdrawn', { at });
	}
	const waiting = announced.filter((one) => !isBack(one));
	for (const { record, knock } of waiting) {
		await updateKnock(desk, record.id, knock.to, ({ sealed: _, pair: __, ...rest }) => ({
			...rest,
			...fresh,
			...more
		}));
	}
	return waiting.length > 0;
}

/** Is it the notice with this SHA-256 that would be handed over now? */
export function isNotice({ sealed }: KnockOut, hash: Uint8Array): boolean {
	return sealed !== undefined && equal(sha256(sealed), hash);
}

/**
 * Moves one recipient forward in archive and outbox; the record goes when all have ended. The archive
 * first: after a crash between the two the outbox still asks, and hears it again. What came too late
 * is no refusal yet: it is sealed again (`reseal.ts`).
 */
export async function moveKnock(
	desk: Desk,
	record: OutboxRecord,
	to: Address,
	state: KnockOut['state'],
	{ at, reason }: { readonly at: number; readonly reason?: Refusal }
): Promise<void> {
	if (reason !== undefined && UNREADABLE.includes(reason) && mayReseal(record)) {
		await updateKnock(desk, record.id, to, (knock) => ({
			...knock,
			state: 'waiting',
			isTooLate: true
		}));
		return;
	}
	const shown = deliveryOf(state);
	if (shown !== null && record.message !== undefined) {
		await desk.store.update('message', [record.shownIn, record.message], (message) => {
			if (message === null) return [];
			const options = { only: to, ...(reason && { reason }) };
			return [putMessage(record.shownIn, advanceMessage(message, shown, at, options))];
		});
	}
	// Presented with either word, or not needed any more.
	if (shown === 'delivered' || shown === 'refused') await forgetDone(desk, record, to);
	await updateKnock(desk, record.id, to, (knock) => ({ ...knock, state }));
}

/**
 * The recipient is meant, and has lost what opens it: the epoch's secret, or the prekey to which that was
 * wrapped.
 */
const UNREADABLE: readonly Refusal[] = ['sealed-too-late', 'no-wrap-for-me'];

/** Once for each message, else one who calls everything late could have it sealed for ever. */
export function mayReseal({ message, isResealed, isWithdrawn }: OutboxRecord): boolean {
	return message !== undefined && isResealed !== true && isWithdrawn !== true;
}

/** Changes one recipient's part of a record, unless it has ended. */
export async function updateKnock(
	desk: Desk,
	id: string,
	to: Address,
	change: (knock: KnockOut) => KnockOut
): Promise<void> {
	await updateOutbox(desk, id, (row) => ({
		...row,
		knocks: row.knocks.map((each) => (each.to === to && !hasEnded(each) ? change(each) : each))
	}));
}

/** The next notice to this recipient about this thread gets a secret of its own. */
async function forgetDone(
	desk: Desk,
	{ thread, knocks }: OutboxRecord,
	to: Address
): Promise<void> {
	const done = knocks.find((knock) => knock.to === to)?.done;
	await desk.store.update('thread', [thread], (row) => {
		const current = row?.dones[to];
		if (!row || !current || !done || !equal(current, done)) return [];
		const dones = Object.fromEntries(
			Object.entries(row.dones).filter(([address]) => address !== to)
		);
		return [{ table: 'thread', key: [thread], put: { ...row, dones } }];
	});
}

function deliveryOf(state: KnockOut['state']): DeliveryState | null {
	return state === 'waiting' || state === 'handed-over' ? null : state;
}

export function hasEnded({ state }: KnockOut): boolean {
	return state !== 'waiting' && state !== 'handed-over' && state !== 'noticed';
}

/**
 * This copy is whole at the office; of a mail with blind recipients each has a copy of its own, with
 * files of its own. The office holds the mail when it has all of them.
 */
export async function markKept(desk: Desk, record: OutboxRecord, office: string): Promise<void> {
	if (record.message === undefined) return;
	const isLast = !hasFiles(record) || !(await isOtherOnItsWay(desk, record));
	await desk.store.update('message', [record.shownIn, record.message], (message) => {
		if (message === null) return [];
		const holders = isLast ? [...new Set([...message.holders, office])] : message.holders;
		const kept = record.knocks.reduce(
			(before, { to }) => advanceMessage(before, 'kept', desk.now(), { only: to }),
			message
		);
		return [putMessage(record.shownIn, { ...kept, holders })];
	});
}

async function isOtherOnItsWay(
	{ store }: Pick<Desk, 'store'>,
	{ id, message, shownIn }: OutboxRecord
): Promise<boolean> {
	const records = await store.list('outbox');
	return records.some((other) => {
		const isCopy = other.message === message && other.shownIn === shownIn && other.id !== id;
		return isCopy && !other.isKept && other.isWithdrawn !== true;
	});
}

export async function updateOutbox(
	desk: Desk,
	id: string,
	change: (row: OutboxRecord) => OutboxRecord
): Promise<void> {
	await desk.store.update('outbox', [id], (row) =>
		row === null ? [] : outboxChanges(desk, change(row))
	);
}

/**
 * A record whose recipients have all ended is removed, handed over or not: nobody waits for it. But
 * for what its office still has to let go of.
 */
export function outboxChanges({ now }: Pick<Desk, 'now'>, row: OutboxRecord): Change[] {
	const key = [row.id];
	return row.knocks.every(hasEnded) && row.drops === undefined
		? [{ table: 'outbox', key, remove: true }, ...rememberConfirmed(row, now())]
		: [{ table: 'outbox', key, put: row }];
}
