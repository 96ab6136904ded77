import { RingAway, type Change, type Desk } from '../post/ports.ts';
import type { TableName } from '../post/records.ts';

/** Rows under the key ring are read when that is back: it is away, not gone. */
const RING_AGAIN_MS = 1000;

/**
 * What a read of the store gives, read again after each commit that touches its tables; or, where
 * `adopt` makes the next value of what this tab has just written, not read.
 */
export class Live<T, D extends Pick<Desk, 'store'> = Pick<Desk, 'store'>> {
	#value = $state.raw<T | null>(null);
	readonly #read: () => Promise<T>;
	#running: Promise<void> = Promise.resolve();
	#queued: Promise<void> | null = null;
	#close: () => void = () => undefined;
	#isClosed = false;
	#isReading = false;
	/** Writes that were adopted: what was read before one of them is older. */
	#adopted = 0;

	/** @param adopt `null`: it has to be read */
	constructor(
		desk: Promise<D>,
		tables: readonly TableName[],
		read: (desk: D) => Promise<T>,
		adopt: (value: T, writes: readonly Change[]) => T | null = () => null
	) {
		this.#read = async () => read(await desk);
		void desk.then(({ store }) => {
			if (this.#isClosed) return;
			this.#close = store.subscribe((changed, writes) => {
				if (!tables.some((table) => changed.has(table))) return;
				if (!this.#adopt(adopt, writes) || this.#isReading) void this.refresh();
			});
			void this.refresh();
		});
	}

	/** `null`: not read yet. */
	get value(): T | null {
		return this.#value;
	}

	#adopt(
		adopt: (value: T, writes: readonly Change[]) => T | null,
		writes: readonly Change[] | null
	): boolean {
		const next = this.#value === null || writes === null ? null : adopt(this.#value, writes);
		if (next === null) return false;
		this.#value = next;
		this.#adopted++;
		return true;
	}

	/** Resolves when what this tab has written is in the value: read, where it could not be adopted. */
	settled(): Promise<void> {
		return this.#queued ?? this.#running;
	}

	/** Resolves when a read that began after this call has ended: at most one waits for its turn. */
	refresh(): Promise<void> {
		this.#queued ??= this.#running.then(() => {
			this.#queued = null;
			this.#running = this.#run();
			return this.#running;
		});
		return this.#queued;
	}

	close(): void {
		this.#isClosed = true;
		this.#close();
	}

	async #run(): Promise<void> {
		if (this.#isClosed) return;
		try {
			this.#isReading = true;
			const adopted = this.#adopted;
			const value = await this.#read();
			// Another read waits for its turn then.
			if (adopted === this.#adopted) this.#value = value;
		} catch (error) {
			if (error instanceof RingAway) setTimeout(() => void this.refresh(), RING_AGAIN_MS);
			// Broken storage: the screen keeps what it has, and every verb says the same by rejecting.
			reportError(error);
		} finally {
			this.#isReading = false;
		}
	}
}
