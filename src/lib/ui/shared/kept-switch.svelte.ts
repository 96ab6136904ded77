/** How the two states stand in the browser's storage. */
interface Words {
	readonly on: string;
	readonly off: string;
}

/** A choice between two of this browser alone. Nothing private: it stands outside the vault, like the theme. */
class KeptSwitch {
	readonly #key: string;
	readonly #words: Words;
	#isOn: boolean;

	/** @param isOnAtFirst until somebody chooses, and where storage is refused */
	constructor(key: string, words: Words, isOnAtFirst: boolean) {
		this.#key = key;
		this.#words = words;
		this.#isOn = $state.raw(this.#read() ?? isOnAtFirst);
	}

	get isOn(): boolean {
		return this.#isOn;
	}

	choose(isOn: boolean): void {
		this.#isOn = isOn;
		try {
			localStorage.setItem(this.#key, isOn ? this.#words.on : this.#words.off);
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}

	#read(): boolean | null {
		try {
			const word = localStorage.getItem(this.#key);
			if (word === this.#words.on) return true;
			return word === this.#words.off ? false : null;
		} catch {
			return null;
		}
	}
}

/**
 * May a letter alone be a command? Those whom it disturbs, as people who speak to their computer, turn
 * it off (WCAG 2.1.4).
 */
export const singleKeys = new KeptSwitch('defms-single-keys', { on: 'on', off: 'off' }, true);

/**
 * Are letters of plain text all equally wide? Tables and drawings made of signs need it; most else reads
 * better without.
 */
export const evenLetters = new KeptSwitch(
	'defms-plain-letters',
	{ on: 'even', off: 'usual' },
	false
);
