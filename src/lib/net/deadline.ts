/** A time limit that moves on with every sign of life, joined with the caller's own signal. */

export interface Deadline {
	/** Aborts when the limit passes or the caller aborts. */
	readonly signal: AbortSignal;
	/** The caller's alone. */
	readonly outer: AbortSignal | undefined;
	/** Starts the limit again, from now. */
	extend(ms?: number): void;
	/** Stops it. */
	end(): void;
}

export function createDeadline(limitMs: number, outer?: AbortSignal): Deadline {
	const controller = new AbortController();
	const late = (): void => controller.abort(new DOMException('too slow', 'TimeoutError'));
	let timer = setTimeout(late, limitMs);
	return {
		signal: outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]),
		outer,
		extend(ms = limitMs) {
			clearTimeout(timer);
			timer = setTimeout(late, ms);
		},
		end: () => clearTimeout(timer)
	};
}
