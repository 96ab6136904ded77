/**
 * Entries over a session: pushed when new, sent when the peer lacks or asks for them, acknowledged
 * only after they are stored.
 */

import type { Recipient } from '../post/ports.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import { idToCid, type Address, type EntryId, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import { parentsFirst } from './parents-first.ts';
import type { Outgoing } from './outgoing.ts';
import { Breach } from './pipe.ts';

/** Room in a frame for what stands around its entries. */
const MOST_BYTES = LIMITS.frameBytes - 1024;
/** Entries that a peer waits for at one time. Who asks for more is cut off, and goes on next time. */
const MOST_WAITING = 131_072;

/** A peer that lacks more gets the newest first: fewer are all there before anybody has read one. */
const MANY = 2 * LIMITS.batchEntries;
/** Texts of the first batch: what a screen shows. */
const FIRST_TEXTS = 32;

/** The side that has them. New ones go before what the peer missed while it was away. */
export class EntrySender {
	readonly #recipient: Recipient;
	readonly #address: Address;
	readonly #outgoing: Outgoing;
	readonly #onFailure: (cause: unknown) => void;
	readonly #fresh: EntryBundle[] = [];
	readonly #lacking = new Map<ThreadId, Set<EntryId>>();
	/** Sent, and neither acknowledged nor declined: not to be offered again, unless asked for. */
	readonly #underway = new Set<EntryId>();
	#waiting = 0;
	#isRunning = false;
	#hasOutline = false;

	constructor(
		recipient: Recipient,
		address: Address,
		outgoing: Outgoing,
		onFailure: (cause: unknown) => void
	) {
		this.#recipient = recipient;
		this.#address = address;
		this.#outgoing = outgoing;
		this.#onFailure = onFailure;
	}

	/** At once, before everything that waits. */
	push(bundles: readonly EntryBundle[]): void {
		this.#fresh.push(...bundles);
		this.#run();
	}

	/** The peer lacks these, as far as we compared. */
	offer(thread: ThreadId, ids: readonly EntryId[]): void {
		this.#add(
			thread,
			ids.filter((id) => !this.#underway.has(id))
		);
	}

	/** The peer asks for these; throws `Breach` where it asks without end. */
	want(thread: ThreadId, ids: readonly EntryId[]): void {
		if (this.#waiting > MOST_WAITING) throw new Breach('rate-limited');
		this.#add(thread, ids);
	}

	/** Is there something that the peer has not been sent? */
	get isBusy(): boolean {
		return this.#isRunning;
	}

	/** Was the peer told the outline of a long thread? */
	get hasOutline(): boolean {
		return this.#hasOutline;
	}

	/** The peer has spoken about these. */
	settled(ids: readonly EntryId[]): void {
		for (const id of ids) this.#underway.delete(id);
	}

	#add(thread: ThreadId, ids: readonly EntryId[]): void {
		const lacking = this.#lacking.get(thread) ?? new Set();
		this.#waiting -= lacking.size;
		for (const id of ids) lacking.add(id);
		this.#waiting += lacking.size;
		if (lacking.size > 0) this.#lacking.set(thread, lacking);
		this.#run();
	}

	#run(): void {
		if (this.#isRunning) return;
		this.#isRunning = true;
		this.#drain().catch(this.#onFailure);
	}

