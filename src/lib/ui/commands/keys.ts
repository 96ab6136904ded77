/** Key strokes → commands. */

/** The second key of a sequence comes within this time, ms. */
export const SEQUENCE_MS = 1_500;

const NAMED = ['Escape', 'Delete'];

type Stroke = Pick<
	KeyboardEvent,
	| ('key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'repeat')
	| ('isComposing' | 'defaultPrevented' | 'getModifierState')
>;

/** What was typed, as commands name it: `e`, `#`, `U`, `Escape`. Null: not for commands. */
export function keyOf(event: Stroke): string | null {
	const isAltGraph = event.getModifierState('AltGraph');
	if (event.defaultPrevented || event.isComposing || event.repeat) return null;
	if ((event.ctrlKey || event.altKey || event.metaKey) && !isAltGraph) return null;
	if (NAMED.includes(event.key)) return event.key;
	return event.key.length === 1 ? characterOf(event) : null;
}

/**
 * Letters as a Latin keyboard without Caps Lock has them: where У is typed, the key beside it says E, and
 * only Shift makes a capital.
 */
function characterOf(event: Stroke): string {
	const { key, code, shiftKey } = event;
	const [, onKey] = /^Key([A-Z])$/.exec(code) ?? [];
	const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
	const letter = isForeign && onKey !== undefined ? onKey : key;
	if (!/^[a-z]$/i.test(letter)) return key;
	return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
}

/** Ctrl+K, or ⌘K: also where one types. */
export function isPaletteKey(event: Stroke): boolean {
	const isOther = event.shiftKey || event.altKey || event.ctrlKey === event.metaKey;
	return !isOther && !event.isComposing && characterOf(event).toLowerCase() === 'k';
}

const FIELDS =
	'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=textbox]';

/** Does the key belong to what is being written, or to what lies over the mail? */
export function isTaken(target: EventTarget | null): boolean {
	return (
		isField(target) || isCovered() || document.querySelector('[popover]:popover-open') !== null
	);
}

/** Does one write in it? */
export function isField(target: EventTarget | null): boolean {
	return target instanceof Element && target.closest(FIELDS) !== null;
}

/** Does something lie over the mail that wants an answer first? */
export function isCovered(): boolean {
	return document.querySelector('dialog[open]') !== null;
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
