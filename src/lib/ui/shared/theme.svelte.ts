import { MediaQuery } from 'svelte/reactivity';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'defms-theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const prefersDark = new MediaQuery('(prefers-color-scheme: dark)');

/** Light, dark, or as the system says. Nothing private, so it may stand outside the vault. */
class ThemeChoice {
	#theme = $state.raw<Theme>(readTheme());

	get theme(): Theme {
		return this.#theme;
	}

	/** What is on screen now, whoever chose it. */
	get isDark(): boolean {
		return this.#theme === 'dark' || (this.#theme === 'system' && prefersDark.current);
	}

	choose(theme: Theme): void {
		this.#theme = theme;
		this.apply();
		try {
			localStorage.setItem(KEY, theme);
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}

	apply(): void {
		if (this.#theme === 'system') delete document.documentElement.dataset['theme'];
		else document.documentElement.dataset['theme'] = this.#theme;
	}
}

function readTheme(): Theme {
	try {
		return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
	} catch {
		return 'system';
	}
}

export const themeChoice = new ThemeChoice();
