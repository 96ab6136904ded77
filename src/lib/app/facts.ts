/** What the leader knows of the network: told to every tab of the profile by `facts-channel.ts`. */

import type { Refusal } from '../wire/refusal.ts';
import type { Facts } from './facts-channel.ts';

export const NOTHING_YET: Facts = { office: 'trying', relays: [], peers: [], obstacle: null };

/** `null`: what else an office refuses is no matter of room. */
export function obstacleOf(reason: Refusal): Facts['obstacle'] {
	if (reason === 'disk-full') return 'relay-full';
	return reason === 'over-quota' ? 'quota-full' : null;
}

export function connectionState(
	{ office, peers, obstacle }: Facts,
	isOnline: boolean
): 'offline' | 'waiting' | 'relay' | 'direct' {
	// A direct connection needs neither relay nor what the browser calls a network.
	if (peers.some(({ path }) => path === 'direct')) return 'direct';
	// A relay that has no room is there all the same.
	if (!isOnline || (office === 'silent' && obstacle === null)) return 'offline';
	return office === 'open' ? 'relay' : 'waiting';
}

/** How a person is connected: the best of their devices' ways. */
export function pathTo({ peers }: Facts, address: string): 'direct' | 'relay' | 'none' {
	const paths = peers.filter((peer) => peer.address === address).map(({ path }) => path);
	if (paths.includes('direct')) return 'direct';
	return paths.length > 0 ? 'relay' : 'none';
}
