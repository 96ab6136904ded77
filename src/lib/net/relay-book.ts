/** Where the relays of post offices are, as their terms say. */

import type { Multiaddr } from '@multiformats/multiaddr';
import type { Offices, Signalled } from '../post/ports.ts';
import { parseAddress, type Place } from './reachable.ts';

export interface Relay {
	readonly url: string;
	/** Its libp2p peer id. */
	readonly peer: string;
	/** Those that this page may dial, each ending in the peer id. */
	readonly addresses: readonly Multiaddr[];
	/** `stun:host:port` */
	readonly stun: readonly string[];
}

/** Addresses of one relay that are tried; a card names three offices, an office has a few. */
const MOST_ADDRESSES = 4;
/** An office moves rarely; what cannot be dialled is asked again at once. */
const FRESH_MS = 10 * 60_000;

export class RelayBook {
	readonly #offices: Offices;
	readonly #place: Place;
	readonly #now: () => number;
	readonly #known = new Map<string, { readonly relay: Relay; readonly at: number }>();

	constructor(offices: Offices, place: Place, now: () => number) {
		this.#offices = offices;
		this.#place = place;
		this.#now = now;
	}

	/** Throws `Unreachable`. */
	async find(url: string, options?: Signalled): Promise<Relay> {
		const known = this.#known.get(url);
		if (known !== undefined && this.#now() - known.at < FRESH_MS) return known.relay;
		const { office: peer, addresses, stun } = await this.#offices(url).terms(options);
		const relay: Relay = {
			url,
			peer,
			addresses: addresses
				.filter((address) => address.endsWith(`/p2p/${peer}`))
				.map((address) => parseAddress(address, this.#place))
				.filter((address) => address !== null)
				.slice(0, MOST_ADDRESSES),
			stun: stun.filter((server) => server.startsWith('stun:')).slice(0, MOST_ADDRESSES)
		};
		this.#known.set(url, { relay, at: this.#now() });
		return relay;
	}

	/** What we knew led nowhere. */
	forget(url: string): void {
		this.#known.delete(url);
	}

	/** What is known now, without asking. */
	stunOf(urls: readonly string[]): string[] {
		return urls.flatMap((url) => this.#known.get(url)?.relay.stun ?? []);
	}
}
