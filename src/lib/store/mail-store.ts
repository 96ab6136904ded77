/**
 * `MailStore` on IndexedDB. All cryptography happens before a transaction opens, for a transaction
 * ends as soon as it waits for anything but its own requests.
 */

import { Overtaken, type Change, type Key, type MailStore, type Recalled } from '../post/ports.ts';
import type { TableName, Tables } from '../post/records.ts';
import { equal, toHex } from '../wire/bytes.ts';
import type { Changes } from './changes.ts';
import type { Database, WriteTransaction } from './database.ts';
import { bytesToRow, keyToPlace, placesUnder, rowToBytes } from './rows.ts';
import { createTurns } from './turns.ts';
import type { Vault } from './vault.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** In both `null` means: remove. */
interface EncodedChange {
	readonly table: TableName;
	readonly key: Key;
	readonly bytes: Binary | null;
}

interface SealedChange {
	readonly place: Binary;
	readonly sealed: Binary | null;
}

/** Rows as they were last seen by `get` or written by `update`, by place; the oldest goes first. */
const REMEMBERED_ROWS = 256;

export interface MailStoreParts {
	readonly database: Database;
	/** Awaited at first use, so that a store can be made before its keys are there. */
	readonly vault: () => Promise<Vault>;
	readonly changes: Changes;
}

export function createMailStore(parts: MailStoreParts): MailStore {
	const { database, vault, changes } = parts;
	const inTurn = createTurns();
	const seen = createSeen();
	const recalledAs = new WeakMap<Recalled, Reliance>();
	return {
		async get(table, key) {
			const place = await keyToPlace(await vault(), table, key);
			return toRow(table, await see({ ...parts, seen }, place));
		},
		async recall(table, key) {
			const place = await keyToPlace(await vault(), table, key);
			const known = seen.at(place) ?? (await see({ ...parts, seen }, place));
			const recalled = { row: toRow(table, known) };
			recalledAs.set(recalled, { place, before: known.sealed });
			return recalled;
		},
		async list(table, prefix = []) {
			const range = placesUnder(await keyToPlace(await vault(), table, prefix));
			const [places, sealed] = await database.read('rows', ({ store }) =>
				Promise.all([store.getAllKeys(range), store.getAll(range)])
			);
			const opener = await vault();
			return Promise.all(
				sealed.map(async (row, i) => {
					return bytesToRow(table, await opener.open(toBytes(places[i]), row));
				})
			);
		},
		async commit(list) {
			if (list.length === 0) return;
			const encoded = list.map(encodeChange); // at once: the caller may change its rows later
			const sealed = await sealChanges(await vault(), encoded);
			for (const { place } of sealed) seen.forget(place);
			await database.write('rows', 'strict', (transaction) => apply(transaction, sealed));
			changes.announce(tablesOf(list));
		},
		/** In this tab one after the other, for each failed try costs a write; between tabs `swap`. */
		update: (table, key, decide, recalled = []) =>
			inTurn(JSON.stringify([table, ...key]), async () => {
				const relied = recalled.flatMap((each) => recalledAs.get(each) ?? []);
				while (!(await tryUpdate({ ...parts, seen }, table, key, decide, relied)));
			}),
		subscribe: (listener) => changes.subscribe(listener)
	};
}

/** What a row was when it was last seen here; `null`: it was not there. */
interface SeenRow {
	readonly sealed: Binary | null;
	readonly plain: Uint8Array | null;
}

/** For decisions that are compared with what is stored when they are written: other tabs write, too. */
interface Seen {
	/** `undefined`: not known. */
	at(place: Binary): SeenRow | undefined;
	keep(place: Binary, row: SeenRow): void;
	forget(place: Binary): void;
}

function createSeen(): Seen {
	const rows = new Map<string, SeenRow>();
	return {
		at: (place) => rows.get(toHex(place)),
		keep(place, row) {
			const name = toHex(place);
			rows.delete(name);
			rows.set(name, row);
			const oldest = rows.keys().next().value;
			if (rows.size > REMEMBERED_ROWS && oldest !== undefined) rows.delete(oldest);
		},
		forget: (place) => rows.delete(toHex(place))
	};
}

type StoreParts = MailStoreParts & { readonly seen: Seen };

/** A row that a decision stands on, as it was. */
interface Reliance {
	readonly place: Binary;
	readonly before: Binary | null;
}

