/** Requests: strangers who knocked, and what this user says to them (protocol §6.8). */

import type { Address } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { collect, type CollectOptions } from './collect.ts';
import type { Peers } from './holders.ts';
import { newContact, putContact, setTier } from './contacts.ts';
import { knockKey } from './notice.ts';
import type { Desk } from './ports.ts';
import type { KnockRecord } from './records.ts';

/** From now on they may write; what waited is collected, now or when a holder answers. */
export async function acceptRequest(
	desk: Desk,
	account: Account,
	peers: Peers,
	request: KnockRecord,
	options: CollectOptions = {}
): Promise<void> {
	const accept = (knock: KnockRecord) => ({ ...knock, wait: 'fetch', makesContact: true }) as const;
	const key = knockKey(request);
	let accepted: KnockRecord = accept(request);
	// A newer notice may have taken its place since the user saw it.
	await desk.store.update('knock', key, (row) => {
		accepted = accept(row ?? request);
		return [{ table: 'knock', key, put: accepted }];
	});
	await collect(desk, account, peers, accepted, options);
}

/** Says nothing to the stranger: their post office gives up at the end of its term. */
export async function ignoreRequest(desk: Desk, request: KnockRecord): Promise<void> {
	await desk.store.commit([{ table: 'knock', key: knockKey(request), remove: true }]);
}

/** Takes an ignored or blocked request back. */
export async function restoreRequest(desk: Desk, request: KnockRecord): Promise<void> {
	await desk.store.commit([{ table: 'knock', key: knockKey(request), put: request }]);
}

/** Refuses this and every later knock of theirs, uncommented. */
export async function blockRequest(desk: Desk, request: KnockRecord): Promise<void> {
	await blockAddress(desk, request.from, request.name);
	await ignoreRequest(desk, request);
}

export async function blockAddress(desk: Desk, address: Address, name: string): Promise<void> {
	if ((await desk.store.get('contact', [address])) !== null) {
		await setTier(desk, address, 'blocked');
		return;
	}
	const fields = { address, name, tier: 'blocked', origin: 'accepted', offices: [] } as const;
	await desk.store.commit([putContact(newContact(desk, fields))]);
}
