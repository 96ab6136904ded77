/** Moments that two pages of one machine can compare. */

/** ms of the epoch, finer than `Date.now`. */
export function epochMs(): number {
	return performance.timeOrigin + performance.now();
}

/** When the frame that shows what the document says now has been made, as `epochMs`. */
export function painted(): Promise<number> {
	return new Promise((resolve) => {
		requestAnimationFrame(() => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => resolve(epochMs());
			port2.postMessage(null); // runs in a task after the frame
		});
	});
}
