/** One transaction that compares what is stored with what was remembered, and writes if it is still that. */

import { unwrap } from 'idb';
import { equal } from '../wire/bytes.ts';
import type { Database } from './database.ts';
import type { Reliance } from './seen.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** A row as it is to stand; `null`: it is removed. */
export interface SealedWrite {
	readonly place: Binary;
	readonly sealed: Binary | null;
}

export interface Swap {
	/** The row that it was decided upon. */
	readonly own: Reliance;
	/** Others that must still be as they were. */
	readonly relied: readonly Reliance[];
	readonly list: readonly SealedWrite[];
}

/** `changed`: the own row; both have written nothing. `done`: or it had been committed before. */
export type Swapped = 'done' | 'changed' | 'others-changed';

/** What stopped the transaction before anything of it counted. */
class Stopped extends Error {
	readonly why: Swapped;

	constructor(why: Swapped) {
		super(why);
		this.why = why;
	}
}

/**
 * All requests go out at once: the questions what is stored first, the writes behind them, and the word
 * that it may be committed when the answers are as they should be. Else it is aborted, and nothing of it
 * is written.
 */
export async function swap(database: Database, { own, relied, list }: Swap): Promise<Swapped> {
	try {
		return await database.write('rows', 'strict', async (transaction) => {
			// Without the wrapping of each request, which took as long as the request itself.
			const rows = unwrap(transaction.store);
			const asked = [own, ...relied].map(({ place }) => ask(rows, place));
			request(rows, list);
			const [now, ...others] = await Promise.all(asked);
			if (!isSame(now, own.before)) {
				throw new Stopped(isOurs(now, own, list) ? 'done' : 'changed');
			}
			if (relied.some(({ before }, i) => !isSame(others[i], before))) {
				throw new Stopped('others-changed');
			}
			transaction.commit();
			return 'done' as const;
		});
	} catch (error) {
		if (error instanceof Stopped) return error.why;
		throw error;
	}
}

/** Their answers are not waited for: what fails, fails the transaction, and that says so at its end. */
export function request(rows: IDBObjectStore, list: readonly SealedWrite[]): void {
	for (const { place, sealed } of list) {
		if (sealed) rows.put(sealed, place);
		else rows.delete(place);
	}
}

/** What is stored there, and may be nothing. */
function ask(rows: IDBObjectStore, place: Binary): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const asked: IDBRequest<unknown> = rows.get(place);
		asked.onsuccess = () => resolve(asked.result);
		asked.onerror = () => reject(asked.error ?? new DOMException('not read', 'UnknownError'));
	});
}

/** A connection can die after its commit and before its word: then what is stored is our own write. */
function isOurs(now: unknown, { place }: Reliance, list: readonly SealedWrite[]): boolean {
	const ours = list.findLast((change) => equal(change.place, place));
	return ours !== undefined && ours.sealed !== null && isSame(now, ours.sealed);
}

/** @param stored as IndexedDB gives it: `undefined` where there is none */
function isSame(stored: unknown, bytes: Binary | null): boolean {
	if (bytes === null) return stored === undefined;
	return stored instanceof Uint8Array && equal(stored, bytes);
}
