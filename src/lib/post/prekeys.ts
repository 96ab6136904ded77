/** Keys on this device that end: renewed while it is awake, destroyed when nobody needs them. */

import {
	emptiedUntil,
	findOutlived,
	isPrekeyDue,
	newestFirst,
	type PrekeyAge
} from '../identity/prekey.ts';
import { withNewCard, type Account } from './account.ts';
import { replaceAccount } from './account-row.ts';
import { collectWaiting } from './collect-waiting.ts';
import type { Peers } from './holders.ts';
import { forgetEpochs } from './forgetting.ts';
import { listen } from './listen.ts';
import { HEARD } from './notice.ts';
import { destroyDoomed, doom } from './doomed.ts';
import { openPrekey } from './kept-prekeys.ts';
import type { Change, Desk, Signalled } from './ports.ts';
import type { PrekeyRecord } from './records.ts';

const EMPTIED = ['emptied-at'];

/**
 * What an awake device does each day: takes what waits for it, then makes a new prekey where one is
 * due, and destroys prekeys and epoch secrets that nobody needs any more. Throws `Unreachable` and `StorageFull`; the
 * next round goes on.
 */
export async function tendPrekeys(
	desk: Desk,
	account: Account,
	peers: Peers,
	options: Signalled = {}
): Promise<void> {
	await emptySlots(desk, account, peers, options);
	const emptied = await desk.store.get('setting', EMPTIED);
	const emptiedMs = typeof emptied?.value === 'number' ? emptied.value : null;
	await renewPrekeys(desk, emptiedMs);
	if (emptiedMs !== null)
		await forgetEpochs(desk, account, Math.min(emptiedMs, desk.now()), options);
}

/** Listening publishes the card first: a prekey is public before the one before it may end. */
async function emptySlots(
	desk: Desk,
	account: Account,
	peers: Peers,
	options: Signalled
): Promise<void> {
	const heardMs = desk.now();
	const heard = await listen(desk, account, { ...options, once: true, onKnock: () => undefined });
	await collectWaiting(desk, account, peers, options);
	if (!heard.ok) return;
	const waiting = (await desk.store.list('knock')).map(
		({ receivedAt, since }) => since ?? { takenMs: receivedAt, afterMs: receivedAt }
	);
	const value = emptiedUntil(heardMs, waiting);
	await desk.store.commit([
		{ table: 'setting', key: EMPTIED, put: { value } },
		{ table: 'setting', key: HEARD, put: { value: heardMs } }
	]);
}

/** `emptiedMs` as `emptiedUntil` gives it; `null`: never. */
export async function renewPrekeys(desk: Desk, emptiedMs: number | null): Promise<void> {
	let doomed: Change[] = [];
	await replaceAccount(
		desk,
		async (account) => {
			const ring = newestFirst(account.prekeys.map(withAge));
			const outlived = findOutlived(ring, desk.now(), emptiedMs).map(({ record }) => record);
			doomed = doom(outlived.flatMap(({ kept }) => kept?.under ?? []));
			const prekeys = account.prekeys.filter((prekey) => !outlived.includes(prekey));
			const kept = outlived.length === 0 ? account : { ...account, prekeys };
			const isDue =
				isPrekeyDue(ring[0] ?? null, desk.now()) || (await isLost(desk, ring[0]?.record));
			return isDue ? withNewCard(desk, kept, { isNewPrekey: true }) : kept;
		},
		() => doomed
	);
	await destroyDoomed(desk);
}

/**
 * At every start, before any network: where the newest prekey went with the key ring, what is sealed
 * to it is lost until its card is replaced. Throws `RingAway`: it may be there later.
 */
export async function replaceLostPrekey(desk: Desk): Promise<void> {
	const [newest] = newestFirst(((await desk.store.get('account', []))?.prekeys ?? []).map(withAge));
	if (!(await isLost(desk, newest?.record))) return;
	await replaceAccount(desk, async (account) => {
		const [current] = newestFirst(account.prekeys.map(withAge));
		// Another tab may have been faster.
		if (!(await isLost(desk, current?.record))) return account;
		return withNewCard(desk, account, { isNewPrekey: true });
	});
}

/** It went with the key ring: nobody may seal to it any more. */
async function isLost(desk: Desk, newest: PrekeyRecord | undefined): Promise<boolean> {
	return newest !== undefined && (await openPrekey(desk, newest)) === null;
}

function withAge(record: PrekeyRecord): PrekeyAge & { readonly record: PrekeyRecord } {
	const { madeMs, publishedMs } = record;
	return { record, madeMs: madeMs ?? publishedMs ?? 0, publishedMs: publishedMs ?? null };
}
