/**
 * All threads, for lists, without reading their rows: those say more than a list shows, and each is
 * sealed for itself. What lists show stands packed (`packs.ts`) in a few dozen rows, and is brought up to
 * date when nobody waits. The threads' rows stay the truth: the store notes with each write of one, in the
 * same transaction, that it was `touched`, and touched ones are read from their rows. Where there are no
 * packs, or they are damaged or of another format, all rows are read, and the packs are made anew.
 */

import { LISTED_FORMAT, toListed, type ListedThread } from './listed.ts';
import { isAsleep, isInInbox, packAll, repack, type Pack } from './packs.ts';
import {
	Overtaken,
	StorageFull,
	type Change,
	type Desk,
	type MailStore,
	type Recalled
} from './ports.ts';
import type { ListingRecord } from './records.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import type { ThreadId } from '../wire/ids.ts';

type ListDesk = Pick<Desk, 'store' | 'breathe' | 'now'>;
type TendDesk = Pick<Desk, 'store' | 'breathe' | 'random' | 'now' | 'exclusive'>;

/** What a screen shows of the inbox at once. */
const FIRST_ROWS = 24;
/** Packs that are read together: what they need of the page is little. */
const READ_PACKS = 4;
/** Packs that are written together where all are. */
const WRITE_PACKS = 8;
/** Threads brought up to date by one transaction, which asks for the row of each. */
const TEND_THREADS = 64;
/** Threads that one transaction takes off the list of the touched, after all were packed anew. */
const FORGET_THREADS = 512;
/** Where more are touched, a sweep over all rows is not much slower. */
const MAX_TOUCHED = 1024;
/** Packs as a tab remembers them outlive a change of the rest meanwhile; then it reads again. */
const TRIES = 3;
const WEEK_MS = 7 * 24 * 3_600_000;
const NAME_BYTES = 8;
/** In place of a format: packs that are being made, or are not to be read. */
const UNFINISHED = 0;

/** Packs in memory, by name: none is written twice. */
type Memory = Map<string, readonly ListedThread[]>;
const memories = new WeakMap<MailStore, Memory>();

export interface ListOptions {
	/**
	 * Told the newest of the inbox (and what else was at hand), as soon as they are there; the rest is read
	 * when it resolves. Not called where all is read at once.
	 */
	readonly onFirst?: (threads: readonly ListedThread[]) => Promise<void>;
}

/** In no order. What is written meanwhile may be missing: whoever listens to the store hears of it. */
export async function listThreads(
	desk: ListDesk,
	{ onFirst }: ListOptions = {}
): Promise<readonly ListedThread[]> {
	const { store } = desk;
	for (let tries = 0; tries < TRIES; tries++) {
		const touched = await readTouched(store);
		const listing = await readListing(store);
		if (listing?.format !== LISTED_FORMAT) break;
		if (touched === null || touched.length > MAX_TOUCHED) break;
		try {
			const reading = new Reading(desk, listing, touched);
			if (tries === 0) await reading.first(onFirst);
			return await reading.all();
		} catch {
			// A pack is not there any more, or does not open: read again, or else from the rows.
			await giveUp(store, listing);
		}
	}
	return (await store.list('thread')).map(toListed);
}

/** `null` where it does not open: it is made anew. What else is broken shows when the rows are read. */
async function readListing(store: MailStore): Promise<ListingRecord | null> {
	return store.get('listing', []).catch(() => null);
}

/** `null` where one does not open, so that nobody knows whose row it is about. */
async function readTouched(store: MailStore): Promise<readonly ThreadId[] | null> {
	const rows = await store.list('touched').catch(() => null);
	return rows && rows.map(({ thread }) => thread);
}

/** Unless other packs stand there by now, they are made anew. */
async function giveUp(store: MailStore, listing: ListingRecord): Promise<void> {
	try {
		await store.update('listing', [], (now) =>
			now !== null && isSame(now, listing) ? [putListing({ ...listing, format: UNFINISHED })] : []
		);
	} catch (error) {
		// It is found out again the next time.
		if (!(error instanceof StorageFull)) throw error;
	}
}

function isSame(a: ListingRecord, b: ListingRecord): boolean {
	return a.format === b.format && a.packs.join() === b.packs.join();
}

/** One reading of listing and packs. */
class Reading {
	readonly #desk: ListDesk;
	readonly #listing: ListingRecord;
	readonly #memory: Memory;
	readonly #touched: readonly ThreadId[];
	#fresh: Promise<readonly ListedThread[]> | null = null;

