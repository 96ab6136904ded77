/** The values used last, by key; the others are given up. Not reactive on purpose. */
export class Recent<T> {
	readonly #values = new Map<string, T>();
	readonly #limit: number;
	readonly #giveUp: (value: T) => void;

	constructor(limit: number, giveUp: (value: T) => void) {
		this.#limit = limit;
		this.#giveUp = giveUp;
	}

	/** The kept value, which counts as used now, or a made one. */
	get(key: string, make: () => T): T {
		const value = this.#values.get(key) ?? make();
		this.#values.delete(key);
		this.#values.set(key, value);
		for (const [oldest, old] of this.#values) {
			if (this.#values.size <= this.#limit) break;
			this.#values.delete(oldest);
			this.#giveUp(old);
		}
		return value;
	}

	/** The kept value, if any; its use is not counted. */
	peek(key: string): T | undefined {
		return this.#values.get(key);
	}

	find(isIt: (value: T) => boolean): T | undefined {
		return [...this.#values.values()].findLast(isIt);
	}

	values(): readonly T[] {
		return [...this.#values.values()];
	}

	/** Forgets it without giving it up. */
	drop(key: string): void {
		this.#values.delete(key);
	}
}
