/** What an office does by itself, again and again: knocks, looks at other offices, forgets. */

import { LIMITS } from '../src/lib/wire/limits.ts';
import { BOUNDS } from './office/bounds.ts';
import { knockWhereDue, lookAtBoots } from './office/knocking.ts';
import type { Office } from './office/office.ts';
import { sweep } from './office/sweep.ts';

export interface Rounds {
	/** Something is due now. */
	hurry(): void;
	stop(): void;
}

/** The first rounds run as soon as this has returned: after a restart our own notices are gone. */
export function startRounds(office: Office, report: (error: unknown) => void): Rounds {
	const knocking = startRound(() => knockWhereDue(office), BOUNDS.dueMs, report);
	const looking = startRound(() => lookAtBoots(office), LIMITS.repeatMs, report);
	const sweeping = startRound(() => sweep(office), BOUNDS.sweepMs, report);
	return {
		hurry: () => knocking.hurry(),
		stop() {
			for (const round of [knocking, looking, sweeping]) round.stop();
		}
	};
}

/** Never twice at once; what hurries while it runs makes it run again. */
function startRound(
	work: () => Promise<void>,
	everyMs: number,
	report: (error: unknown) => void
): Rounds {
	let isRunning = false;
	let isWanted = false;
	let isStopped = false;
	const run = async (): Promise<void> => {
		isWanted = true;
		if (isRunning) return;
		isRunning = true;
		while (isWanted && !isStopped) {
			isWanted = false;
			try {
				await work();
			} catch (error) {
				// The disk is broken, or there is a bug: the operator reads it, the next round tries again.
				report(error);
			}
		}
		isRunning = false;
	};
	const timer = setInterval(() => void run(), everyMs);
	setImmediate(() => void run());
	return {
		hurry: () => void run(),
		stop() {
			isStopped = true;
			clearInterval(timer);
		}
	};
}
