/** How large everything is. The browser's own zoom goes on top; this one is kept where none is at hand. */

export type TextSize = 'small' | 'normal' | 'large' | 'larger';

const KEY = 'defms-text-size';
const SCALES: Readonly<Record<TextSize, number>> = {
	small: 0.9,
	normal: 1,
	large: 1.15,
	larger: 1.3
};

/** Nothing private, so it may stand outside the vault, like the theme. */
class TextSizeChoice {
	#size = $state.raw<TextSize>(readSize());

	get size(): TextSize {
		return this.#size;
	}

	/** Pixels of the screen for one of ours. */
	get scale(): number {
		return SCALES[this.#size];
	}

	choose(size: TextSize): void {
		this.#size = size;
		this.apply();
		try {
			localStorage.setItem(KEY, size);
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}

	/** `--scale`: what is as high as the window has to be divided by it. */
	apply(): void {
		const { style } = document.documentElement;
		style.zoom = this.#size === 'normal' ? '' : String(this.scale);
		style.setProperty('--scale', String(this.scale));
	}
}

function readSize(): TextSize {
	try {
		const kept = localStorage.getItem(KEY);
		return kept !== null && isSize(kept) ? kept : 'normal';
	} catch {
		return 'normal';
	}
}

function isSize(text: string): text is TextSize {
	return Object.hasOwn(SCALES, text);
}

export const textSize = new TextSizeChoice();
