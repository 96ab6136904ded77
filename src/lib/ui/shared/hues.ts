import type { Hue } from '../../app/view-organise.ts';

export const HUES: readonly Hue[] = ['green', 'orange', 'violet', 'blue', 'red', 'grey'];

/** The same numbers as a label's pill. */
export const HUE_STYLES: Readonly<Record<Hue, string>> = {
	green: '--hue: 155; --chroma: 0.12',
	orange: '--hue: 55; --chroma: 0.12',
	violet: '--hue: 300; --chroma: 0.12',
	blue: '--hue: 240; --chroma: 0.12',
	red: '--hue: 25; --chroma: 0.12',
	grey: '--hue: 255; --chroma: 0.015'
};

/** For who does not see it. */
export function hueName(hue: Hue): string {
	switch (hue) {
		case 'green':
			return 'Green';
		case 'orange':
			return 'Orange';
		case 'violet':
			return 'Violet';
		case 'blue':
			return 'Blue';
		case 'red':
			return 'Red';
		case 'grey':
			return 'Grey';
	}
}
