/**
 * The one IndexedDB database of this browser profile, and what can go wrong with its connection.
 *
 * store   key (bytes)                              value
 * birth   'id'                                     random id, made with the database
 * keys    name                                     CryptoKeys and what belongs to them (vault, device)
 * rows    table code ‖ 16 blinded bytes a part     sealed row (`vault.ts`)
 * blocks  kind ‖ multihash                         block
 */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { StorageFull } from '../post/ports.ts';
import { toHex } from '../wire/bytes.ts';
import { systemRandom } from '../crypto/random.ts';

type Binary = Uint8Array<ArrayBuffer>;

interface Schema extends DBSchema {
	birth: { key: string; value: string };
	keys: { key: string; value: unknown };
	rows: { key: Binary; value: Binary };
	blocks: { key: Binary; value: Binary };
}

type StoreName = 'birth' | 'keys' | 'rows' | 'blocks';
type Connection = IDBPDatabase<Schema>;

/** Takes a database from one version to the next. Rows are sealed: only their places can move. */
export type Upgrade = (connection: Connection) => void;

/** Step n takes version n to n + 1. Steps that were released are never changed. */
export const UPGRADES: readonly Upgrade[] = [
	(connection) => {
		void connection.createObjectStore('birth').add(toHex(systemRandom(16)), 'id');
		connection.createObjectStore('keys');
		connection.createObjectStore('rows');
		connection.createObjectStore('blocks');
	},
	// Since 0.4 rows name keys of the ring: an older program would write them back without, and what
	// they open would be lost. It gives way to this version, also where a tab has not been reloaded.
	() => undefined,
	// Since 0.5 each write of a thread's row says so (`touched.ts`): an older program would change what
	// lists show and tell nobody.
	() => undefined
];

/** The database was written by a newer version of this program. */
export class NewerData extends Error {
	override readonly name = 'NewerData';
}

/** The database was deleted, by the user or the browser, while we had it open: reload the page. */
export class StorageGone extends Error {
	override readonly name = 'StorageGone';
}

/** This browser keeps nothing for us: no IndexedDB, or it refuses to open or to hold keys. */
export class CannotKeep extends Error {
	override readonly name = 'CannotKeep';
}

/**
 * `blocked`: another tab holds an older version open, and ours waits until it is closed.
 * `outdated`: a newer version opened the database in another tab; here everything throws `NewerData`.
 * `gone`: the database was deleted; everything throws `StorageGone`.
 */
export type Trouble = 'blocked' | 'outdated' | 'gone';

export type ReadTransaction<S extends StoreName> = IDBPTransaction<Schema, [S]>;
export type WriteTransaction<S extends StoreName> = IDBPTransaction<Schema, [S], 'readwrite'>;

/**
 * `work` waits for nothing but requests of its transaction, which would end otherwise. It may run
 * twice: a connection that died without a word (iOS) is replaced once.
 */
export interface Database {
	read<S extends StoreName, T>(
		store: S,
		work: (transaction: ReadTransaction<S>) => Promise<T>
	): Promise<T>;
	/** All of it or nothing; resolves when it is committed. Throws `StorageFull`. */
	write<S extends StoreName, T>(
		store: S,
		durability: 'strict' | 'relaxed',
		work: (transaction: WriteTransaction<S>) => Promise<T>
	): Promise<T>;
	/** A write failed for want of space and none has succeeded since. */
	readonly isFull: boolean;
	close(): void;
}

/** Opens at first use. Every operation may throw `NewerData`, `StorageGone` or `CannotKeep`. */
export function createDatabase(
	name: string,
	onTrouble: (trouble: Trouble) => void,
	upgrades: readonly Upgrade[] = UPGRADES
): Database {
	const link = new Link(name, upgrades, onTrouble);
	let isFull = false;
	return {
		read: (store, work) =>
			link.use((connection) => settle(connection.transaction(store, 'readonly'), work)),
		async write(store, durability, work) {
			try {
				const result = await link.use((connection) =>
					settle(connection.transaction(store, 'readwrite', { durability }), work)
				);
				isFull = false;
				return result;
			} catch (error) {
				if (!saysFull(error)) throw error;
				isFull = true;
				throw new StorageFull('no room in this browser', { cause: error });
			}
		},
		get isFull() {
			return isFull;
		},
		close: () => link.close()
	};
}

/** Resolves when the transaction is committed. What fails at commit only, fails here. */
async function settle<Tx extends Ending, T>(
	transaction: Tx,
	work: (transaction: Tx) => Promise<T>
): Promise<T> {
	const ended = new Promise((resolve) => {
		transaction.addEventListener('complete', resolve);
		transaction.addEventListener('abort', resolve);
	});
	// A `put` may throw at once, of a value that is too large, say: what was asked for before it is undone.
	const working = (async () => work(transaction))().catch((error: unknown) => {
		abort(transaction);
		throw error;
	});
	try {
		const [result] = await Promise.all([working, transaction.done]);
		return result;
	} catch (error) {
		// Requests of an aborted transaction say AbortError; it knows why, but not before its end.
		await ended;
		throw isNamed(error, 'AbortError') ? (transaction.error ?? error) : error;
	}
}

