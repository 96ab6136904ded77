/** Which language the screens speak. Read once: another choice loads the page anew. */

import { LANGUAGES, type Language } from './languages.js';

export type { Language };
export { LANGUAGES };

const KEY = 'defms-language';

/** Outside of a page (tests, workers) the words are those in the source. */
export const language: Language =
	typeof document === 'undefined'
		? 'en'
		: (chosenLanguage() ?? spoken(navigator.languages) ?? 'en');

/** For `Intl`. Digits are the same everywhere on the screen, also where `Intl` does not write them. */
export const locale: string = LANGUAGES[language].locale;

/** `null`: as the browser says. */
export function chosenLanguage(): Language | null {
	try {
		return toLanguage(localStorage.getItem(KEY));
	} catch {
		return null; // storage is refused
	}
}

/** `null`: as the browser says. Loads the page anew. */
export function chooseLanguage(choice: Language | null): void {
	try {
		if (choice === null) localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, choice);
	} catch {
		return; // storage is refused: it stays as the browser says
	}
	location.reload();
}

/** Tells the page which language it is in, and which way that is read. */
export function markLanguage(root: HTMLElement): void {
	root.lang = language;
	root.dir = LANGUAGES[language].direction;
}

/** The first of the wanted ones (BCP 47, as `de-CH`) that there is. */
export function spoken(wanted: readonly string[]): Language | null {
	for (const tag of wanted) {
		const [primary = ''] = tag.toLowerCase().split('-');
		const found = toLanguage(primary);
		if (found !== null) return found;
	}
	return null;
}

/** `null`: there is none of this code. */
export function toLanguage(text: string | null): Language | null {
	return isLanguage(text) ? text : null;
}

function isLanguage(text: string | null): text is Language {
	return text !== null && Object.hasOwn(LANGUAGES, text);
}
