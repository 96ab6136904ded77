/**
 * The outbox: hands what was written to the own post office, block by block, then the duty to knock
 * (protocol §6.2–6.4). Runs in the leader page and, after the last tab closed, in the service worker;
 * every step is idempotent and recorded before the next begins.
 */

import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { idToCid, parseBlockId, type Address, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Block } from '../wire/office.ts';
import { accept, type Refusal, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { sealKnock } from './knock.ts';
import { Unreachable, type Desk, type Signalled } from './ports.ts';
import { markKept, recordSent, updateOutbox } from './progress.ts';
import type { KnockOut, OutboxRecord } from './records.ts';
import { atOwnOffice, type Counter } from './registration.ts';
import { resealLate } from './reseal.ts';

export type DrainOutcome =
	| { readonly kind: 'empty' }
	/** All is handed over; the office goes on knocking. */
	| { readonly kind: 'handed-over' }
	| { readonly kind: 'unreachable' }
	| { readonly kind: 'refused'; readonly reason: Refusal };

/** A large message finds no room where a small one still does: the others go on. */
const NO_ROOM: readonly Refusal[] = ['over-quota', 'disk-full'];

/** One run at a time in the whole profile. Throws AbortError and broken storage only. */
export function drainOutbox(
	desk: Desk,
	account: Account,
	options: Signalled = {}
): Promise<DrainOutcome> {
	return desk.exclusive('outbox', () => drain(desk, account, options), options);
}

async function drain(desk: Desk, account: Account, options: Signalled): Promise<DrainOutcome> {
	await resealLate(desk, account, options);
	const waiting = (await desk.store.list('outbox')).filter(isWaiting);
	if (waiting.length === 0) return { kind: 'empty' };
	/** Threads with a message that found no room: later ones in them name it, and wait with it. */
	const stuck = new Map<ThreadId, Refusal>();
	try {
		for (const record of waiting.sort((a, b) => a.createdAt - b.createdAt)) {
			if (stuck.has(record.thread)) continue;
			const handed = await atOwnOffice(
				desk,
				account,
				(counter) => handOver(desk, account, counter, record.id, options),
				options
			);
			if (handed.ok) continue;
			if (!NO_ROOM.includes(handed.reason)) return { kind: 'refused', reason: handed.reason };
			stuck.set(record.thread, handed.reason);
		}
		const [reason] = stuck.values();
		return reason === undefined ? { kind: 'handed-over' } : { kind: 'refused', reason };
	} catch (problem) {
		// The record stays as far as it got; the supervisor drains again when a relay answers.
		if (problem instanceof Unreachable) return { kind: 'unreachable' };
		throw problem;
	}
}

function isWaiting({ isKept, isWithdrawn, drops, knocks }: OutboxRecord): boolean {
	if (isWithdrawn) return false;
	return !isKept || drops !== undefined || knocks.some(isToBeHanded);
}

/** What came too late is sealed again first; its notice is spent. */
function isToBeHanded({ state, isTooLate }: KnockOut): boolean {
	return state === 'waiting' && isTooLate !== true;
}

async function handOver(
	desk: Desk,
	account: Account,
	counter: Counter,
	id: string,
	options: Signalled
): Promise<Result<null>> {
	await releaseBlocks(desk, counter, id, options);
	const kept = await handBlocks(desk, account, counter, id, options);
	if (!kept.ok) return kept;
	const record = await desk.store.get('outbox', [id]);
	for (const knock of record?.knocks ?? []) {
		if (!isToBeHanded(knock)) continue;
		const sent = await handKnock(desk, account, counter, id, knock, options);
		if (!sent.ok) return sent;
	}
	return accept(null);
}

/** What was taken back goes first, lest it is fetched meanwhile. */
async function releaseBlocks(
	desk: Desk,
	{ office, account: signer }: Counter,
	id: string,
	options: Signalled
): Promise<void> {
	const { drops = [] } = (await desk.store.get('outbox', [id])) ?? {};
	if (drops.length === 0) return;
	await office.release(signer, drops, options);
	await updateOutbox(desk, id, ({ drops: _done, ...row }) => row);
}

async function handBlocks(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	id: string,
	options: Signalled
): Promise<Result<null>> {
	for (;;) {
		const record = await desk.store.get('outbox', [id]);
		if (record === null || record.isKept || record.isWithdrawn) return accept(null);
		const { blocks, taken } = await nextBlocks(desk, record);
		if (blocks.length > 0) {
			const stored = await office.keep(signer, blocks, options);
			if (!stored.ok) return stored;
		}
		const kept = record.kept + taken;
		const isKept = kept >= record.entries.length + record.blocks.length;
		// The archive first: after a crash between the two, the last blocks are handed over again.
		if (isKept) await markKept(desk, record, account.record.office);
		await updateOutbox(desk, id, (row) => ({ ...row, kept, isKept }));
	}
}

/** As many of the next entries and attachment blocks as one request takes. */
async function nextBlocks(
	desk: Desk,
	record: OutboxRecord
): Promise<{ blocks: Block[]; taken: number }> {
	const blocks: Block[] = [];
	let taken = 0;
	let bytes = 0;
	for (const id of [...record.entries, ...record.blocks].slice(record.kept)) {
		const isEntry = record.kept + taken < record.entries.length;
		const next = isEntry
			? (await entryOf(desk, record, record.kept + taken)).flatMap(toBlocks)
			: await attachmentBlock(desk, id);
		const size = next.reduce((sum, block) => sum + block.data.length, 0);
		const isFull =
			blocks.length + next.length > LIMITS.blocksPerRequest ||
			bytes + size > LIMITS.blocksRequestBytes;
		if (isFull && taken > 0) break;
		blocks.push(...next);
		bytes += size;
		taken++;
	}
	return { blocks, taken };
}

/** Header, body and wraps of one entry, each as the block that a holder keeps. */
function toBlocks({ header, body, wraps }: EntryBundle): Block[] {
	const objects = [header, ...wraps].map((data) => toBlock(cidOfObject(data), data));
	return body === null ? objects : [...objects, toBlock(cidOfRaw(body), body)];
}

/** What goes out for the entry at this place; empty where it is gone. */
async function entryOf(
	desk: Desk,
	{ thread, entries, past }: OutboxRecord,
	place: number
): Promise<EntryBundle[]> {
	const id = entries[place];
	const row = id === undefined ? null : await desk.store.get('entry', [thread, id]);
	if (row === null) return [];
	const { header, body, wraps } = row;
	if (place >= (past?.count ?? 0)) return [{ header, body, wraps }];
	const decoded = headerDecoder.decode(header);
	const isEpoch = decoded.ok && decoded.value.t === 'epoch';
	if (!isEpoch) return [{ header, body: null, wraps: [] }];
	// Wraps are of use to whoever was a member then.
	return [{ header, body, wraps: past?.for.length === 0 ? wraps : [] }];
}

/** What a connected recipient gets at once. */
export async function bundlesFor(
	desk: Desk,
	record: OutboxRecord,
	to: Address
): Promise<EntryBundle[]> {
	const start = record.past?.for.includes(to) === false ? record.past.count : 0;
	const places = record.entries.map((_, place) => place).slice(start);
	return (await Promise.all(places.map((place) => entryOf(desk, record, place)))).flat();
}

async function attachmentBlock(desk: Desk, text: string): Promise<Block[]> {
	const id = parseBlockId(text);
	const data = id === null ? null : await desk.blocks.get(id);
	return id === null || data === null ? [] : [toBlock(idToCid(id), data)];
}

function toBlock(cid: Block['cid'], data: Uint8Array): Block {
	return { v: 1, t: 'block', cid, data };
}

async function handKnock(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	id: string,
	waiting: KnockOut,
	options: Signalled
): Promise<Result<null>> {
	const knock = await sealKnock(desk, account, id, waiting, options);
	if (knock === null) return accept(null); // the card is not to be had now: it stays waiting
	const record = await desk.store.get('outbox', [id]);
	const keeps = (record?.entries ?? []).slice(-LIMITS.blocksPerRequest).map(idToCid);
	const { url, slot, token, sealed } = knock;
	const send = { url, slot, knock: knock.knock, sealed, keeps, ...(token && { token }) };
	const sent = await office.send(signer, send, options);
	if (!sent.ok) return sent;
	await recordSent(desk, sent.value);
	return accept(null);
}
