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
	/**
	 * Does this storage end with the window, as far as a page can find out? True: surely enough to
	 * warn. False says nothing of Chromium since version 138, which hides it here on purpose
	 * (https://chromestatus.com/feature/4977371751645184): see app/flush.ts.
	 */
	isFleeting(): Promise<boolean>;
}

/**
 * Private windows that cannot hide grant less: Safari 18 1 GB, Chromium before 138 a tenth of the
 * memory. An ordinary window gets more on every disk that an operating system fits on.
 */
const FLEETING_QUOTA_BYTES = 1_200_000_000;

/** What there is of `navigator.storage`: nothing on plain http, no `persist` in workers. */
export interface StorageScope {
	estimate?(): Promise<StorageEstimate>;
	persisted?(): Promise<boolean>;
	persist?(): Promise<boolean>;
	getDirectory?(): Promise<unknown>;
}

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
		},
		isFleeting: async () => (await refusesFiles(storage)) || hasSmallQuota(storage)
	};
}

/** Private windows of Firefox (SecurityError) and Safari (UnknownError) give no file system. */
async function refusesFiles(storage: StorageScope): Promise<boolean> {
	try {
		await storage.getDirectory?.();
		return false;
	} catch (error) {
		// Any other refusal is that of a browser or a policy without such files, and says nothing.
		return error instanceof Error && ['SecurityError', 'UnknownError'].includes(error.name);
	}
}

async function hasSmallQuota(storage: StorageScope): Promise<boolean> {
	const { quota = Infinity } = (await storage.estimate?.()) ?? {};
	return quota < FLEETING_QUOTA_BYTES;
}

export function findStorage(): StorageScope {
	const scope: { readonly navigator?: { readonly storage?: StorageScope } } = globalThis;
	return scope.navigator?.storage ?? {};
}
