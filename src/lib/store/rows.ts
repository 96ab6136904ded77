/** Rows as IndexedDB keeps them: where each stands, and its bytes before they are sealed. */

import type { Bytes } from '../crypto/suite.ts';
import type { Key } from '../post/ports.ts';
import type { TableName, Tables } from '../post/records.ts';
import { concat } from '../wire/bytes.ts';
import { readOwnCbor } from '../wire/cbor-read.ts';
import { encodePlain, type Plain } from '../wire/codec.ts';
import type { Vault } from './vault.ts';

/** First byte of a row's storage key. A code that was released is never given to another table. */
const TABLE_CODES: Readonly<Record<TableName, number>> = {
	account: 1,
	setting: 2,
	contact: 3,
	thread: 4,
	entry: 5,
	message: 6,
	outbox: 7,
	draft: 8,
	knock: 9,
	slot: 10,
	invite: 11,
	refusal: 12,
	clear: 13,
	doomed: 14,
	ending: 15,
	listing: 20,
	pack: 21,
	touched: 22,
	confirmed: 16,
	reference: 28,
	letter: 32,
	snapshot: 33,
	outline: 34,
	person: 29,
	photo: 30,
	book: 40,
	search: 24
};

export function isTableName(value: unknown): value is TableName {
	return typeof value === 'string' && Object.hasOwn(TABLE_CODES, value);
}

/** Table code ‖ blinded parts: the row's storage key, and the common beginning of its siblings. */
export async function keyToPlace(
	vault: Pick<Vault, 'blind'>,
	table: TableName,
	key: Key
): Promise<Bytes> {
	const code = TABLE_CODES[table];
	const parts = await Promise.all(key.map((part, index) => vault.blind(code, index, part)));
	return concat(Uint8Array.of(code), ...parts);
}

/** All places that begin with these bytes. */
export function placesUnder(prefix: Uint8Array): IDBKeyRange {
	return IDBKeyRange.bound(prefix, nextPrefix(prefix), false, true);
}

/** The smallest bytes that are greater than all that begin with these. A table code is below 255. */
function nextPrefix(prefix: Uint8Array): Bytes {
	const next = Uint8Array.from(prefix);
	let last = next.length - 1;
	while (next[last] === 0xff) last--;
	next[last] = (next[last] ?? 0) + 1;
	return next.slice(0, last + 1);
}

/** Canonical DAG-CBOR. Throws on what that cannot hold: a bug of the caller. */
export function rowToBytes(row: object): Bytes {
	if (!isPlain(row)) throw new TypeError('a row is a map of plain data');
	return encodePlain(row);
}

/** The encoder judges the fields: it throws on functions, symbols and foreign classes. */
function isPlain(row: object): row is { readonly [key: string]: Plain } {
	return !Array.isArray(row);
}

/**
 * The tag has shown that we wrote these bytes for this table, so their shape is not checked again:
 * what an older version wrote is what `Tables` allows today.
 */
export function bytesToRow<T extends TableName>(table: T, bytes: Uint8Array): Tables[T] {
	const row: unknown = readOwnCbor(bytes);
	if (!isRowOf(table, row)) throw new TypeError(`a row of "${table}" is a map`);
	return row;
}

function isRowOf<T extends TableName>(_table: T, row: unknown): row is Tables[T] {
	return row !== null && typeof row === 'object' && !Array.isArray(row);
}
