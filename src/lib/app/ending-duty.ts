/** Lets go of messages when their end date comes, as long as the app is open. */

import { endDue, nextEnd } from '../mailbox/ending.ts';
import type { Account } from '../post/account.ts';
import { RingAway, StorageFull, type Desk } from '../post/ports.ts';
import { createErrand, type Errand } from './errand.ts';

/** Timers count no further than 2³¹ ms, and stand still while a computer sleeps. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** To be asked at the start, and whenever a message with an end date may have come. */
export function createEnding(desk: Desk, account: Account, signal: AbortSignal): Errand {
	let timer: ReturnType<typeof setTimeout> | undefined;
	signal.addEventListener('abort', () => clearTimeout(timer));
	const errand = createErrand(
		async () => {
			clearTimeout(timer);
			try {
				await endDue(desk, account, { signal });
			} catch (error) {
				if (!(error instanceof StorageFull || error instanceof RingAway)) throw error;
				return false;
			}
			const next = await nextEnd(desk);
			if (next === null || signal.aborted) return true;
			const waitMs = Math.min(Math.max(0, next - desk.now()), LONGEST_WAIT_MS);
			timer = setTimeout(() => errand.ask(), waitMs);
			return true;
		},
		{ signal }
	);
	return errand;
}
