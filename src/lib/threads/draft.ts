/**
 * Sets and maps that somebody adds to without touching those that they begin with: copied when the first
 * is added, for most entries add nothing, and a thread of many members has much to copy.
 */

export class SetDraft<T> {
	#all: ReadonlySet<T>;
	#own: Set<T> | null = null;

	constructor(before: ReadonlySet<T>) {
		this.#all = before;
	}

	/** What there is by now: the very set that it began with, where nothing was added. */
	get all(): ReadonlySet<T> {
		return this.#all;
	}

	has(item: T): boolean {
		return this.#all.has(item);
	}

	add(item: T): void {
		if (this.#all.has(item)) return;
		this.#own ??= new Set(this.#all);
		this.#all = this.#own.add(item);
	}

	clear(): void {
		this.#all = this.#own = new Set();
	}
}

export class MapDraft<K, V> {
	#all: ReadonlyMap<K, V>;
	#own: Map<K, V> | null = null;

	constructor(before: ReadonlyMap<K, V>) {
		this.#all = before;
	}

	/** What there is by now: the very map that it began with, where nothing was set. */
	get all(): ReadonlyMap<K, V> {
		return this.#all;
	}

	has(key: K): boolean {
		return this.#all.has(key);
	}

	get(key: K): V | undefined {
		return this.#all.get(key);
	}

	set(key: K, value: V): void {
		this.#own ??= new Map(this.#all);
		this.#all = this.#own.set(key, value);
	}
}
