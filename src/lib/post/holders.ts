/** Who may have a file's blocks, and may give them to us. */

import { isLegacyThread, type Address } from '../wire/ids.ts';
import type { Holders } from './fetching.ts';
import type { Holder } from './gather.ts';
import type { Courier, Desk } from './ports.ts';
import type { MessageRecord } from './records.ts';

/** Peers, where this page has them; the service worker has none. */
export type Peers = Pick<Courier, 'connections' | 'fetch'> | null;

/**
 * Of one message's files: whoever of the thread is connected, the writer first, and post offices. Whether
 * they have them shows when they are asked.
 */
export async function holdersOf(
	desk: Desk,
	peers: Peers,
	{ thread, from }: Pick<MessageRecord, 'thread' | 'from'>,
	offices: readonly string[]
): Promise<Holders> {
	// Sealed by this mailbox for itself: nobody has it, and nobody is to learn of it.
	if (isLegacyThread(thread)) return () => [];
	const { members = [] } = (await desk.store.get('thread', [thread])) ?? {};
	const people = [...new Set<Address>([from, ...members])];
	const atOffices = [...new Set(offices)].flatMap((url): Holder[] =>
		url === ''
			? []
			: [{ name: url, fetch: (ids, options) => desk.offices(url).fetch(ids, options) }]
	);
	return () => (peers === null ? atOffices : [...connectedOf(people, peers), ...atOffices]);
}

function connectedOf(people: readonly Address[], peers: NonNullable<Peers>): Holder[] {
	const connected = new Set(peers.connections.map(({ address }) => address));
	return people
		.filter((address) => connected.has(address))
		.map((address) => ({
			name: address,
			fetch: (ids, options) => peers.fetch(address, ids, options)
		}));
}
