/**
 * `Exclusive` by Web Locks, which all tabs and workers of an origin share and which end with their
 * holder. Asking for one is a question to another process; so a tab that has just done its work under
 * a lock keeps it to the end of its task, and what follows at once has it already. Nothing else changes:
 * whoever works holds the lock, one piece of work at a time.
 */

import type { Exclusive, Signalled } from '../post/ports.ts';
import { lockName } from '../store/writer.ts';

type Locks = Pick<LockManager, 'request'>;

/** Runs it in a later task. Must not be slowed down in a hidden tab, as timers are. */
export type Later = (work: () => void) => void;

/**
 * So often a lock is used before another tab that waits gets its turn: a second's work of a tab that
 * never pauses.
 */
const MAX_USES = 64;

export function createExclusive(locks: Locks, later: Later = createLater()): Exclusive {
	const held = new Map<string, Hold>();
	return async (name, work, { signal }: Signalled = {}) => {
		const hold = held.get(name);
		if (hold?.isFree !== true) return acquire(name, work, signal);
		signal?.throwIfAborted();
		return use(name, hold, work);
	};

	async function acquire<T>(
		name: string,
		work: () => Promise<T>,
		signal: AbortSignal | undefined
	): Promise<T> {
		const { promise, resolve, reject } = Promise.withResolvers<T>();
		const options = signal === undefined ? {} : { signal };
		locks
			.request(lockName(name), options, () => {
				const hold = new Hold();
				held.set(name, hold);
				use(name, hold, work).then(resolve, reject);
				return hold.ended;
			})
			.catch(reject);
		return promise;
	}

	async function use<T>(name: string, hold: Hold, work: () => Promise<T>): Promise<T> {
		const use = hold.begin();
		try {
			return await work();
		} finally {
			hold.pause();
			later(() => {
				if (hold.endAfter(use) && held.get(name) === hold) held.delete(name);
			});
		}
	}
}

/** One time that we have a lock. */
class Hold {
	readonly ended: Promise<null>;
	readonly #release: () => void;
	#uses = 0;
	#isBusy = false;
	#isOver = false;

	constructor() {
		const { promise, resolve } = Promise.withResolvers<null>();
		this.ended = promise;
		this.#release = () => resolve(null);
	}

	/** May what comes now use it? Who comes while it is used waits for the lock, behind other tabs. */
	get isFree(): boolean {
		return !this.#isOver && !this.#isBusy && this.#uses < MAX_USES;
	}

	/** The number of this use. */
	begin(): number {
		this.#isBusy = true;
		return ++this.#uses;
	}

	pause(): void {
		this.#isBusy = false;
	}

	/** `true`: nothing followed that use, and the lock is given back. */
	endAfter(use: number): boolean {
		if (use !== this.#uses) return false;
		this.#isOver = true;
		this.#release();
		return true;
	}
}

/** By messages to oneself: the one kind of task that no browser puts off. */
function createLater(): Later {
	const { port1, port2 } = new MessageChannel();
	const waiting: (() => void)[] = [];
	port1.onmessage = () => waiting.shift()?.();
	return (work) => {
		waiting.push(work);
		port2.postMessage(null);
	};
}
