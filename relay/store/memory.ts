/** The office's store without a disk: for the simulator and for tests. Rows are kept encoded. */

import { decodeRow, encodeRow, type TableName } from '../office/tables.ts';
import type { Key, Listed, OfficeStore, Page } from '../office/ports.ts';

interface Table {
	readonly rows: Map<string, Uint8Array>;
	/** Sorted. */
	readonly keys: string[];
}

/** Lasts as long as this object: a simulated restart makes a new office over the same one. */
export function createMemoryStore(): OfficeStore {
	const tables = new Map<TableName, Table>();
	return {
		get(table, key) {
			const encoded = tables.get(table)?.rows.get(toText(key));
			return encoded === undefined ? null : decodeRow(table, encoded);
		},
		has: (table, key) => tables.get(table)?.rows.has(toText(key)) ?? false,
		list: <T extends TableName>(table: T, prefix: Key, page?: Page) =>
			listRows(tables.get(table), table, prefix, page),
		commit(changes) {
			// Encoded before anything is changed: what cannot be encoded changes nothing.
			const encoded = changes.map((change) => ({
				table: change.table,
				key: toText(change.key),
				row: 'put' in change ? encodeRow(change.put) : null
			}));
			for (const { table, key, row } of encoded) {
				const held = tables.get(table) ?? { rows: new Map<string, Uint8Array>(), keys: [] };
				tables.set(table, held);
				if (row === null) remove(held, key);
				else put(held, key, row);
			}
		}
	};
}

export function toText(key: Key): string {
	return key.join('/');
}

/** Keys that begin with these whole parts lie in this half-open range; `0` follows `/`. */
export function toRange(prefix: Key): { readonly from: string; readonly to: string } {
	if (prefix.length === 0) return { from: '', to: '\u{10ffff}' };
	return { from: `${toText(prefix)}/`, to: `${toText(prefix)}0` };
}

/** The least text behind a key: `!` sorts before everything that our keys consist of. */
export function toStart(after: Key): string {
	return `${toText(after)}!`;
}

function listRows<T extends TableName>(
	held: Table | undefined,
	table: T,
	prefix: Key,
	page?: Page
): Listed<T>[] {
	if (held === undefined) return [];
	const { from, to } = toRange(prefix);
	const start = page?.after === undefined ? find(held, from) : find(held, toStart(page.after));
	const end = Math.min(find(held, to), start + (page?.limit ?? Infinity));
	return held.keys.slice(start, end).map((key) => {
		const encoded = held.rows.get(key) ?? new Uint8Array(0);
		return { key: key.split('/'), row: decodeRow(table, encoded) };
	});
}

function put({ rows, keys }: Table, key: string, row: Uint8Array): void {
	if (!rows.has(key)) keys.splice(find({ rows, keys }, key), 0, key);
	rows.set(key, Uint8Array.from(row));
}

function remove({ rows, keys }: Table, key: string): void {
	if (rows.delete(key)) keys.splice(find({ rows, keys }, key), 1);
}

/** Index of the first key that is not smaller. */
function find({ keys }: Table, key: string): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((keys[middle] ?? '') < key) low = middle + 1;
		else high = middle;
	}
	return low;
}
