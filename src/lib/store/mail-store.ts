/**
 * `MailStore` on IndexedDB. All cryptography happens before a transaction opens, for a transaction
 * ends as soon as it waits for anything but its own requests.
 */

import { unwrap } from 'idb';
import {
	Overtaken,
	StorageFull,
	type Change,
	type Key,
	type KeyRing,
	type MailStore,
	type Recalled,
	type RingKey
} from '../post/ports.ts';
import type { TableName, Tables } from '../post/records.ts';
import { equal } from '../wire/bytes.ts';
import type { Changes } from './changes.ts';
import type { Database, WriteTransaction } from './database.ts';
import { createReader, type ReadRow } from './reader.ts';
import type { Reserve } from './reserve.ts';
import { bytesToRow, keyToPlace, placesUnder, rowToBytes } from './rows.ts';
import {
	ABSENT,
	createSeen,
	FEW_ROWS,
	LARGE_ROW,
	onceEach,
	type Reliance,
	type Seen,
	type SeenRow
} from './seen.ts';
import { request, swap, type Swap, type Swapped } from './swap.ts';
import { withTouched } from './touched.ts';
import { createTurns } from './turns.ts';
import { putUnder, takeFromUnder, underOf } from './under.ts';
import type { Vault } from './vault.ts';
import type { Writer } from './writer.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** In both `null` means: remove. */
interface EncodedChange {
	readonly table: TableName;
	readonly key: Key;
	readonly bytes: Binary | null;
	/** The ring's key under which it stands. */
	readonly under: RingKey | null;
}

interface SealedChange extends SeenRow {
	readonly place: Binary;
}

export interface MailStoreParts {
	readonly database: Database;
	/** Awaited at first use, so that a store can be made before its keys are there. */
	readonly vault: () => Promise<Vault>;
	readonly ring: KeyRing;
	readonly changes: Changes;
	readonly reserve: Pick<Reserve, 'release'>;
	readonly writer: Pick<Writer, 'isReady' | 'write'>;
}

export function createMailStore(given: MailStoreParts): MailStore {
	const parts = { ...given, seen: createSeen(), readRow: createReader(given.database) };
	const { database, vault, ring, changes, reserve, seen } = parts;
	const opener = async () => ({ vault: await vault(), ring });
	const inTurn = createTurns();
	const recollection = createRecollection(parts);
	return {
		recall: (table, key) => recollection.recall(table, key),
		presume: (table, key) => recollection.presume(table, key),
		recallAll: (table) => recollection.recallAll(table),
		async get(table, key) {
			const place = await keyToPlace(await vault(), table, key);
			return toRow(ring, table, await see(parts, place));
		},
		list: (table, prefix = []) => listRows(parts, table, prefix),
		async commit(list, { mayUseReserve = false } = {}) {
			if (list.length === 0) return;
			const encoded = withTouched(list).map(encodeChange); // at once: the caller may change its rows later
			const sealed = await sealChanges(await opener(), encoded);
			for (const { place } of sealed) seen.forget(place);
			const write = () =>
				database.write('rows', 'strict', (transaction) => apply(transaction, sealed));
			await (mayUseReserve ? writeAnyway(reserve, write) : write());
			if (sealed.length <= FEW_ROWS) {
				for (const each of sealed) if (!isLarge(each)) seen.keep(each.place, each);
			}
			changes.announce(tablesOf(list), list);
		},
		takesLocks: () => parts.writer.isReady,
		update: (table, key, decide, { recalled = [], locks, onStored } = {}) => {
			const work = async () => {
				const relied = onceEach(recalled.flatMap((each) => recollection.reliedOn(each) ?? []));
				const wish = { relied, locks, onStored };
				while (!(await tryUpdate(parts, table, key, decide, wish)));
			};
			// In this tab one after the other, for each failed try costs a write; between tabs `swap`. Not
			// what takes its locks itself: who has them may wait for this turn.
			return locks === undefined ? inTurn(JSON.stringify([table, ...key]), work) : work();
		},
		subscribe: (listener) => changes.subscribe(listener)
	};
}

async function listRows<T extends TableName>(
	parts: MailStoreParts,
	table: T,
	prefix: Key
): Promise<Tables[T][]> {
	const stored = await readStored(parts, table, prefix);
	const rows = await Promise.all(stored.map((each) => toRow(parts.ring, table, each)));
	return rows.filter((row) => row !== null);
}

interface StoredRow extends SeenRow {
	readonly place: Binary;
}

async function readStored(
	{ database, vault }: MailStoreParts,
	table: TableName,
	prefix: Key
): Promise<readonly StoredRow[]> {
	const opener = await vault();
	const range = placesUnder(await keyToPlace(opener, table, prefix));
	const [places, sealed] = await database.read('rows', ({ store }) =>
		Promise.all([store.getAllKeys(range), store.getAll(range)])
	);
	return Promise.all(
		sealed.map(async (row, i) => {
			const place = toBytes(places[i]);
			return { place, sealed: row, opened: await opener.open(place, row) };
		})
	);
}

