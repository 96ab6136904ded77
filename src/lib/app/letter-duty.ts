/** Closes letter links when somebody came in by them, and when their day is over. */

import type { Account } from '../post/account.ts';
import { nextLetterEnd, tendLetters } from '../post/letter-closing.ts';
import { RingAway, StorageFull, type Desk } from '../post/ports.ts';
import { createErrand, type Errand } from './errand.ts';

/** Timers count no further than 2³¹ ms, and stand still while a computer sleeps. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;
/** Between two looks at one that is over, and whose slots the office has not been heard about since. */
const SHORTEST_WAIT_MS = 60 * 1000;

/** To be asked at the start, and whenever somebody may have come in. */
export function createLetterDuty(desk: Desk, account: Account, signal: AbortSignal): Errand {
	let timer: ReturnType<typeof setTimeout> | undefined;
	signal.addEventListener('abort', () => clearTimeout(timer));
	const errand = createErrand(
		async () => {
			clearTimeout(timer);
			try {
				if (!(await tendLetters(desk, account, { signal }))) return false;
			} catch (error) {
				if (!(error instanceof StorageFull || error instanceof RingAway)) throw error;
				return false;
			}
			const next = await nextLetterEnd(desk);
			if (next === null || signal.aborted) return true;
			const waitMs = Math.min(Math.max(SHORTEST_WAIT_MS, next - desk.now()), LONGEST_WAIT_MS);
			timer = setTimeout(() => errand.ask(), waitMs);
			return true;
		},
		{ signal }
	);
	return errand;
}
