import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** The text being written, without formats: the browser's own field behind the verbs of `RichText`. */
export class PlainBox {
	#area: HTMLTextAreaElement | null = null;
	#isEmpty = $state(true);
	readonly #read: () => string;
	readonly #onchange: (text: string) => void;

	/** @param read what is shown when it appears */
	constructor(read: () => string, onchange: (text: string) => void) {
		this.#read = read;
		this.#onchange = onchange;
	}

	get isEmpty(): boolean {
		return this.#isEmpty;
	}

	readonly mount: Attachment<HTMLTextAreaElement> = (area) => {
		this.#area = area;
		this.#show(area, untrack(this.#read));
		area.setSelectionRange(0, 0);
		area.oninput = () => {
			this.#isEmpty = area.value === '';
			this.#onchange(area.value);
		};
		return () => {
			this.#area = null;
		};
	};

	focus(): void {
		this.#area?.focus();
	}

	/** Another tab changed the draft: shown unless the reader is writing here. */
	adopt(text: string): void {
		const area = this.#area;
		if (area && text !== area.value && area !== document.activeElement) this.#show(area, text);
	}

	/** At the cursor, and after what is selected: nothing that was typed gives way to it. */
	insert(text: string): void {
		const area = this.#area;
		if (!area) return;
		area.focus();
		area.setSelectionRange(area.selectionEnd, area.selectionEnd);
		const isHere = document.activeElement === area;
		// Deprecated, and the one way by which the browser's own undo knows of it.
		// eslint-disable-next-line @typescript-eslint/no-deprecated
		if (isHere && document.execCommand('insertText', false, text)) return;
		area.setRangeText(text, area.selectionEnd, area.selectionEnd, 'end');
		area.dispatchEvent(new InputEvent('input', { bubbles: true }));
	}

	#show(area: HTMLTextAreaElement, text: string): void {
		area.value = text;
		this.#isEmpty = text === '';
	}
}