/** Rows as they are recalled, and what each stood for. */
function createRecollection(parts: StoreParts) {
	const { vault, ring, seen } = parts;
	const recalledAs = new WeakMap<Recalled, Reliance>();
	const recallAs = async <T extends TableName>(table: T, place: Binary, row: SeenRow) => {
		const recalled: Recalled<T> = { row: await toRow(ring, table, row) };
		recalledAs.set(recalled, { place, before: row.sealed });
		return recalled;
	};
	return {
		reliedOn: (recalled: Recalled) => recalledAs.get(recalled),
		async recall<T extends TableName>(table: T, key: Key) {
			const place = await keyToPlace(await vault(), table, key);
			return recallAs(table, place, seen.at(place) ?? (await see(parts, place)));
		},
		async presume<T extends TableName>(table: T, key: Key) {
			const place = await keyToPlace(await vault(), table, key);
			return recallAs(table, place, seen.at(place) ?? ABSENT);
		},
		async recallAll<T extends TableName>(table: T) {
			const stored = await readStored(parts, table, []);
			return Promise.all(stored.map((row) => recallAs(table, row.place, row)));
		}
	};
}

function isLarge({ sealed }: SeenRow): boolean {
	return sealed !== null && sealed.length > LARGE_ROW;
}

type StoreParts = MailStoreParts & { readonly seen: Seen; readonly readRow: ReadRow };

/** Reads a row, and remembers it. */
async function see({ readRow, vault, seen }: StoreParts, place: Binary): Promise<SeenRow> {
	const sealed = await readRow(place);
	const row = { sealed, opened: sealed && (await (await vault()).open(place, sealed)) };
	seen.keep(place, row);
	return row;
}

/**
 * A new one each time: nobody who gets it can change what is remembered. `null`, too, where what it
 * stood under was destroyed: it is as if it were not there.
 */
async function toRow<T extends TableName>(
	ring: KeyRing,
	table: T,
	{ opened }: Pick<SeenRow, 'opened'>
): Promise<Tables[T] | null> {
	const bytes = opened && (await takeFromUnder(ring, opened));
	return bytes && bytesToRow(table, bytes);
}

interface UpdateWish {
	readonly relied: readonly Reliance[];
	readonly locks: readonly string[] | undefined;
	readonly onStored: (() => void) | undefined;
}

/**
 * Decides on what it saw last, else on what it reads, and writes only if that is still what is stored.
 * A nonce is never drawn twice, so equal bytes are the same write. `false`: another tab was faster, that
 * is, got on; or what was seen is too old to decide on it that nothing is to be done. Throws `Overtaken`
 * where it was another row, of those that the caller relied on.
 */
async function tryUpdate<T extends TableName>(
	parts: StoreParts,
	table: T,
	key: Key,
	decide: (row: Tables[T] | null) => readonly Change[],
	{ relied, locks, onStored }: UpdateWish
): Promise<boolean> {
	const { vault, ring, changes, seen } = parts;
	const place = await keyToPlace(await vault(), table, key);
	const known = seen.at(place);
	seen.forget(place);
	const before = known ?? (await see(parts, place));
	const list = decide(await toRow(ring, table, before));
	if (list.length === 0) return known === undefined;
	const sealed = await sealChanges(
		{ vault: await vault(), ring },
		withTouched(list).map(encodeChange)
	);
	const order = { own: { place, before: before.sealed }, relied, list: sealed };
	const swapped = await write(parts, locks, order);
	if (swapped === 'others-changed') {
		// Read now: what was presumed to be absent must not be presumed again.
		await Promise.all(relied.map((each) => see(parts, each.place)));
		throw new Overtaken('a row was changed meanwhile');
	}
	if (swapped === 'changed') return false;
	for (const change of sealed) seen.forget(change.place);
	const own = sealed.findLast((change) => equal(change.place, place));
	seen.keep(place, own ?? before);
	if (onStored !== undefined) queueMicrotask(onStored); // before theirs; what it throws undoes nothing
	changes.announce(tablesOf(list), list);
	return true;
}

function write(
	{ database, writer }: StoreParts,
	locks: readonly string[] | undefined,
	order: Swap
): Promise<Swapped> {
	if (locks === undefined) return swap(database, order);
	const list = order.list.map(({ place, sealed }) => ({ place, sealed })); // its clear text stays here
	return writer.write(locks, { ...order, list });
}

interface Opener {
	readonly vault: Vault;
	readonly ring: KeyRing;
}

function encodeChange(change: Change): EncodedChange {
	const { table, key } = change;
	if ('remove' in change) return { table, key, bytes: null, under: null };
	return { table, key, bytes: rowToBytes(change.put), under: underOf(change.put) };
}

function sealChanges(
	{ vault, ring }: Opener,
	list: readonly EncodedChange[]
): Promise<SealedChange[]> {
	return Promise.all(
		list.map(async ({ table, key, bytes, under }) => {
			const place = await keyToPlace(vault, table, key);
			const row = bytes && (await putUnder(ring, under, bytes));
			return { place, opened: row, sealed: row && (await vault.seal(place, row)) };
		})
	);
}

/** Once more, if there is room by giving up what was set aside for it. */
async function writeAnyway(
	reserve: Pick<Reserve, 'release'>,
	write: () => Promise<void>
): Promise<void> {
	try {
		await write();
	} catch (error) {
		if (!(error instanceof StorageFull && (await reserve.release()))) throw error;
		await write();
	}
}

function apply(
	transaction: WriteTransaction<'rows'>,
	list: readonly SealedChange[]
): Promise<void> {
	request(unwrap(transaction.store), list);
	transaction.commit(); // saves the turn in which IndexedDB finds out that nothing follows
	return Promise.resolve();
}

function toBytes(key: IDBValidKey | undefined): Binary {
	if (key instanceof ArrayBuffer) return new Uint8Array(key);
	if (key instanceof Uint8Array) return Uint8Array.from(key);
	throw new TypeError('rows stand under binary keys');
}

function tablesOf(list: readonly Change[]): ReadonlySet<TableName> {
	return new Set(list.map(({ table }) => table));
}
