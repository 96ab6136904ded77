/** Lays out the desk at which every step of the story works: once a page, and once in its worker. */

import { createSuite } from '../crypto/choose.ts';
import { systemRandom } from '../crypto/random.ts';
import { createSorter } from '../mailbox/rules.ts';
import { witnessed, type Witness } from '../net/departures.ts';
import { createOffices } from '../net/office.ts';
import type { Desk } from '../post/ports.ts';
import { createStore, type Store } from '../store/store.ts';
import { createBreath } from './breath.ts';
import { createExclusive } from './exclusive.ts';

export interface DeskOptions {
	/** Base URL of the app with a slash at its end. */
	readonly appUrl: string;
	/** Where it is open already; else one of this desk's own. */
	readonly store?: Store;
	/** Told of each request before it leaves. */
	readonly witness: Witness;
}

export interface LaidDesk {
	readonly desk: Desk;
	readonly store: Store;
}

/** Uses no `window`. Storage is opened by the first step that needs it. */
export async function layDesk({ appUrl, store: opened, witness }: DeskOptions): Promise<LaidDesk> {
	const suite = await createSuite();
	const ground = { suite, random: systemRandom, now: () => Date.now() };
	const store = opened ?? createStore({ suite: () => Promise.resolve(suite) });
	const desk = {
		...ground,
		store: store.mail,
		blocks: store.blocks,
		keys: store.keys,
		ring: store.ring,
		offices: createOffices({
			...ground,
			fetch: witnessed((url, init) => fetch(url, init), witness)
		}),
		exclusive: createExclusive(navigator.locks),
		breathe: createBreath(),
		sorter: createSorter({ store: store.mail }, (error) => reportError(error)),
		appUrl
	};
	return { desk, store };
}