	constructor(desk: ListDesk, listing: ListingRecord, touched: readonly ThreadId[]) {
		this.#desk = desk;
		this.#listing = listing;
		this.#memory = memoryOf(desk.store);
		this.#touched = touched;
	}

	/** What is remembered is no news: then all is read at once. */
	async first(onFirst: ListOptions['onFirst']): Promise<void> {
		const { packs } = this.#listing;
		if (onFirst === undefined || packs.some((name) => this.#memory.has(name))) return;
		for (let count = 1; count < packs.length; count++) {
			const [packed] = await Promise.all([this.#read(packs.slice(0, count)), this.#rows()]);
			const threads = await this.#with(packed);
			const isAllOfIt = !packed.slice(-1).some(isInInbox);
			// What is snoozed stands there too, and may be all of it.
			const now = this.#desk.now();
			const shown = threads.filter((thread) => isInInbox(thread) && !isAsleep(thread, now));
			if (isAllOfIt || shown.length >= FIRST_ROWS) return onFirst(threads);
		}
	}

	async all(): Promise<readonly ListedThread[]> {
		const { packs } = this.#listing;
		for (let at = 0; at < packs.length; at += READ_PACKS) {
			await this.#read(packs.slice(at, at + READ_PACKS));
			await this.#desk.breathe?.();
		}
		const threads = await this.#read(packs);
		for (const name of this.#memory.keys()) if (!packs.includes(name)) this.#memory.delete(name);
		return this.#with(threads);
	}

	async #read(names: readonly string[]): Promise<readonly ListedThread[]> {
		const packs = await Promise.all(names.map((name) => readPack(this.#desk.store, name)));
		return packs.flat();
	}

	/** The rows of those that were touched count in place of what their packs say. */
	async #with(packed: readonly ListedThread[]): Promise<readonly ListedThread[]> {
		const fresh = await this.#rows();
		const touched = new Set(this.#touched);
		return [...packed.filter(({ id }) => !touched.has(id)), ...fresh];
	}

	#rows(): Promise<readonly ListedThread[]> {
		const { store } = this.#desk;
		this.#fresh ??= Promise.all(this.#touched.map((id) => store.list('thread', [id]))).then(
			(rows) => rows.flat().map(toListed)
		);
		return this.#fresh;
	}
}

/** Throws where it is not there. */
async function readPack(store: MailStore, name: string): Promise<readonly ListedThread[]> {
	const memory = memoryOf(store);
	const known = memory.get(name);
	if (known !== undefined) return known;
	const [pack] = await store.list('pack', [name]);
	if (pack === undefined) throw new Error('a pack is missing');
	memory.set(name, pack.threads);
	return pack.threads;
}

function memoryOf(store: MailStore): Memory {
	const memory = memories.get(store) ?? new Map<string, readonly ListedThread[]>();
	memories.set(store, memory);
	return memory;
}

/**
 * Makes the packs where there are none, or brings the touched threads into them; all of it anew once a week,
 * so that whatever went wrong does not stay. `true`: nothing is left to do. Throws `StorageFull`.
 */
export function tendListing(
	desk: TendDesk,
	{ signal }: { readonly signal?: AbortSignal | undefined } = {}
): Promise<boolean> {
	return desk.exclusive('listing', async () => {
		const { store } = desk;
		const before = await readListing(store);
		const isGood = before?.format === LISTED_FORMAT && desk.now() - before.madeAt < WEEK_MS;
		if (!isGood) return makeListing(desk, before);
		const touched = (await store.list('touched')).map(({ thread }) => thread);
		for (let at = 0; at < touched.length; at += TEND_THREADS) {
			const listing = await readListing(store);
			if (listing?.format !== LISTED_FORMAT || signal?.aborted === true) return false;
			await bringIn(desk, listing, touched.slice(at, at + TEND_THREADS));
		}
		return true;
	});
}

/**
 * What is written meanwhile is touched, and is looked at afterwards. The names stand in the listing before
 * the packs do, so that none is forgotten where this ends half-way.
 */
async function makeListing(desk: TendDesk, before: ListingRecord | null): Promise<false> {
	const { store } = desk;
	const touched = await store.recallAll('touched');
	const threads = (await store.list('thread')).map(toListed);
	const { packs, changes } = writePacks(desk, packAll(threads));
	const names = packs.map(({ name }) => name);
	const gone = [...(before?.packs ?? []), ...(before?.spare ?? [])];
	const madeAt = desk.now();
	const now = before ?? { format: UNFINISHED, packs: [], madeAt };
	await store.commit([putListing({ ...now, spare: [...(before?.spare ?? []), ...names] })]);
	for (let at = 0; at < changes.length; at += WRITE_PACKS) {
		await store.commit(changes.slice(at, at + WRITE_PACKS));
		await desk.breathe?.();
	}
	const done: ListingRecord = { format: LISTED_FORMAT, packs: names, madeAt };
	await store.commit([...gone.map(dropPack), putListing(done)]);
	memories.delete(store);
	await forget(desk, done, touched);
	return false;
}

/** Of those that were not touched again, the packs say what their rows do. */
async function forget(
	desk: TendDesk,
	listing: ListingRecord,
	touched: readonly Recalled<'touched'>[]
): Promise<void> {
	for (let at = 0; at < touched.length; at += FORGET_THREADS) {
		const recalled = touched.slice(at, at + FORGET_THREADS);
		const known = recalled.flatMap(({ row }) => (row === null ? [] : [row.thread]));
		await writeIfSame(desk, listing, known.map(dropTouched), { recalled });
		await desk.breathe?.();
	}
}

/** Written only if the rows, and the list of packs, are still as they were read. */
async function bringIn(
	desk: TendDesk,
	listing: ListingRecord,
	touched: readonly ThreadId[]
): Promise<void> {
	const { store } = desk;
	const recalled: Recalled[] = [];
	const fresh = new Map<ThreadId, ListedThread | null>();
	for (const id of touched) {
		const found = await store.recall('thread', [id]);
		recalled.push(found);
		fresh.set(id, found.row && toListed(found.row));
	}
	const packs = await readPacks(desk, listing).catch(() => null);
	if (packs === null) return giveUp(store, listing);
	const { packs: now, changes } = writePacks(desk, repack(packs, onlyChanged(packs, fresh)));
	const names = now.map(({ name }) => name);
	const gone = listing.packs.filter((name) => !names.includes(name));
	const put = putListing({ ...listing, packs: names });
	const all = [...changes, ...gone.map(dropPack), ...touched.map(dropTouched), put];
	// These and no others: of what is rewritten, each former state would stay in memory.
	const onStored = () =>
		memories.set(store, new Map(now.map(({ name, threads }) => [name, threads])));
	await writeIfSame(desk, listing, all, { recalled, onStored });
}

/** Where one of `recalled` was written meanwhile, it is touched: it is looked at later. */
async function writeIfSame(
	{ store }: TendDesk,
	listing: ListingRecord,
	changes: readonly Change[],
	options: { readonly recalled: readonly Recalled[]; readonly onStored?: () => void }
): Promise<void> {
	const decide = (row: ListingRecord | null) =>
		row !== null && isSame(row, listing) ? changes : [];
	try {
		await store.update('listing', [], decide, options);
	} catch (error) {
		if (!(error instanceof Overtaken)) throw error;
	}
}

async function readPacks(desk: TendDesk, { packs }: ListingRecord): Promise<Pack[]> {
	const read: Pack[] = [];
	for (const name of packs) {
		read.push({ name, threads: await readPack(desk.store, name) });
		await desk.breathe?.();
	}
	return read;
}

/** A row that is written again as it was moves nothing. */
function onlyChanged(
	packs: readonly Pack[],
	fresh: ReadonlyMap<ThreadId, ListedThread | null>
): ReadonlyMap<ThreadId, ListedThread | null> {
	const packed = new Map<ThreadId, ListedThread>();
	for (const { threads } of packs) {
		for (const thread of threads) if (fresh.has(thread.id)) packed.set(thread.id, thread);
	}
	return new Map(
		[...fresh].filter(([id, now]) => !equal(bytesOf(now), bytesOf(packed.get(id) ?? null)))
	);
}

function bytesOf(thread: ListedThread | null): Uint8Array {
	return encodeFields({ thread });
}

/** Under fresh names, so that a name always means the same. */
function writePacks({ random }: TendDesk, packs: readonly Pack[]) {
	const changes: Change[] = [];
	const named = packs.map(({ name, threads }) => {
		if (name !== null) return { name, threads };
		const fresh = { name: toHex(random(NAME_BYTES)), threads };
		changes.push({ table: 'pack', key: [fresh.name], put: fresh });
		return fresh;
	});
	return { packs: named, changes };
}

function putListing(put: ListingRecord): Change {
	return { table: 'listing', key: [], put };
}

function dropTouched(thread: ThreadId): Change {
	return { table: 'touched', key: [thread], remove: true };
}

function dropPack(name: string): Change {
	return { table: 'pack', key: [name], remove: true };
}
