/** Which address of a person was used last. */

import { digestOf, type ListedThread } from '../post/listed.ts';
import type { Address } from '../wire/ids.ts';

/**
 * When each of these last wrote, or was written to in a conversation, Unix ms, as the lists know it. One
 * that is not named was never used.
 */
export function lastUsed(
	threads: readonly ListedThread[],
	addresses: ReadonlySet<Address>
): ReadonlyMap<Address, number> {
	const used = new Map<Address, number>();
	if (addresses.size === 0) return used;
	const note = (address: Address, at: number) => {
		if (addresses.has(address)) used.set(address, Math.max(at, used.get(address) ?? 0));
	};
	for (const thread of threads) {
		const { members, others = [], latest } = thread;
		if (![...members, ...others].some((address) => addresses.has(address))) continue;
		note(latest.from, latest.date);
		const digest = digestOf(thread);
		if (digest === undefined) continue;
		for (const { address, order } of digest.writers) note(address, order);
		for (const { address, order } of digest.named) note(address, order);
		const mine = digest.mine ?? digest.last;
		if (mine.isMine) for (const address of members) note(address, mine.order);
	}
	return used;
}
