import type { Desk } from '../post/ports.ts';
import type { Shelf } from './shelf.svelte.ts';
import type { CardFiles, CardsBringing, CardsBrought, CardsRead, CardsWork } from './view-cards.ts';

/** Address books of other programs. What does the work is loaded when it is asked for. */
export class CardFilesDesk implements CardFiles {
	readonly #desk: Promise<Desk>;
	readonly #shelf: Shelf;

	constructor({ desk, shelf }: { readonly desk: Promise<Desk>; readonly shelf: Shelf }) {
		this.#desk = desk;
		this.#shelf = shelf;
	}

	async read(files: readonly File[], work: CardsWork) {
		const { readCards } = await import('./bring-cards.ts');
		return readCards(await this.#desk, files, work);
	}

	async bring(
		read: CardsRead,
		together: ReadonlySet<number>,
		options: CardsBringing
	): Promise<CardsBrought> {
		const { bringCards } = await import('./bring-cards.ts');
		const brought = await bringCards(await this.#desk, read, together, options);
		await this.#refresh();
		return {
			...brought,
			undo: async () => {
				await brought.undo();
				await this.#refresh();
			}
		};
	}

	async #refresh(): Promise<void> {
		const { contacts, book } = this.#shelf;
		await Promise.all([contacts.refresh(), book.refresh()]);
	}
}
