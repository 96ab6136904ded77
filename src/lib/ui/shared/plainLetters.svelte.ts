const KEY = 'defms-plain-letters';

/**
 * Are letters of plain text all equally wide? Tables and drawings made of signs need it; most else reads
 * better without. Nothing private, so it may stand outside the vault, like the theme.
 */
class PlainLetters {
	#areEven = $state.raw(readEven());

	get areEven(): boolean {
		return this.#areEven;
	}

	choose(areEven: boolean): void {
		this.#areEven = areEven;
		try {
			localStorage.setItem(KEY, areEven ? 'even' : 'usual');
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}
}

function readEven(): boolean {
	try {
		return localStorage.getItem(KEY) === 'even';
	} catch {
		return false;
	}
}

export const plainLetters = new PlainLetters();