type Ending = Pick<ReadTransaction<StoreName>, 'done' | 'abort' | 'error' | 'addEventListener'>;

function abort(transaction: Ending): void {
	try {
		transaction.abort();
	} catch {
		// InvalidStateError: it has ended already, by the error that brought us here.
	}
}

/** Keeps one connection, replaces it once where it died, and never a database by another. */
class Link {
	readonly #name: string;
	readonly #upgrades: readonly Upgrade[];
	readonly #onTrouble: (trouble: Trouble) => void;
	#opening: Promise<Connection> | null = null;
	/** What `#opening` came to. */
	#connection: Connection | null = null;
	#birth: string | null = null;
	/** Why nothing works any more. */
	#end: Error | null = null;

	constructor(name: string, upgrades: readonly Upgrade[], onTrouble: (trouble: Trouble) => void) {
		this.#name = name;
		this.#upgrades = upgrades;
		this.#onTrouble = onTrouble;
	}

	async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
		try {
			return await this.#try(work);
		} catch (error) {
			if (!isDeadHandle(error)) throw error;
			return this.#try(work);
		}
	}

	async #try<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
		const connection = await this.#connect();
		try {
			return await work(connection);
		} catch (error) {
			if (isDeadHandle(error)) this.#forget(connection);
			throw error;
		}
	}

	close(reason = new Error('the store is closed')): void {
		this.#end ??= reason;
		this.#connection?.close();
	}

	async #connect(): Promise<Connection> {
		if (this.#end !== null) throw this.#end;
		this.#opening ??= this.#open();
		return this.#opening;
	}

	async #open(): Promise<Connection> {
		try {
			const connection = await openConnection(this.#name, this.#upgrades, {
				blocked: () => this.#onTrouble('blocked'),
				replaced: (newVersion) => this.#giveWay(newVersion),
				terminated: () => this.#forget(connection)
			});
			this.#connection = connection;
			await this.#requireSame(connection);
			if (this.#end !== null) throw this.#end;
			return connection;
		} catch (error) {
			this.#connection?.close();
			this.#connection = null;
			this.#opening = null;
			throw error;
		}
	}

	/** Keys in memory belong to one database: what they seal in another could never be opened. */
	async #requireSame(connection: Connection): Promise<void> {
		const birth = (await connection.get('birth', 'id')) ?? '';
		this.#birth ??= birth;
		if (birth !== this.#birth) this.#giveWay(null);
	}

	/** To a newer version, or (`null`) to a deletion. Whoever asked waits until we have closed. */
	#giveWay(newVersion: number | null): void {
		this.close(newVersion === null ? new StorageGone(this.#name) : new NewerData(this.#name));
		this.#onTrouble(newVersion === null ? 'gone' : 'outdated');
	}

	#forget(connection: Connection): void {
		if (connection !== this.#connection) return;
		connection.close();
		this.#connection = null;
		this.#opening = null;
	}
}

interface Callbacks {
	blocked(): void;
	/** `null`: it is to be deleted. */
	replaced(newVersion: number | null): void;
	terminated(): void;
}

async function openConnection(
	name: string,
	upgrades: readonly Upgrade[],
	on: Callbacks
): Promise<Connection> {
	try {
		return await openDB<Schema>(name, upgrades.length, {
			upgrade: (connection, oldVersion) => {
				for (const upgrade of upgrades.slice(oldVersion)) upgrade(connection);
			},
			blocked: () => on.blocked(),
			blocking: (_, newVersion) => on.replaced(newVersion),
			terminated: () => on.terminated()
		});
	} catch (error) {
		if (isNamed(error, 'VersionError')) throw new NewerData(name, { cause: error });
		if (saysFull(error)) throw new StorageFull(name, { cause: error });
		throw new CannotKeep('IndexedDB does not open', { cause: error });
	}
}

/**
 * How a full disk shows besides the quota: Chromium keeps values over 64 KiB in files of their own,
 * and its database says at the end why it closed the connection.
 */
const FULL_DISK = /Failed to write blobs|NO_SPACE|disk full/i;

function saysFull(error: unknown): boolean {
	if (isNamed(error, 'QuotaExceededError')) return true;
	return error instanceof DOMException && FULL_DISK.test(error.message);
}

/**
 * The ways in which a connection shows that it is dead: it is closing (any browser), it was closed
 * while it opened (Chromium), or WebKit's "Connection to Indexed Database server lost"
 * (https://bugs.webkit.org/show_bug.cgi?id=197050).
 */
function isDeadHandle(error: unknown): boolean {
	if (saysFull(error)) return false;
	if (error instanceof CannotKeep) return isNamed(error.cause, 'AbortError');
	return isNamed(error, 'InvalidStateError') || isNamed(error, 'UnknownError');
}

function isNamed(error: unknown, name: string): boolean {
	return error instanceof Error && error.name === name;
}
