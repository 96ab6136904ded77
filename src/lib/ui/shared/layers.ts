/**
 * What lies over the page: dialogs, menus, a search, rows that are chosen. The browser's Back takes off the
 * uppermost (`router.svelte.ts`), as Escape does.
 */

interface Layer {
	readonly close: () => void;
}

export class Layers {
	#all: readonly Layer[] = [];
	/** Whoever keeps the steps of the browser's history. */
	onchange: () => void = () => undefined;

	get count(): number {
		return this.#all.length;
	}

	/** @returns the way off, for when something else has closed it; may be called twice */
	put(close: () => void): () => void {
		const layer = { close };
		this.#keep([...this.#all, layer]);
		return () => {
			this.#keep(this.#all.filter((one) => one !== layer));
		};
	}

	/** From the top, until so many are left. */
	closeTo(count: number): void {
		const closing = this.#all.slice(count).reverse();
		this.#keep(this.#all.slice(0, count));
		for (const { close } of closing) close();
	}

	#keep(all: readonly Layer[]): void {
		const isOther = all.length !== this.#all.length;
		this.#all = all;
		if (isOther) this.onchange();
	}
}

export const layers = new Layers();
