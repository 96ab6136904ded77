const KEY = 'defms-single-keys';

/**
 * May a letter alone be a command? Those whom it disturbs, as people who speak to their computer, turn
 * it off (WCAG 2.1.4). Nothing private, so it may stand outside the vault.
 */
class SingleKeys {
	#areOn = $state.raw(readChoice());

	get areOn(): boolean {
		return this.#areOn;
	}

	choose(areOn: boolean): void {
		this.#areOn = areOn;
		try {
			localStorage.setItem(KEY, areOn ? 'on' : 'off');
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}
}

function readChoice(): boolean {
	try {
		return localStorage.getItem(KEY) !== 'off';
	} catch {
		return true;
	}
}

export const singleKeys = new SingleKeys();
