/**
 * `MailStore` on IndexedDB. All cryptography happens before a transaction opens, for a transaction
 * ends as soon as it waits for anything but its own requests.
 */

import type { Change, Key, KeyRing, MailStore, RingKey } from '../post/ports.ts';
import type { TableName, Tables } from '../post/records.ts';
import { equal, toHex } from '../wire/bytes.ts';
import type { Changes } from './changes.ts';
import type { Database, WriteTransaction } from './database.ts';
import { bytesToRow, keyToPlace, placesUnder, rowToBytes } from './rows.ts';
import { createTurns } from './turns.ts';
import { putUnder, takeFromUnder, underOf } from './under.ts';
import type { Vault } from './vault.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** In both `null` means: remove. */
interface EncodedChange {
	readonly table: TableName;
	readonly key: Key;
	readonly bytes: Binary | null;
	/** The ring's key under which it stands. */
	readonly under: RingKey | null;
}

interface SealedChange {
	readonly place: Binary;
	readonly sealed: Binary | null;
}

/** Sealed rows as they were last seen by `get` or written by `update`, by place; the oldest goes first. */
const REMEMBERED_ROWS = 256;

export interface MailStoreParts {
	readonly database: Database;
	/** Awaited at first use, so that a store can be made before its keys are there. */
	readonly vault: () => Promise<Vault>;
	readonly ring: KeyRing;
	readonly changes: Changes;
}

export function createMailStore(parts: MailStoreParts): MailStore {
	const { database, vault, ring, changes } = parts;
	const opener = async () => ({ vault: await vault(), ring });
	const inTurn = createTurns();
	const seen = createSeen();
	return {
		async get(table, key) {
			const place = await keyToPlace(await vault(), table, key);
			const sealed = await readSealed(database, place);
			seen.keep(place, sealed);
			return sealed && openRow(await opener(), table, place, sealed);
		},
		async list(table, prefix = []) {
			const range = placesUnder(await keyToPlace(await vault(), table, prefix));
			const [places, sealed] = await database.read('rows', ({ store }) =>
				Promise.all([store.getAllKeys(range), store.getAll(range)])
			);
			const by = await opener();
			const rows = await Promise.all(
				sealed.map((row, i) => openRow(by, table, toBytes(places[i]), row))
			);
			return rows.filter((row) => row !== null);
		},
		async commit(list) {
			if (list.length === 0) return;
			const encoded = list.map(encodeChange); // at once: the caller may change its rows later
			const sealed = await sealChanges(await opener(), encoded);
			for (const { place } of sealed) seen.forget(place);
			await database.write('rows', 'strict', (transaction) => apply(transaction, sealed));
			changes.announce(tablesOf(list), list);
		},
		/** In this tab one after the other, for each failed try costs a write; between tabs `swap`. */
		update: (table, key, decide) =>
			inTurn(JSON.stringify([table, ...key]), async () => {
				while (!(await tryUpdate({ ...parts, seen }, table, key, decide)));
			}),
		subscribe: (listener) => changes.subscribe(listener)
	};
}

/**
 * What a row was when it was last seen here. Only for writes that compare it with what is stored: other
 * tabs write, too.
 */
interface Seen {
	/** `undefined`: not known. */
	at(place: Binary): Binary | null | undefined;
	keep(place: Binary, sealed: Binary | null): void;
	forget(place: Binary): void;
}

function createSeen(): Seen {
	const rows = new Map<string, Binary | null>();
	return {
		at: (place) => rows.get(toHex(place)),
		keep(place, sealed) {
			const name = toHex(place);
			rows.delete(name);
			rows.set(name, sealed);
			const oldest = rows.keys().next().value;
			if (rows.size > REMEMBERED_ROWS && oldest !== undefined) rows.delete(oldest);
		},
		forget: (place) => rows.delete(toHex(place))
	};
}

/**
 * Decides on what it saw last, else on what it reads, and writes only if that is still what is stored.
 * A nonce is never drawn twice, so equal bytes are the same write. `false`: another tab was faster, that
 * is, got on; or what was seen is too old to decide on it that nothing is to be done.
 */
async function tryUpdate<T extends TableName>(
	{ database, vault, ring, changes, seen }: MailStoreParts & { readonly seen: Seen },
	table: T,
	key: Key,
	decide: (row: Tables[T] | null) => readonly Change[]
): Promise<boolean> {
	const place = await keyToPlace(await vault(), table, key);
	const known = seen.at(place);
	seen.forget(place);
	const before = known === undefined ? await readSealed(database, place) : known;
	const by = { vault: await vault(), ring };
	const list = decide(before && (await openRow(by, table, place, before)));
	if (list.length === 0) return known === undefined;
	const sealed = await sealChanges(by, list.map(encodeChange));
	const isDone = await database.write('rows', 'strict', (transaction) =>
		swap(transaction, { place, before }, sealed)
	);
	if (!isDone) return false;
	for (const change of sealed) seen.forget(change.place);
	const own = sealed.findLast((change) => equal(change.place, place));
	seen.keep(place, own === undefined ? before : own.sealed);
	changes.announce(tablesOf(list), list);
	return true;
}

async function readSealed(database: Database, place: Binary): Promise<Binary | null> {
	return database.read('rows', async ({ store }) => (await store.get(place)) ?? null);
}

interface Opener {
	readonly vault: Vault;
	readonly ring: KeyRing;
}

/** `null`: what it stood under was destroyed, and it is as if it were not there. */
async function openRow<T extends TableName>(
	{ vault, ring }: Opener,
	table: T,
	place: Binary,
	sealed: Binary
): Promise<Tables[T] | null> {
	const bytes = await takeFromUnder(ring, await vault.open(place, sealed));
	return bytes && bytesToRow(table, bytes);
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
			return { place, sealed: row && (await vault.seal(place, row)) };
		})
	);
}

async function apply(
	transaction: WriteTransaction<'rows'>,
	list: readonly SealedChange[]
): Promise<void> {
	const requests = list.map(({ place, sealed }) =>
		sealed ? transaction.store.put(sealed, place) : transaction.store.delete(place)
	);
	transaction.commit(); // saves the turn in which IndexedDB finds out that nothing follows
	await Promise.all(requests);
}

/** `false`: another writer was faster, and nothing is written. */
async function swap(
	transaction: WriteTransaction<'rows'>,
	{ place, before }: { readonly place: Binary; readonly before: Binary | null },
	list: readonly SealedChange[]
): Promise<boolean> {
	const now = (await transaction.store.get(place)) ?? null;
	if (isSame(now, before)) {
		await apply(transaction, list);
		return true;
	}
	// A connection can die after its commit and before its word: then these bytes are our own.
	const ours = list.find((change) => equal(change.place, place));
	return ours !== undefined && ours.sealed !== null && isSame(now, ours.sealed);
}

function isSame(a: Binary | null, b: Binary | null): boolean {
	return a === null || b === null ? a === b : equal(a, b);
}

function toBytes(key: IDBValidKey | undefined): Binary {
	if (key instanceof ArrayBuffer) return new Uint8Array(key);
	if (key instanceof Uint8Array) return Uint8Array.from(key);
	throw new TypeError('rows stand under binary keys');
}

function tablesOf(list: readonly Change[]): ReadonlySet<TableName> {
	return new Set(list.map(({ table }) => table));
}
