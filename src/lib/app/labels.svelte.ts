import { changeLabel, createLabel, inTree, removeLabel } from '../mailbox/labels.ts';
import type { Parts } from './parts.ts';
import type { LabelFields, Labels, PlacedLabel } from './view-organise.ts';
import type { Undo } from './view.ts';

/** The user's labels, as a tree. */
export class LabelsState implements Labels {
	readonly #parts: Pick<Parts, 'desk' | 'shelf'>;
	readonly #all = $derived.by(() => this.#findAll());

	constructor(parts: Pick<Parts, 'desk' | 'shelf'>) {
		this.#parts = parts;
	}

	get all(): readonly PlacedLabel[] | null {
		return this.#all;
	}

	async create(fields: LabelFields): Promise<string | null> {
		const id = await createLabel(await this.#parts.desk, fields);
		await this.#parts.shelf.labels.refresh();
		return id;
	}

	async change(id: string, fields: LabelFields): Promise<boolean> {
		const isDone = await changeLabel(await this.#parts.desk, id, fields);
		await this.#parts.shelf.labels.refresh();
		return isDone;
	}

	async remove(id: string): Promise<Undo> {
		const undo = await removeLabel(await this.#parts.desk, id);
		await this.#parts.shelf.labels.refresh();
		return async () => {
			await undo();
			await this.#parts.shelf.labels.refresh();
		};
	}

	#findAll(): readonly PlacedLabel[] | null {
		const labels = this.#parts.shelf.labels.value;
		if (labels === null) return null;
		return inTree(labels).map(({ parent, ...label }) => ({ ...label, parent: parent ?? null }));
	}
}
