import { NONE, setOf, toggled } from '../shared/sets.ts';

/** The rows that are chosen in a list. Only those that it shows are acted on. */
export class Selection {
	#ids = $state.raw(NONE);
	/** Where a range begins. */
	#anchor: string | null = null;

	get isEmpty(): boolean {
		return this.#ids.size === 0;
	}

	has(id: string): boolean {
		return this.#ids.has(id);
	}

	toggle(id: string): void {
		this.#ids = toggled(this.#ids, id);
		this.#anchor = id;
	}

	/** From the row that was chosen last to this one; `shown`: ids in the order of the list. */
	extend(id: string, shown: readonly string[]): void {
		const from = shown.indexOf(this.#anchor ?? id);
		const to = shown.indexOf(id);
		if (from < 0 || to < 0) return this.toggle(id);
		const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
		this.#ids = setOf([...this.#ids, ...range]);
	}

	choose(ids: readonly string[]): void {
		this.#ids = setOf(ids);
	}

	/** What was done to these is done; whatever else is chosen stays so. */
	drop(ids: readonly string[]): void {
		const dropped = setOf(ids);
		this.#ids = setOf([...this.#ids].filter((id) => !dropped.has(id)));
	}

	clear(): void {
		this.#ids = NONE;
		this.#anchor = null;
	}
}
