import { readOwn } from '../mailbox/own-list.ts';
import { Live } from './live.svelte.ts';
import type { Parts } from './parts.ts';
import { story } from './story.ts';
import type { Template, TemplateFields, TemplateOutcome, Templates } from './view-templates.ts';
import type { Undo } from './view.ts';

/** What the user writes again and again. */
export class TemplatesState implements Templates {
	readonly #desk: Parts['desk'];
	readonly #all: Live<readonly Template[]>;

	constructor({ desk }: Pick<Parts, 'desk'>) {
		this.#desk = desk;
		this.#all = new Live<readonly Template[]>(desk, ['setting'], async ({ store }) => {
			const all = await readOwn(store, (await story()).TEMPLATES);
			return [...all].sort((a, b) => a.name.localeCompare(b.name));
		});
	}

	get all(): readonly Template[] | null {
		return this.#all.value;
	}

	async save(id: string | null, fields: TemplateFields): Promise<TemplateOutcome> {
		const outcome = await (await story()).saveTemplate(await this.#desk, id, fields);
		await this.#all.refresh();
		return outcome;
	}

	async remove(id: string): Promise<Undo> {
		const undo = await (await story()).removeTemplate(await this.#desk, id);
		await this.#all.refresh();
		return async () => {
			await undo();
			await this.#all.refresh();
		};
	}
}
