/** The last moment that a `Date` can be (ECMA-262 §21.4.1.1), Unix ms: formatting a later one throws. */
const LATEST_MS = 8.64e15;

/** A date as its writer gave it, which may be any count, as one that a screen can show. */
export function toShownDate(ms: number): number {
	return Math.min(ms, LATEST_MS);
}
