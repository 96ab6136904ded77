/** `MessageShelf` on IndexedDB: places are the rows' keys, in which the ids are blinded. */

import type { MessagePlace, MessageShelf } from '../mailbox/ports.ts';
import type { KeyRing } from '../post/ports.ts';
import type { Database } from './database.ts';
import { bytesToRow, keyToPlace, placesUnder } from './rows.ts';
import { takeFromUnder } from './under.ts';
import type { Vault } from './vault.ts';

/** Keys in one answer of the browser: more would hold up everybody else's. */
const KEYS_AT_ONCE = 20_000;

export interface MessageShelfParts {
	readonly database: Database;
	readonly vault: () => Promise<Vault>;
	readonly ring: KeyRing;
}

export function createMessageShelf({ database, vault, ring }: MessageShelfParts): MessageShelf {
	return {
		async places() {
			const all = placesUnder(await keyToPlace(await vault(), 'message', []));
			const found: MessagePlace[] = [];
			for (let range: IDBKeyRange | null = all; range !== null;) {
				const next: IDBKeyRange = range;
				const keys = await database.read('rows', ({ store }) =>
					store.getAllKeys(next, KEYS_AT_ONCE)
				);
				for (const key of keys) found.push(new Uint8Array(key));
				const last = keys.at(-1);
				const isMore = last !== undefined && keys.length === KEYS_AT_ONCE;
				range = isMore ? IDBKeyRange.bound(last, all.upper, true, true) : null;
			}
			return found;
		},
		placeOf: async (thread, message) => keyToPlace(await vault(), 'message', [thread, message]),
		threadPlace: async (thread) => keyToPlace(await vault(), 'message', [thread]),
		async read(places) {
			const rows = await database.read('rows', ({ store }) =>
				Promise.all(places.map((place) => store.get(place)))
			);
			const opener = await vault();
			return Promise.all(
				places.map(async (place, i) => {
					const sealed = rows[i];
					if (sealed === undefined) return null;
					const bytes = await takeFromUnder(ring, await opener.open(place, sealed));
					return bytes && bytesToRow('message', bytes);
				})
			);
		}
	};
}
