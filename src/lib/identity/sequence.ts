/**
 * The next sequence of a root record or card: max(previous + 1, Unix ms) (protocol §2). So it grows
 * even where the clock was set back, and a device that knows no previous one still exceeds it.
 */
export function nextSequence(previous: number | null, nowMs: number): number {
	return previous === null ? nowMs : Math.max(previous + 1, nowMs);
}
