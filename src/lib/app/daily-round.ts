/** Housekeeping that nobody waits for: prekeys, newer cards of others, blocks that nobody needs. */

import { endDue } from '../mailbox/ending.ts';
import { sweepLeftovers } from '../mailbox/leftovers.ts';
import type { Account } from '../post/account.ts';
import { refreshOutdated } from '../post/contacts.ts';
import { RingAway, StorageFull, Unreachable, type Desk } from '../post/ports.ts';
import { tendPrekeys } from '../post/prekeys.ts';
import { forgetPromises } from '../post/promised.ts';
import type { Reserve } from '../store/reserve.ts';

/** A device that is awake looks this often; each step knows itself whether it is due. */
const ROUND_MS = 6 * 60 * 60 * 1000;
/** The start belongs to the screen. */
const FIRST_MS = 20_000;

export function startDailyRound(
	desk: Desk,
	reserve: Pick<Reserve, 'lay'>,
	account: Account,
	signal: AbortSignal
): void {
	const go = () => {
		walk(desk, reserve, account, signal).catch((error: unknown) => {
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

/** Each step by itself: an office that is away, or a full disk, must not keep what makes room from being done. */
async function walk(
	desk: Desk,
	reserve: Pick<Reserve, 'lay'>,
	account: Account,
	signal: AbortSignal
): Promise<void> {
	await patiently(() => reserve.lay());
	await patiently(() => forgetPromises(desk));
	await patiently(() => tendPrekeys(desk, account, null, { signal }));
	await patiently(() => refreshOutdated(desk, { signal }));
	await patiently(() => endDue(desk, account, { signal }));
	await patiently(() => sweepLeftovers(desk));
}

/** Without a network, room or key ring the next round does it. */
async function patiently(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		const isPassing = [Unreachable, StorageFull, RingAway].some((kind) => error instanceof kind);
		if (!isPassing) throw error;
	}
}
