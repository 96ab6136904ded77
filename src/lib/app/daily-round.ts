/** Housekeeping that nobody waits for: new prekeys, the end of old ones, blocks that nobody needs. */

import { sweepLeftovers } from '../mailbox/leftovers.ts';
import { renewPrekeys, type Account } from '../post/account.ts';
import { collectWaiting } from '../post/collect.ts';
import { listen } from '../post/listen.ts';
import { StorageFull, Unreachable, type Desk } from '../post/ports.ts';

/** A device that is awake looks this often; each step knows itself whether it is due. */
const ROUND_MS = 6 * 60 * 60 * 1000;
/** The start belongs to the screen. */
const FIRST_MS = 20_000;
const EMPTIED = ['emptied-at'];

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
		await emptySlots(desk, account, signal);
		await renewPrekeys(desk, await emptiedAt(desk));
		await sweepLeftovers(desk);
	} catch (error) {
		// Without a network or room the next round does it.
		if (!(error instanceof Unreachable || error instanceof StorageFull)) throw error;
	}
}

/** An old prekey must not end before nothing is left that was sealed to it (protocol §2). */
async function emptySlots(desk: Desk, account: Account, signal: AbortSignal): Promise<void> {
	const heard = await listen(desk, account, { signal, once: true, onKnock: () => undefined });
	await collectWaiting(desk, account, null, { signal });
	const knocks = await desk.store.list('knock');
	if (!heard.ok || knocks.length > 0) return;
	await desk.store.commit([{ table: 'setting', key: EMPTIED, put: { value: desk.now() } }]);
}

async function emptiedAt({ store }: Pick<Desk, 'store'>): Promise<number | null> {
	const row = await store.get('setting', EMPTIED);
	return typeof row?.value === 'number' ? row.value : null;
}
