import { createFolder, FOLDERS, removeFolder } from '../mailbox/folders.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { Live } from './live.svelte.ts';
import type { Parts } from './parts.ts';
import type { Folder, Folders } from './view-organise.ts';
import type { Undo } from './view.ts';

/** Searches that are kept under a name. */
export class FoldersState implements Folders {
	readonly #desk: Parts['desk'];
	readonly #all: Live<readonly Folder[]>;

	constructor({ desk }: Pick<Parts, 'desk'>) {
		this.#desk = desk;
		this.#all = new Live<readonly Folder[]>(desk, ['setting'], ({ store }) =>
			readOwn(store, FOLDERS)
		);
	}

	get all(): readonly Folder[] | null {
		return this.#all.value;
	}

	async create(name: string, text: string): Promise<string | null> {
		const id = await createFolder(await this.#desk, name, text);
		await this.#all.refresh();
		return id;
	}

	async remove(id: string): Promise<Undo> {
		const undo = await removeFolder(await this.#desk, id);
		await this.#all.refresh();
		return async () => {
			await undo();
			await this.#all.refresh();
		};
	}
}
