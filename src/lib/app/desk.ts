/** Lays out the desk at which every step of the story works: once a page, and once in its worker. */

import { createSuite } from '../crypto/choose.ts';
import { systemRandom } from '../crypto/random.ts';
import { createSorter } from '../mailbox/rules.ts';
import { createOffices } from '../net/office.ts';
import type { Desk } from '../post/ports.ts';
import { createStore, type Store, type StoreOptions } from '../store/store.ts';
import { createExclusive } from './exclusive.ts';

export interface DeskOptions extends Pick<StoreOptions, 'onTrouble' | 'startRingWorker'> {
	/** Base URL of the app with a slash at its end. */
	readonly appUrl: string;
}

export interface LaidDesk {
	readonly desk: Desk;
	readonly store: Store;
}

/** Uses no `window`. Storage is opened by the first step that needs it. */
export async function layDesk({
	appUrl,
	onTrouble,
	startRingWorker
}: DeskOptions): Promise<LaidDesk> {
	const suite = await createSuite();
	const ground = { suite, random: systemRandom, now: () => Date.now() };
	const store = createStore({
		suite: () => Promise.resolve(suite),
		...(onTrouble && { onTrouble }),
		...(startRingWorker && { startRingWorker })
	});
	const desk = {
		...ground,
		store: store.mail,
		blocks: store.blocks,
		keys: store.keys,
		ring: store.ring,
		offices: createOffices({ ...ground, fetch: (url, init) => fetch(url, init) }),
		exclusive: createExclusive(navigator.locks),
		breathe: createBreath(),
		sorter: createSorter({ store: store.mail }, (error) => reportError(error)),
		appUrl
	};
	return { desk, store };
}

/** A frame at 60 Hz, with as much for what else the page has to do. */
const TASK_MS = 8;

/** The rest in a task of its own, as soon as this one has taken long: without a timer's least delay. */
function createBreath(): () => Promise<void> {
	let last = performance.now();
	return async () => {
		if (performance.now() - last < TASK_MS) return;
		await new Promise<void>((resolve) => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => {
				port1.close();
				resolve();
			};
			port2.postMessage(null);
		});
		last = performance.now();
	};
}
