/**
 * One tab of the profile runs the node; the others wait in the queue of a Web Lock, and the first of
 * them goes on when it ends, however it ends.
 */

import { lockName } from '../store/writer.ts';

/** Works until the signal aborts; what it holds is closed then. */
export type Duty = (signal: AbortSignal) => Promise<void>;

export interface Candidate {
	/** Stands in the queue from now on. Calling it again changes nothing. */
	campaign(): void;
	/** Leaves the queue, or gives the lock away at once, even if the duty takes its time to end. */
	resign(): void;
}

/** A duty that failed is taken up again after this; meanwhile another tab may have it. */
const PAUSE_MS = 5_000;

export function createCandidate(
	locks: Pick<LockManager, 'request'>,
	duty: Duty,
	pause: (ms: number, signal: AbortSignal) => Promise<void> = wait
): Candidate {
	let term: AbortController | null = null;
	return {
		campaign() {
			if (term !== null) return;
			term = new AbortController();
			void serve(locks, duty, pause, term.signal);
		},
		resign() {
			term?.abort();
			term = null;
		}
	};
}

async function serve(
	locks: Pick<LockManager, 'request'>,
	duty: Duty,
	pause: (ms: number, signal: AbortSignal) => Promise<void>,
	signal: AbortSignal
): Promise<void> {
	const isOver = () => signal.aborted;
	while (!isOver()) {
		try {
			await locks.request(lockName('leader'), { signal }, () => untilAborted(duty, signal));
		} catch (error) {
			if (isOver()) return;
			// A defect of ours, or broken storage: said aloud, and tried again.
			reportError(error);
			await pause(PAUSE_MS, signal);
		}
	}
}

/** The lock must not wait for a node that is slow to stop: its page may be gone before. */
async function untilAborted(duty: Duty, signal: AbortSignal): Promise<void> {
	const aborted = new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
	const done = duty(signal);
	// What fails after the end concerns nobody any more.
	done.catch(() => undefined);
	await Promise.race([done, aborted]);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}