	async #drain(): Promise<void> {
		for (;;) {
			await this.#sendFresh();
			const [next] = this.#lacking;
			if (next === undefined) break;
			const [thread, ids] = next;
			this.#lacking.delete(thread);
			this.#waiting -= ids.size;
			await this.#catchUp(thread, [...ids]);
		}
		this.#isRunning = false;
	}

	async #sendFresh(): Promise<void> {
		while (this.#fresh.length > 0) {
			const fresh = parentsFirst(this.#fresh.splice(0), ({ header }) => header);
			for (const batch of batches(fresh)) await this.#send(batch);
		}
	}

	/**
	 * A few as they are, parents before children. Of many first the outline, then the texts, newest
	 * first (docs/decisions/0009). What is sent is read again when its turn comes: a thread that was away
	 * for long may be larger than our memory.
	 */
	async #catchUp(thread: ThreadId, ids: readonly EntryId[]): Promise<void> {
		const read = async (some: readonly EntryId[], what: 'whole' | 'outline') =>
			this.#recipient.entriesFor(this.#address, thread, some, what);
		if (ids.length <= MANY) return this.#sendOld(await read(ids, 'whole'));
		this.#hasOutline = true;
		const texts: EntryId[] = [];
		for (const some of portions(await this.#recipient.inOrder(this.#address, thread, ids))) {
			const outline = await read(some, 'outline');
			texts.push(...outline.flatMap(({ header, later }) => (later ? [entryIdOf(header)] : [])));
			await this.#sendInOrder(outline);
		}
		texts.reverse();
		// What has not come to us either is promised, and not said again.
		const readTexts = async (some: readonly EntryId[]) =>
			(await read(some, 'whole')).filter(({ later }) => later !== true);
		await this.#sendOld(await readTexts(texts.splice(0, FIRST_TEXTS)));
		let left: readonly EntryBundle[] = [];
		for (const some of portions(texts)) {
			const next = await readTexts(some);
			left = await this.#sendFull([...left, ...parentsFirst(next, ({ header }) => header)]);
		}
		await this.#sendInOrder(left);
	}

	/** Gives back what fills no frame yet. */
	async #sendFull(bundles: readonly EntryBundle[]): Promise<readonly EntryBundle[]> {
		const all = [...batches(bundles)];
		const left = all.pop() ?? [];
		for (const batch of all) await this.#sendBatch(batch);
		return left;
	}

	#sendOld(bundles: readonly EntryBundle[]): Promise<void> {
		return this.#sendInOrder(parentsFirst(bundles, ({ header }) => header));
	}

	async #sendInOrder(bundles: readonly EntryBundle[]): Promise<void> {
		for (const batch of batches(bundles)) await this.#sendBatch(batch);
	}

	async #sendBatch(batch: readonly EntryBundle[]): Promise<void> {
		await this.#send(batch);
		await this.#sendFresh();
	}

	async #send(batch: readonly EntryBundle[]): Promise<void> {
		for (const { header, later } of batch) {
			if (later !== true) this.#underway.add(entryIdOf(header));
		}
		const entries = batch.map(({ header, body, wraps, later }) => {
			return { header, body, wraps, later };
		});
		await this.#outgoing.bulk(encodeObject('entries', { entries }));
	}
}

/** Groups that fit into a frame, in their order. An entry that fits into none cannot be legal: it is left out. */
function* batches(bundles: readonly EntryBundle[]): Generator<EntryBundle[]> {
	let batch: EntryBundle[] = [];
	let size = 0;
	for (const bundle of bundles) {
		const bytes = sizeOf(bundle);
		if (bytes > MOST_BYTES) continue;
		if (batch.length === LIMITS.batchEntries || (size > 0 && size + bytes > LIMITS.batchBytes)) {
			yield batch;
			batch = [];
			size = 0;
		}
		batch.push(bundle);
		size += bytes;
	}
	if (batch.length > 0) yield batch;
}

function sizeOf({ header, body, wraps }: EntryBundle): number {
	const fields = 64 + 8 * wraps.length;
	return wraps.reduce(
		(sum, wrap) => sum + wrap.length,
		fields + header.length + (body?.length ?? 0)
	);
}

/** The side that gets them. */
export class EntryReceiver {
	readonly #recipient: Recipient;
	readonly #address: Address;
	readonly #outgoing: Outgoing;
	/** Asked for once: whoever does not have it now will not have it a second later. */
	readonly #asked = new Set<EntryId>();

	constructor(recipient: Recipient, address: Address, outgoing: Outgoing) {
		this.#recipient = recipient;
		this.#address = address;
		this.#outgoing = outgoing;
	}

	/** Nothing is acknowledged before `receive` resolves (protocol §5). */
	async take(bundles: readonly EntryBundle[]): Promise<void> {
		const received = await this.#recipient.receive(this.#address, bundles);
		const { stored, refused, missing, bare = [] } = received;
		for (const ids of portions(stored)) {
			this.#outgoing.small(encodeObject('ack', { ids: ids.map(idToCid) }));
		}
		for (const { id, reason } of refused) {
			this.#outgoing.small(encodeObject('nack', { id: idToCid(id), reason }));
		}
		for (const { thread, ids } of bare) {
			const fields = { thread: idToCid(thread), ids: ids.map(idToCid) };
			this.#outgoing.small(encodeObject('bare', fields));
		}
		for (const { thread, ids } of missing) {
			const fresh = ids.filter((id) => !this.#asked.has(id)).slice(0, LIMITS.pendingEntries);
			for (const id of fresh) this.#asked.add(id);
			this.ask(thread, fresh);
		}
	}

	ask(thread: ThreadId, ids: readonly EntryId[]): void {
		for (const some of portions(ids)) {
			const fields = { thread: idToCid(thread), ids: some.map(idToCid) };
			this.#outgoing.small(encodeObject('want', fields));
		}
	}
}

/** As many as one frame takes. */
function* portions<T>(items: readonly T[]): Generator<T[]> {
	for (let i = 0; i < items.length; i += LIMITS.batchEntries) {
		yield items.slice(i, i + LIMITS.batchEntries);
	}
}
