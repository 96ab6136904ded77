/** Stores blocks as they come: what comes while a transaction runs goes into the next one. */

import type { BlockId } from '../wire/ids.ts';
import type { StoredBlock } from './gather.ts';
import type { BlockStore } from './ports.ts';

/** Blocks that wait for the transaction before them: 4 MiB. */
const WAITING_BLOCKS = 16;

export class BlockWriter {
	readonly #store: Pick<BlockStore, 'put'>;
	readonly #onStored: (ids: readonly BlockId[]) => void;
	#batch: StoredBlock[] = [];
	#running: Promise<void> | null = null;
	#failure: { readonly cause: unknown } | null = null;

	/** @param onStored called after each transaction */
	constructor(
		store: Pick<BlockStore, 'put'>,
		onStored: (ids: readonly BlockId[]) => void = () => undefined
	) {
		this.#store = store;
		this.#onStored = onStored;
	}

	/** Resolves when there is room for more; throws what storing an earlier one threw. */
	async add(block: StoredBlock): Promise<void> {
		this.#requireSound();
		this.#batch.push(block);
		this.#running ??= this.#run();
		if (this.#batch.length >= WAITING_BLOCKS) await this.#running;
	}

	/** Resolves when all is stored; throws `StorageFull`. */
	async end(): Promise<void> {
		await this.#running;
		this.#requireSound();
	}

	async #run(): Promise<void> {
		try {
			while (this.#batch.length > 0) {
				const batch = this.#batch.splice(0);
				await this.#store.put(batch);
				this.#onStored(batch.map(({ id }) => id));
			}
		} catch (cause) {
			this.#failure = { cause };
			this.#batch.length = 0;
		}
		this.#running = null;
	}

	#requireSound(): void {
		if (this.#failure !== null) throw this.#failure.cause;
	}
}
