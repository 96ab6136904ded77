/** How much room this browser gives us, and for how long. */

import type { Database } from './database.ts';

/** All of it is the browser's word: it rounds, and some give less than they say. */
export interface Quota {
	/** Zeros where the browser tells nothing. */
	estimate(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>;
	isPersisted(): Promise<boolean>;
	/** Asks never to be cleared unasked; true: granted. A worker cannot ask: `isPersisted` then. */
	persist(): Promise<boolean>;
	/** A write failed for want of space and none has succeeded since. */
	readonly isFull: boolean;
}

/** What there is of `navigator.storage`: nothing on plain http, no `persist` in workers. */
export type StorageScope = Partial<
	Pick<StorageManager, 'estimate' | 'persisted' | 'persist' | 'getDirectory'>
>;

export function createQuota(database: Pick<Database, 'isFull'>, storage: StorageScope): Quota {
	const isPersisted = async () => (await storage.persisted?.()) ?? false;
	return {
		async estimate() {
			const { usage = 0, quota = 0 } = (await storage.estimate?.()) ?? {};
			return { usedBytes: usage, quotaBytes: quota };
		},
		isPersisted,
		persist: async () => (await storage.persist?.()) ?? isPersisted(),
		get isFull() {
			return database.isFull;
		}
	};
}

export function findStorage(): StorageScope {
	const scope: { readonly navigator?: { readonly storage?: StorageScope } } = globalThis;
	return scope.navigator?.storage ?? {};
}
