/** The limit of `append.ts`: one strict put after the other into one object store, nothing else. */
import { textOf } from '../harness/text.ts';

const VALUE_BYTES = 1024;

const database = await new Promise<IDBDatabase>((resolve, reject) => {
	const opening = indexedDB.open('bare', 1);
	opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
	opening.onsuccess = () => resolve(opening.result);
	opening.onerror = () => reject(opening.error ?? new Error('IndexedDB does not open'));
});
let written = 0;

const api = {
	/** Puts of 1 KiB, each committed before the next; a second. */
	async put(count: number): Promise<number> {
		const values = Array.from({ length: count }, () => {
			return new TextEncoder().encode(textOf(written++, VALUE_BYTES));
		});
		const begin = performance.now();
		for (const value of values) await putOne(value);
		return count / ((performance.now() - begin) / 1000);
	}
};

function putOne(value: Uint8Array): Promise<void> {
	return new Promise((resolve, reject) => {
		const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
		transaction.objectStore('rows').put(value);
		transaction.commit();
	});
}

Object.assign(globalThis, { api });
