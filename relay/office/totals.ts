/** What all addresses together have at this office, so that open registration has an end. */

import type { Change, OfficeStore } from './ports.ts';

export interface Totals {
	/** Addresses with a card here. */
	readonly accounts: number;
	/** Charged to their quotas. */
	readonly bytes: number;
}

const PAGE = 256;

/** Counted once from what is there; from then on each commit through `store` goes into `totals`. */
export function countTotals(kept: OfficeStore): {
	readonly store: OfficeStore;
	readonly totals: Totals;
} {
	const totals = { accounts: countAccounts(kept), bytes: countBytes(kept) };
	return {
		totals,
		store: {
			get: (table, key) => kept.get(table, key),
			has: (table, key) => kept.has(table, key),
			list: (table, prefix, page) => kept.list(table, prefix, page),
			commit(changes, options) {
				const { accounts, bytes } = differenceOf(kept, changes);
				kept.commit(changes, options);
				totals.accounts += accounts;
				totals.bytes += bytes;
			}
		}
	};
}

/** One commit changes a row of these tables at most once. */
function differenceOf(kept: OfficeStore, changes: readonly Change[]): Totals {
	let [accounts, bytes] = [0, 0];
	for (const change of changes) {
		if (!('put' in change)) continue;
		if (change.table === 'account' && !kept.has('account', change.key)) accounts++;
		if (change.table === 'usage') {
			bytes += change.put.bytes - (kept.get('usage', change.key)?.bytes ?? 0);
		}
	}
	return { accounts, bytes };
}

function countAccounts(kept: OfficeStore): number {
	let accounts = 0;
	for (const page of pages(kept, 'account')) accounts += page.length;
	return accounts;
}

function countBytes(kept: OfficeStore): number {
	let bytes = 0;
	for (const page of pages(kept, 'usage')) for (const { row } of page) bytes += row.bytes;
	return bytes;
}

function* pages<T extends 'account' | 'usage'>(kept: OfficeStore, table: T) {
	for (let after: readonly string[] | undefined; ;) {
		const page = kept.list(table, [], { limit: PAGE, after });
		yield page;
		after = page.at(-1)?.key;
		if (page.length < PAGE) return;
	}
}