/** Reads a row, and remembers it. */
async function see({ database, vault, seen }: StoreParts, place: Binary): Promise<SeenRow> {
	const sealed = await readSealed(database, place);
	const row = { sealed, plain: sealed && (await (await vault()).open(place, sealed)) };
	seen.keep(place, row);
	return row;
}

/** A new one each time: nobody who gets it can change what is remembered. */
function toRow<T extends TableName>(table: T, { plain }: SeenRow): Tables[T] | null {
	return plain && bytesToRow(table, plain);
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
	relied: readonly Reliance[]
): Promise<boolean> {
	const { database, vault, changes, seen } = parts;
	const place = await keyToPlace(await vault(), table, key);
	const known = seen.at(place);
	seen.forget(place);
	const before = known ?? (await see(parts, place));
	const list = decide(toRow(table, before));
	if (list.length === 0) return known === undefined;
	const encoded = list.map(encodeChange);
	const sealed = await sealChanges(await vault(), encoded);
	const swapped = await swap(database, { place, before: before.sealed }, relied, sealed);
	if (swapped === 'others-changed') {
		for (const each of relied) seen.forget(each.place);
		throw new Overtaken('a row was changed meanwhile');
	}
	if (swapped === 'changed') return false;
	for (const change of sealed) seen.forget(change.place);
	const own = sealed.findLastIndex((change) => equal(change.place, place));
	const plain = encoded[own]?.bytes ?? null;
	seen.keep(place, own < 0 ? before : { sealed: sealed[own]?.sealed ?? null, plain });
	changes.announce(tablesOf(list));
	return true;
}

async function readSealed(database: Database, place: Binary): Promise<Binary | null> {
	return database.read('rows', async ({ store }) => (await store.get(place)) ?? null);
}

function encodeChange(change: Change): EncodedChange {
	const { table, key } = change;
	return { table, key, bytes: 'remove' in change ? null : rowToBytes(change.put) };
}

function sealChanges(vault: Vault, list: readonly EncodedChange[]): Promise<SealedChange[]> {
	return Promise.all(
		list.map(async ({ table, key, bytes }) => {
			const place = await keyToPlace(vault, table, key);
			return { place, sealed: bytes && (await vault.seal(place, bytes)) };
		})
	);
}

async function apply(
	transaction: WriteTransaction<'rows'>,
	list: readonly SealedChange[]
): Promise<void> {
	const requests = request(transaction, list);
	transaction.commit(); // saves the turn in which IndexedDB finds out that nothing follows
	await Promise.all(requests);
}

function request(transaction: WriteTransaction<'rows'>, list: readonly SealedChange[]) {
	return list.map(({ place, sealed }) =>
		sealed ? transaction.store.put(sealed, place) : transaction.store.delete(place)
	);
}

/** What stopped the transaction before anything of it counted; `done`: it had been committed before. */
class Stopped extends Error {
	readonly why: 'changed' | 'others-changed' | 'done';

	constructor(why: Stopped['why']) {
		super(why);
		this.why = why;
	}
}

/**
 * All requests go out at once: the questions what is stored first, the writes behind them, and the word
 * that it may be committed when the answers are as they should be. Else it is aborted, and nothing of it
 * is written.
 */
async function swap(
	database: Database,
	own: Reliance,
	relied: readonly Reliance[],
	list: readonly SealedChange[]
): Promise<Stopped['why']> {
	try {
		return await database.write('rows', 'strict', async (transaction) => {
			const asked = [own, ...relied].map(({ place }) => transaction.store.get(place));
			const writes = Promise.all(request(transaction, list));
			writes.catch(() => undefined); // where it is aborted; what else fails, fails the transaction
			const [now, ...others] = await Promise.all(asked);
			if (!isSame(now ?? null, own.before)) {
				throw new Stopped(isOurs(now ?? null, own, list) ? 'done' : 'changed');
			}
			if (relied.some(({ before }, i) => !isSame(others[i] ?? null, before))) {
				throw new Stopped('others-changed');
			}
			transaction.commit();
			await writes;
			return 'done' as const;
		});
	} catch (error) {
		if (error instanceof Stopped) return error.why;
		throw error;
	}
}

/** A connection can die after its commit and before its word: then what is stored is our own write. */
function isOurs(now: Binary | null, { place }: Reliance, list: readonly SealedChange[]): boolean {
	const ours = list.findLast((change) => equal(change.place, place));
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
