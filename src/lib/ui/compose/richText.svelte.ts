import Squire from 'squire-rte';
import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { sanitiseForEditor } from '../message/sanitise.ts';
import { plainText } from './plainText.ts';

export type Format = 'bold' | 'italic' | 'list' | 'quote' | 'link';

type Formats = Readonly<Record<Format, boolean>>;

const NO_FORMATS: Formats = { bold: false, italic: false, list: false, quote: false, link: false };

/** The text being written: Squire behind the few verbs that the format bar offers. */
export class RichText {
	#squire: Squire | null = null;
	#formats = $state.raw(NO_FORMATS);
	#isEmpty = $state(true);
	/** The last content that went out or came in: what comes back unchanged is our own echo. */
	#html = '';
	readonly #read: () => string;
	readonly #onchange: (content: { html: string; text: string }) => void;

	/** @param read what is shown when it appears */
	constructor(read: () => string, onchange: (content: { html: string; text: string }) => void) {
		this.#read = read;
		this.#onchange = onchange;
	}

	/** Which formats hold at the cursor. */
	get formats(): Formats {
		return this.#formats;
	}

	get isEmpty(): boolean {
		return this.#isEmpty;
	}

	readonly mount: Attachment<HTMLElement> = (root) => {
		const squire = new Squire(root, {
			blockTag: 'DIV',
			sanitizeToDOMFragment: sanitiseForEditor,
			didError: (error: unknown) => {
				console.error(error);
			}
		});
		this.#squire = squire;
		this.#html = untrack(this.#read);
		squire.setHTML(this.#html);
		this.#isEmpty = !hasContent(root);
		squire.moveCursorToStart();
		squire.addEventListener('input', () => {
			this.#takeChange(squire, root);
		});
		for (const moved of ['pathChange', 'cursor', 'select']) {
			squire.addEventListener(moved, () => {
				this.#formats = readFormats(squire);
			});
		}
		return () => {
			this.#squire = null;
			squire.destroy();
		};
	};

	focus(): void {
		this.#squire?.focus();
	}

	/** At the cursor, and after what is selected: nothing that was typed gives way to it. */
	insert(html: string): void {
		const squire = this.#squire;
		if (!squire) return;
		const range = squire.getSelection();
		range.collapse(false);
		squire.setSelection(range);
		squire.insertHTML(html);
		squire.focus();
	}

	/** Another tab changed the draft: shown unless the reader is writing here. */
	adopt(html: string): void {
		const squire = this.#squire;
		if (!squire || html === this.#html || squire.getRoot() === document.activeElement) return;
		this.#html = html;
		squire.setHTML(html);
		this.#isEmpty = !hasContent(squire.getRoot());
	}

	/** Bold, italic, list and quote; a link needs an address: `link`. */
	toggle(format: Exclude<Format, 'link'>): void {
		const squire = this.#squire;
		if (!squire) return;
		const isOn = this.#formats[format];
		if (format === 'bold') isOn ? squire.removeBold() : squire.bold();
		else if (format === 'italic') isOn ? squire.removeItalic() : squire.italic();
		else if (format === 'list') isOn ? squire.removeList() : squire.makeUnorderedList();
		else if (isOn) squire.decreaseQuoteLevel();
		else squire.increaseQuoteLevel();
		this.#formats = readFormats(squire);
		squire.focus();
	}

	/** Makes the selection (or the address itself) a link; null takes the link away. */
	link(url: string | null): void {
		const squire = this.#squire;
		if (!squire) return;
		if (url === null) squire.removeLink();
		else squire.makeLink(url);
		squire.focus();
	}

	#takeChange(squire: Squire, root: HTMLElement): void {
		this.#isEmpty = !hasContent(root);
		this.#html = squire.getHTML();
		this.#onchange({ html: this.#html, text: plainText(root) });
	}
}

function hasContent(root: HTMLElement): boolean {
	return Boolean(root.textContent.trim() || root.querySelector('li, blockquote'));
}

function readFormats(squire: Squire): Formats {
	return {
		bold: squire.hasFormat('B') || squire.hasFormat('STRONG'),
		italic: squire.hasFormat('I') || squire.hasFormat('EM'),
		list: squire.hasFormat('UL') || squire.hasFormat('OL'),
		quote: squire.hasFormat('BLOCKQUOTE'),
		link: squire.hasFormat('A')
	};
}
