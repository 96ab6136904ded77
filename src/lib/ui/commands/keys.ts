/** Key strokes → commands. */

/** The second key of a sequence comes within this time, ms. */
export const SEQUENCE_MS = 1_500;

const NAMED = ['Escape', 'Delete'];

/** What was typed, as commands name it: `e`, `#`, `U`, `Escape`. Null: not for commands. */
export function keyOf(event: KeyboardEvent): string | null {
	const isAltGraph = event.getModifierState('AltGraph');
	if (event.defaultPrevented || event.isComposing || event.repeat) return null;
	if ((event.ctrlKey || event.altKey || event.metaKey) && !isAltGraph) return null;
	return event.key.length === 1 || NAMED.includes(event.key) ? event.key : null;
}

/** Ctrl+K, or ⌘K: also where one types. */
export function isPaletteKey(event: KeyboardEvent): boolean {
	const isOther = event.shiftKey || event.altKey || event.ctrlKey === event.metaKey;
	return !isOther && event.key.toLowerCase() === 'k';
}

const FIELDS =
	'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=textbox]';

/** Does the key belong to what is being written, or to what lies over the mail? */
export function isTaken(target: EventTarget | null): boolean {
	if (target instanceof Element && target.closest(FIELDS) !== null) return true;
	return document.querySelector('dialog[open], [popover]:popover-open') !== null;
}

/** Reads sequences: `g` waits for the key after it. */
export class KeyReader {
	readonly #sequences: ReadonlySet<string>;
	#begun: { readonly keys: string; readonly at: number } | null = null;

	constructor(sequences: Iterable<string>) {
		this.#sequences = new Set(sequences);
	}

	/** The sequence that this key, at this time in ms, completes; null: none, or not yet. */
	read(key: string, atMs: number): string | null {
		const begun = this.#begun;
		this.#begun = null;
		if (begun !== null && atMs - begun.at <= SEQUENCE_MS) {
			const whole = `${begun.keys} ${key}`;
			if (this.#sequences.has(whole)) return whole;
		}
		if (this.#sequences.has(key)) return key;
		const begins = [...this.#sequences].some((sequence) => sequence.startsWith(`${key} `));
		if (begins) this.#begun = { keys: key, at: atMs };
		return null;
	}
}
