/** Work that many causes ask for: one run at a time, again if asked meanwhile, later if it failed. */

export interface Errand {
	/** Runs now, or once more after the run that is on its way. */
	ask(): void;
	/** As `ask`, and what failed before counts no more: the world has changed. */
	hurry(): void;
}

/** Starts a timer; returns the way to stop it. */
export type Timer = (ms: number, work: () => void) => () => void;

export interface ErrandOptions {
	/** No run begins after it aborted. */
	readonly signal: AbortSignal;
	/** The longest pause after failures, ms. */
	readonly maxPauseMs?: number;
	readonly timer?: Timer;
	/** 0 to 1. */
	readonly chance?: () => number;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** `work` resolves with false where it should be tried again later; it throws on defects only. */
export function createErrand(work: () => Promise<boolean>, options: ErrandOptions): Errand {
	const { signal, maxPauseMs = MAX_PAUSE_MS, timer = systemTimer, chance = Math.random } = options;
	let isRunning = false;
	let asked = 0;
	let failures = 0;
	let stopTimer: (() => void) | null = null;

	const attempt = async (): Promise<boolean> => {
		try {
			return await work();
		} catch (error) {
			if (!signal.aborted) reportError(error);
			return false;
		}
	};
	const run = async () => {
		isRunning = true;
		for (let served = -1; served !== asked && !signal.aborted;) {
			served = asked;
			failures = (await attempt()) ? 0 : failures + 1;
		}
		isRunning = false;
		if (failures > 0 && !signal.aborted) stopTimer = timer(pauseOf(failures), ask);
	};
	/** Doubled each time, and at random a little less: not all browsers of a relay come back at once. */
	const pauseOf = (count: number) =>
		Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** (count - 1)) * (1 - chance() / 2);
	const ask = () => {
		if (signal.aborted) return;
		stopTimer?.();
		stopTimer = null;
		asked++;
		if (!isRunning) void run();
	};
	signal.addEventListener('abort', () => stopTimer?.(), { once: true });
	return {
		ask,
		hurry() {
			failures = 0;
			ask();
		}
	};
}

export const systemTimer: Timer = (ms, work) => {
	const timer = setTimeout(work, ms);
	return () => clearTimeout(timer);
};
