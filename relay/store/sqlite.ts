/**
 * The office's store on disk: SQLite in WAL mode with full synchronisation, so a commit that has
 * returned survives a power cut (docs/decisions/0003-relay-storage.md).
 */

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
	StorageFull,
	type Change,
	type CommitOptions,
	type Key,
	type Listed,
	type OfficeStore,
	type Page
} from '../office/ports.ts';
import { decodeRow, encodeRow, type TableName } from '../office/tables.ts';
import { toRange, toStart, toText } from './memory.ts';

/** https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/** First of all: without others there is no file of shared memory, for which there may be no room. */
const ALONE = 'PRAGMA locking_mode = EXCLUSIVE';

/** Needs no room on the disk, so that a relay starts, and lets its users read, on a full one. */
const OPENING = `
	PRAGMA journal_mode = WAL;
	PRAGMA synchronous = FULL;
`;

const SCHEMA = `
	PRAGMA auto_vacuum = INCREMENTAL;
	${OPENING}
	CREATE TABLE rows (
		name TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, key)
	) WITHOUT ROWID;
	CREATE TABLE blocks (key TEXT PRIMARY KEY, value BLOB NOT NULL);
	PRAGMA user_version = 1;
`;

/** Another process has the database open. */
export class StoreInUseError extends Error {}

export interface DiskStore extends OfficeStore {
	/** Gives free pages back to the file system. */
	shrink(): void;
	close(): void;
}

export interface DiskStoreOptions {
	/** Bound of the file, without its log; one that is larger already takes nothing more. */
	readonly maxBytes?: number | undefined;
}

/**
 * Opens or makes it. Throws StoreInUseError, and StorageFull where there is no room to make it;
 * anything else is a broken disk or file.
 */
export function openDiskStore(file: string, { maxBytes }: DiskStoreOptions = {}): DiskStore {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	// Made by us, because SQLite would let everyone read it.
	closeSync(openSync(file, 'a', 0o600));
	const database = new DatabaseSync(file);
	try {
		database.exec(ALONE);
		const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
		database.exec(version === 0 ? SCHEMA : OPENING);
		// Exclusive locks are taken by the first write; take it now, so that two relays cannot start.
		database.exec('BEGIN IMMEDIATE; COMMIT');
	} catch (error) {
		database.close();
		throw codeOf(error) === SQLITE_BUSY ? new StoreInUseError(file) : toStorageFull(error);
	}
	if (maxBytes !== undefined)
		database.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / 4096)}`);
	return new SqliteStore(database);
}

function toStorageFull(error: unknown): unknown {
	return codeOf(error) === SQLITE_FULL ? new StorageFull() : error;
}

class SqliteStore implements DiskStore {
	readonly #database: DatabaseSync;
	readonly #statements: ReturnType<typeof prepare>;

	constructor(database: DatabaseSync) {
		this.#database = database;
		this.#statements = prepare(database);
	}

	get<T extends TableName>(table: T, key: Key) {
		const { getBlock, getRow } = this.#statements;
		const found = table === 'block' ? getBlock.get(toText(key)) : getRow.get(table, toText(key));
		const value = found?.['value'];
		return value instanceof Uint8Array ? decodeRow(table, value) : null;
	}

	has(table: TableName, key: Key): boolean {
		const { hasBlock, hasRow } = this.#statements;
		const found = table === 'block' ? hasBlock.get(toText(key)) : hasRow.get(table, toText(key));
		return found !== undefined;
	}

	list<T extends TableName>(table: T, prefix: Key, page?: Page): Listed<T>[] {
		const { from, to } = toRange(prefix);
		const start = page?.after === undefined ? from : toStart(page.after);
		const limit = page?.limit ?? -1;
		const { listBlocks, listRows } = this.#statements;
		const rows =
			table === 'block' ? listBlocks.all(start, to, limit) : listRows.all(table, start, to, limit);
		return rows.map(({ key, value }) => {
			const encoded = value instanceof Uint8Array ? value : new Uint8Array(0);
			return { key: String(key).split('/'), row: decodeRow(table, encoded) };
		});
	}

	commit(changes: readonly Change[], { isLazy = false }: CommitOptions = {}): void {
		// In WAL mode NORMAL leaves out the fsync, and the next FULL commit makes up for it.
		if (isLazy) this.#database.exec('PRAGMA synchronous = NORMAL');
		try {
			this.#database.exec('BEGIN IMMEDIATE');
			for (const change of changes) this.#apply(change);
			this.#database.exec('COMMIT');
		} catch (error) {
			// SQLite has rolled back by itself where the disk was full in the middle.
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw toStorageFull(error);
		} finally {
			if (isLazy) this.#database.exec('PRAGMA synchronous = FULL');
		}
	}

	#apply(change: Change): void {
		const { putBlock, putRow, removeBlock, removeRow } = this.#statements;
		const { table } = change;
		const key = toText(change.key);
		if ('put' in change) {
			const value = encodeRow(change.put);
			if (table === 'block') putBlock.run(key, value);
			else putRow.run(table, key, value);
		} else if (table === 'block') removeBlock.run(key);
		else removeRow.run(table, key);
	}

	shrink(): void {
		this.#database.exec('PRAGMA incremental_vacuum');
	}

	close(): void {
		this.#database.close();
	}
}

function prepare(database: DatabaseSync) {
	const range = 'key >= ? AND key < ? ORDER BY key LIMIT ?';
	return {
		getRow: database.prepare('SELECT value FROM rows WHERE name = ? AND key = ?'),
		hasRow: database.prepare('SELECT 1 FROM rows WHERE name = ? AND key = ?'),
		putRow: database.prepare('INSERT OR REPLACE INTO rows (name, key, value) VALUES (?, ?, ?)'),
		removeRow: database.prepare('DELETE FROM rows WHERE name = ? AND key = ?'),
		listRows: database.prepare(`SELECT key, value FROM rows WHERE name = ? AND ${range}`),
		getBlock: database.prepare('SELECT value FROM blocks WHERE key = ?'),
		hasBlock: database.prepare('SELECT 1 FROM blocks WHERE key = ?'),
		putBlock: database.prepare('INSERT OR REPLACE INTO blocks (key, value) VALUES (?, ?)'),
		removeBlock: database.prepare('DELETE FROM blocks WHERE key = ?'),
		listBlocks: database.prepare(`SELECT key, value FROM blocks WHERE ${range}`)
	};
}

/** The result code of an error from SQLite, without its extension; 0 for any other error. */
function codeOf(error: unknown): number {
	const code = error instanceof Error && 'errcode' in error ? error.errcode : 0;
	return typeof code === 'number' ? code & 0xff : 0;
}
