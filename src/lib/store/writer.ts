/**
 * Writes in a worker. After a press of the pointer Chromium gives the page no lock and no answer of
 * IndexedDB before the next frame is painted; a worker gets them at once, so that what was sealed in the
 * press stands on the disk when the page can act again (docs/decisions/0008).
 */

import { createDatabase } from './database.ts';
import { swap, type Swap, type Swapped } from './swap.ts';

/** The Web Lock behind a name of `Exclusive`. */
export function lockName(name: string): string {
	return `defms/${name}`;
}

/** To the worker; the answer has its id. */
export interface WriteOrder extends Swap {
	readonly id: number;
	readonly database: string;
	/** Names of `Exclusive`, taken in their order, and given back after it. */
	readonly locks: readonly string[];
}

/** `failed`: nothing was written, as far as the worker knows. */
export type WriteAnswer = 'ready' | { readonly id: number; readonly outcome: Swapped | 'failed' };

export type StartWriter = () => Worker;

export interface Writer {
	/** Is it there by now? */
	readonly isReady: boolean;
	/** Somebody is about to write something; starts it, once. */
	wake(): void;
	/** Throws where it cannot write; then whoever asked tries in the page, and learns why. */
	write(locks: readonly string[], order: Swap): Promise<Swapped>;
	close(): void;
}

/** @param start absent where no worker can be started: it is never ready then */
export function createWriter(database: string, start?: StartWriter): Writer {
	const waiting = new Map<number, (outcome: Swapped | 'failed') => void>();
	let worker: Worker | null = null;
	let isReady = false;
	let orders = 0;
	const end = () => {
		isReady = false;
		worker?.terminate();
		for (const settle of waiting.values()) settle('failed');
		waiting.clear();
	};
	const hear = ({ data }: MessageEvent<WriteAnswer>) => {
		if (data === 'ready') {
			isReady = true;
			return;
		}
		waiting.get(data.id)?.(data.outcome);
		waiting.delete(data.id);
	};
	return {
		get isReady() {
			return isReady;
		},
		wake() {
			if (worker !== null || start === undefined) return;
			worker = start();
			worker.addEventListener('message', hear);
			worker.addEventListener('error', end);
		},
		async write(locks, order) {
			const { promise, resolve } = Promise.withResolvers<Swapped | 'failed'>();
			if (!isReady || worker === null) throw new Error('the writer is not there');
			const id = orders++;
			waiting.set(id, resolve);
			worker.postMessage({ ...order, id, database, locks } satisfies WriteOrder);
			const outcome = await promise;
			if (outcome === 'failed') throw new Error('the writer could not write');
			return outcome;
		},
		close: end
	};
}

/** In the worker. */
export function createObey(locks: Pick<LockManager, 'request'>) {
	const databases = new Map<string, ReturnType<typeof createDatabase>>();
	const databaseOf = (name: string) => {
		// Another tab's newer version, or its deletion: the page hears of that, too.
		const opened = databases.get(name) ?? createDatabase(name, () => undefined);
		databases.set(name, opened);
		return opened;
	};
	const under = async (
		names: readonly string[],
		work: () => Promise<Swapped>
	): Promise<Swapped> => {
		const [name, ...rest] = names;
		if (name === undefined) return work();
		return locks.request(lockName(name), () => under(rest, work));
	};
	return async (order: WriteOrder): Promise<WriteAnswer> => {
		const { id } = order;
		try {
			const write = () => swap(databaseOf(order.database), order);
			return { id, outcome: await under(order.locks, write) };
		} catch {
			return { id, outcome: 'failed' }; // the page tries itself, and tells what it fails with
		}
	};
}
