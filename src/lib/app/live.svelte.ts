import type { Desk } from '../post/ports.ts';
import type { TableName } from '../post/records.ts';

/** What a read of the store gives, read again after each commit that touches its tables. */
export class Live<T> {
	#value = $state.raw<T | null>(null);
	readonly #read: () => Promise<T>;
	#running: Promise<void> = Promise.resolve();
	#queued: Promise<void> | null = null;
	#close: () => void = () => undefined;
	#isClosed = false;

	constructor(desk: Promise<Desk>, tables: readonly TableName[], read: (desk: Desk) => Promise<T>) {
		this.#read = async () => read(await desk);
		void desk.then(({ store }) => {
			if (this.#isClosed) return;
			this.#close = store.subscribe((changed) => {
				if (tables.some((table) => changed.has(table))) void this.refresh();
			});
			void this.refresh();
		});
	}

	/** `null`: not read yet. */
	get value(): T | null {
		return this.#value;
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
			this.#value = await this.#read();
		} catch (error) {
			// Broken storage: the screen keeps what it has, and every verb says the same by rejecting.
			reportError(error);
		}
	}
}
