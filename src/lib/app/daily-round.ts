/** Housekeeping that nobody waits for: prekeys, newer cards of others, blocks that nobody needs. */

import { sweepLeftovers } from '../mailbox/leftovers.ts';
import type { Account } from '../post/account.ts';
import { refreshOutdated } from '../post/contacts.ts';
import { StorageFull, Unreachable, type Desk } from '../post/ports.ts';
import { tendPrekeys } from '../post/prekeys.ts';

/** A device that is awake looks this often; each step knows itself whether it is due. */
const ROUND_MS = 6 * 60 * 60 * 1000;
/** The start belongs to the screen. */
const FIRST_MS = 20_000;

export function startDailyRound(desk: Desk, account: Account, signal: AbortSignal): void {
	const go = () => {
		walk(desk, account, signal).catch((error: unknown) => {
			if (!signal.aborted) reportError(error);
		});
	};
	const first = setTimeout(go, FIRST_MS);
	const timer = setInterval(go, ROUND_MS);
	signal.addEventListener('abort', () => {
		clearTimeout(first);
		clearInterval(timer);
	});
}

async function walk(desk: Desk, account: Account, signal: AbortSignal): Promise<void> {
	try {
		await tendPrekeys(desk, account, null, { signal });
		await refreshOutdated(desk, { signal });
		await sweepLeftovers(desk);
	} catch (error) {
		// Without a network or room the next round does it.
		if (!(error instanceof Unreachable || error instanceof StorageFull)) throw error;
	}
}
