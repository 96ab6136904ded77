/** Keys that are made on first use and never leave this browser: kept as CryptoKeys in IndexedDB. */

import { CannotKeep, type Database } from './database.ts';

/**
 * The kept value of this name, or the made one after it is kept. Of two tabs that make one at once
 * the first to commit wins, and both get that one. Throws `CannotKeep` where the browser does not
 * give back what it was given (Chromium loses X-Wing keys without an error).
 */
export async function keepOnce<T>(
	database: Database,
	name: string,
	isKept: (value: unknown) => value is T,
	make: () => Promise<T>
): Promise<T> {
	const known = await database.read('keys', ({ store }) => store.get(name));
	if (isKept(known)) return known;
	const made = await make();
	await put(database, name, made);
	const kept = await database.read('keys', ({ store }) => store.get(name));
	if (!isKept(kept)) throw new CannotKeep(`the browser lost the key "${name}"`);
	return kept;
}

async function put(database: Database, name: string, value: unknown): Promise<void> {
	try {
		await database.write('keys', 'strict', async ({ store }) => {
			if ((await store.get(name)) === undefined) await store.put(value, name);
		});
	} catch (error) {
		// Firefox before 115 in private windows: a CryptoKey is not to be cloned into IndexedDB.
		const isRefused = error instanceof Error && error.name === 'DataCloneError';
		throw isRefused ? new CannotKeep('the browser keeps no keys', { cause: error }) : error;
	}
}
