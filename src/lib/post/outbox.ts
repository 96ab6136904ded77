/**
 * The outbox: hands what was written to the own post office, block by block, then the duty to knock
 * (protocol §6.2–6.4). Runs in the leader page and, after the last tab closed, in the service worker;
 * every step is idempotent and recorded before the next begins.
 */

import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { idToCid, type Address, type BlockId, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Block } from '../wire/office.ts';
import { accept, type Refusal, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { letGoOfConfirmed } from './confirmed.ts';
import { entryReader } from './entry-rows.ts';
import { sealKnock } from './knock.ts';
import { blocksOfRecord, hasFiles } from './outbox-files.ts';
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
	await letGoOfConfirmed(desk, account.record.office);
	const round = new Round(desk, account, options);
	try {
		let handed = await round.handTexts();
		if (!handed) return { kind: 'empty' };
		// What is written while a large file goes out does not wait for its end.
		for (handed = await round.handSomeBlocks(); handed; handed = await round.handSomeBlocks()) {
			await round.handTexts();
		}
		const { outcome } = round;
		// What makes room is in the outbox now, before all that waits for it.
		if (outcome.kind === 'refused' && NO_ROOM.includes(outcome.reason)) {
			const isMore = await letGoOfConfirmed(desk, account.record.office, { isCramped: true });
			if (isMore) return await drain(desk, account, options);
		}
		return outcome;
	} catch (problem) {
		// The record stays as far as it got; the supervisor drains again when a relay answers.
		if (problem instanceof Unreachable) return { kind: 'unreachable' };
		throw problem;
	}
}

/**
 * One run over the outbox. Texts and their notices first: a message can be read while its files are
 * still on their way.
 */
class Round {
	readonly #desk: Desk;
	readonly #account: Account;
	readonly #options: Signalled;
	/** Threads with a text that found no room: later ones in them name it, and wait with it. */
	readonly #stuck = new Map<ThreadId, Refusal>();
	/** Records whose texts were handed over, or could not be, in this run. */
	readonly #over = new Set<string>();
	/** Records whose files found no room. */
	readonly #cramped = new Set<string>();
	/** What a record hands over, listed once for a run. */
	readonly #listed = new Map<string, readonly BlockId[]>();
	#refusal: { readonly reason: Refusal; readonly isFinal: boolean } | null = null;

	constructor(desk: Desk, account: Account, options: Signalled) {
		this.#desk = desk;
		this.#account = account;
		this.#options = options;
	}

