/** Whose devices to connect with: those with whom this user writes, the latest first. */

import type { Address } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { listThreads } from './listing.ts';
import type { Desk, ReachTarget } from './ports.ts';

/** Peers to which connections are held: below the 500 RTCPeerConnections of one renderer (Chrome). */
export const MAX_REACHED = 32;

export async function reachTargets(desk: Desk, account: Account): Promise<ReachTarget[]> {
	const threads = await listThreads(desk);
	const lastUse = new Map<Address, number>();
	for (const { members, updatedAt } of threads) {
		for (const address of members) {
			lastUse.set(address, Math.max(lastUse.get(address) ?? 0, updatedAt));
		}
	}
	lastUse.delete(account.record.address);
	const contacts = await desk.store.list('contact');
	return contacts
		.filter(({ address, tier, peers }) => {
			return lastUse.has(address) && tier !== 'blocked' && peers.length > 0;
		})
		.sort((a, b) => (lastUse.get(b.address) ?? 0) - (lastUse.get(a.address) ?? 0))
		.slice(0, MAX_REACHED)
		.map(({ address, peers, offices }) => ({ address, peers, offices }));
}
