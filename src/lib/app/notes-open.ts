import { Recent } from './recent.ts';
import type { OpenNotes } from './open-notes.svelte.ts';

/** Notes on the people whose pages were open last, and those for which there was no room yet. */
export class NotesOpen {
	readonly #recent: Recent<OpenNotes>;
	/** Opened anew from the store they would be older, and what is stored late would come over newer ones. */
	readonly #unsaved = new Map<string, OpenNotes>();

	constructor(limit: number) {
		this.#recent = new Recent<OpenNotes>(limit, (notes) => void this.#giveUp(notes));
	}

	get(id: string, open: () => OpenNotes): OpenNotes {
		return this.#recent.get(id, () => this.#unsaved.get(id) ?? open());
	}

	/** Each once. */
	values(): ReadonlySet<OpenNotes> {
		return new Set([...this.#recent.values(), ...this.#unsaved.values()]);
	}

	/** Where storage is broken, it rejects as each later attempt will, and nothing is closed. */
	async #giveUp(notes: OpenNotes): Promise<void> {
		this.#unsaved.set(notes.id, notes);
		await notes.flush();
		if (!notes.isSaved || this.#recent.peek(notes.id) === notes) return;
		this.#unsaved.delete(notes.id);
		notes.close();
	}
}
