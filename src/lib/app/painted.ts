/** A tab in the background is given no frames. */
const LONGEST_MS = 500;

/** Resolves when what has just changed on screen is painted, and what the user did meanwhile had its turn. */
export function painted(): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, LONGEST_MS);
		requestAnimationFrame(() => {
			requestAnimationFrame(() => {
				clearTimeout(timer);
				setTimeout(resolve);
			});
		});
	});
}
