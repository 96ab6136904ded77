import type { Draft } from '../../app/view.ts';
import type { Template } from '../../app/view-templates.ts';
import { textToHtml } from './plainHtml.ts';

interface Surface {
	insert(content: string): void;
}

/**
 * Puts templates into one message: at the cursor, and the subject where there is none. Ctrl+Z in the text
 * takes the text back; and with it the subject, which has no undo of its own.
 */
export class Inserting {
	#filled: { readonly textBefore: string; readonly subject: string } | null = null;

	insert(draft: Draft, { subject, html, text }: Template, surface: Surface): void {
		const textBefore = draft.text;
		this.#filled = null;
		if (subject !== '' && draft.subject.trim() === '') {
			draft.edit({ subject });
			if (text.trim() !== '') this.#filled = { textBefore, subject };
		}
		if (text !== '' || html !== '') surface.insert(draft.isPlain ? text : html || textToHtml(text));
	}

	/** To be told of each change of the text. */
	textChanged(draft: Draft, text: string): void {
		if (this.#filled === null || text !== this.#filled.textBefore) return;
		const { subject } = this.#filled;
		this.#filled = null;
		if (draft.subject === subject) draft.edit({ subject: '' });
	}
}
