/**
 * Colours of received mail on dark paper. Mail is painted for white; each of its colours becomes a
 * pair, as sent and turned over in lightness (OKLCH, so that hues stay), of which the frame's colour
 * scheme chooses. The browser's own CSS does the sum, whatever notation the colour was written in.
 */

const COLOUR_PROPERTY = /(?:^|-)color$/;

/** Nothing to turn: they take another's colour, or none. */
const KEYWORD = /^(?:transparent|currentcolor|inherit|initial|unset|revert|revert-layer)$/i;

/** White becomes our dark paper, black a soft white. */
const PAPER = 'oklch(from X calc(0.95 - 0.74 * l) calc(c * 0.85) h / alpha)';
/** Text stays lighter in the middle, so that grey on white is still read when it is turned. */
const INK = 'oklch(from X calc(0.97 - 0.77 * pow(l, 1.5)) c h / alpha)';

/** Has a declaration a colour that is to be turned? */
export function isColour(property: string, value: string): boolean {
	return COLOUR_PROPERTY.test(property) && !KEYWORD.test(value);
}

/** @returns the value for both papers. `value`: one harmless colour, as the browser prints it */
export function forBothPapers(property: string, value: string): string {
	const turned = property === 'color' || property === 'text-decoration-color' ? INK : PAPER;
	return `light-dark(${value}, ${turned.replace('X', value)})`;
}