	get outcome(): DrainOutcome {
		return this.#refusal === null
			? { kind: 'handed-over' }
			: { kind: 'refused', reason: this.#refusal.reason };
	}

	/** False: nothing waits. */
	async handTexts(): Promise<boolean> {
		const waiting = await this.#waiting();
		for (const { id, thread } of waiting) {
			if (this.#isOver || this.#stuck.has(thread)) continue;
			if (this.#over.has(id)) continue;
			const handed = await this.#atOffice((counter) =>
				handText(this.#desk, this.#account, counter, id, this.#options)
			);
			this.#over.add(id);
			if (!handed.ok) this.#refuse(handed.reason, () => this.#stuck.set(thread, handed.reason));
		}
		return waiting.length > 0;
	}

	/** One request of the oldest that has some left; false: none has, or none finds room. */
	async handSomeBlocks(): Promise<boolean> {
		for (const record of await this.#waiting()) {
			const { id, thread } = record;
			if (this.#isOver || record.isKept || this.#stuck.has(thread)) continue;
			if (this.#cramped.has(id) || record.kept < record.entries.length) continue;
			const blocks = this.#listed.get(id) ?? (await blocksOfRecord(this.#desk, record));
			this.#listed.set(id, blocks);
			const handed = await this.#atOffice((counter) =>
				handBlocks(this.#desk, this.#account, counter, { record, blocks }, this.#options)
			);
			if (handed.ok) return true;
			this.#refuse(handed.reason, () => this.#cramped.add(id));
		}
		return false;
	}

	get #isOver(): boolean {
		return this.#refusal?.isFinal === true;
	}

	async #waiting(): Promise<OutboxRecord[]> {
		const waiting = (await this.#desk.store.list('outbox')).filter(isWaiting);
		return waiting.sort((a, b) => a.createdAt - b.createdAt);
	}

	#refuse(reason: Refusal, onNoRoom: () => void): void {
		const isFinal = !NO_ROOM.includes(reason);
		if (!isFinal) onNoRoom();
		if (isFinal || this.#refusal === null) this.#refusal = { reason, isFinal };
	}

	#atOffice(work: (counter: Counter) => Promise<Result<null>>): Promise<Result<null>> {
		return atOwnOffice(this.#desk, this.#account, work, this.#options);
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

/** Entries, then notices. */
async function handText(
	desk: Desk,
	account: Account,
	counter: Counter,
	id: string,
	options: Signalled
): Promise<Result<null>> {
	await releaseBlocks(desk, counter, id, options);
	const kept = await handEntries(desk, account, counter, id, options);
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

async function handEntries(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	id: string,
	options: Signalled
): Promise<Result<null>> {
	for (;;) {
		const record = await desk.store.get('outbox', [id]);
		if (record === null || record.isKept || record.isWithdrawn) return accept(null);
		if (record.kept >= record.entries.length) return accept(null);
		const next = await fill(record.entries.slice(record.kept), async (_, at) =>
			(await entryOf(desk, record, record.kept + at)).flatMap(toBlocks)
		);
		if (next.blocks.length > 0) {
			const stored = await office.keep(signer, next.blocks, options);
			if (!stored.ok) return stored;
		}
		await keepCount(desk, account, record, next.taken);
	}
}

/** As many full blocks as one request takes. */
const BLOCKS_READ = LIMITS.blocksRequestBytes / LIMITS.blockBytes;

interface Handing {
	readonly record: OutboxRecord;
	/** All of its attachments'. */
	readonly blocks: readonly BlockId[];
}

/** Blocks that the office may have already. */
function isReused({ files = [] }: OutboxRecord): boolean {
	return files.some((file) => file.isReused === true);
}

/** As many of the next attachment blocks as one request takes, without those that the office has. */
async function handBlocks(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	{ record, blocks }: Handing,
	options: Signalled
): Promise<Result<null>> {
	const done = record.kept - record.entries.length;
	// Read together: storage answers many questions as fast as one.
	const ids = blocks.slice(done, done + LIMITS.blocksPerRequest);
	const lacking = isReused(record) ? await office.missing(signer, ids, options) : ids;
	const wanted = new Set(lacking.slice(0, BLOCKS_READ));
	const end = lacking[BLOCKS_READ];
	const some = end === undefined ? ids : ids.slice(0, ids.indexOf(end));
	const reads = some.map(async (id) => (wanted.has(id) ? attachmentBlock(desk, id) : []));
	const next = await fill(reads, (read) => read);
	if (next.blocks.length > 0) {
		const stored = await office.keep(signer, next.blocks, options);
		if (!stored.ok) return stored;
	}
	await keepCount(desk, account, record, next.taken, blocks.length);
	return accept(null);
}

/** The office has so many more. */
async function keepCount(
	desk: Desk,
	account: Account,
	record: OutboxRecord,
	taken: number,
	blockCount?: number
): Promise<void> {
	const kept = record.kept + taken;
	const count = blockCount ?? (hasFiles(record) ? Infinity : 0);
	const isKept = kept >= record.entries.length + count;
	// The archive first: after a crash between the two, the last blocks are handed over again.
	if (isKept) await markKept(desk, record, account.record.office);
	await updateOutbox(desk, record.id, (row) => ({ ...row, kept, isKept }));
}

/** Of the first of these as many as one request takes; each may become several blocks, or none. */
async function fill<T>(
	items: readonly T[],
	toBlocksOf: (item: T, at: number) => Promise<Block[]>
): Promise<{ blocks: Block[]; taken: number }> {
	const blocks: Block[] = [];
	let taken = 0;
	let bytes = 0;
	for (const [at, item] of items.entries()) {
		const next = await toBlocksOf(item, at);
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
	const row = id === undefined ? null : await entryReader(desk, thread)(id);
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

async function attachmentBlock(desk: Desk, id: BlockId): Promise<Block[]> {
	const data = await desk.blocks.get(id);
	return data === null ? [] : [toBlock(idToCid(id), data)];
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
