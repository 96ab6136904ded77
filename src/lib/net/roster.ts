/** The sessions that stand: one for each peer, told to the recipient as connections. */

import type { Connection, Recipient } from '../post/ports.ts';
import type { Address, PeerName } from '../wire/ids.ts';
import type { Session } from './session.ts';

export interface Held {
	readonly session: Session;
	readonly connection: Connection;
	/** Who dialled: we, or the peer. */
	readonly dialler: PeerName;
	/** Unix milliseconds. */
	readonly since: number;
}

/** Two dials that began together end within this; an older session is one that the peer has lost. */
const TOGETHER_MS = 10_000;

export class Roster {
	readonly #recipient: Pick<Recipient, 'connected' | 'disconnected'>;
	readonly #byPeer = new Map<PeerName, Held>();

	constructor(recipient: Pick<Recipient, 'connected' | 'disconnected'>) {
		this.#recipient = recipient;
	}

	get connections(): Connection[] {
		return [...this.#byPeer.values()].map(({ connection }) => connection);
	}

	/** Sessions with this identity's devices; direct ones first. */
	of(address: Address): Held[] {
		return [...this.#byPeer.values()]
			.filter(({ connection }) => connection.address === address)
			.sort((a, b) => rank(a) - rank(b));
	}

	at(peer: PeerName): Held | null {
		return this.#byPeer.get(peer) ?? null;
	}

	/**
	 * Takes a fresh session in place of an older one with the same peer, which it closes; `false`:
	 * the older one stays, and the caller closes the fresh one. Both sides come to the same answer.
	 */
	hold(fresh: Held): boolean {
		const { peer } = fresh.connection;
		const old = this.#byPeer.get(peer);
		if (old !== undefined && !isBetter(fresh, old)) return false;
		this.#byPeer.set(peer, fresh);
		this.#recipient.connected(fresh.connection);
		if (old !== undefined) {
			this.#recipient.disconnected(old.connection);
			old.session.close();
		}
		return true;
	}

	/** Its session has ended; `true`: the peer is gone with it. */
	release(held: Held): boolean {
		const { peer } = held.connection;
		if (this.#byPeer.get(peer) !== held) return false;
		this.#byPeer.delete(peer);
		this.#recipient.disconnected(held.connection);
		return true;
	}

	closeAll(): void {
		for (const { session } of this.#byPeer.values()) session.close();
	}
}

function rank({ connection }: Held): number {
	return connection.path === 'direct' ? 0 : 1;
}

/** Of two that began together the direct one, then the one that the smaller peer id dialled. */
function isBetter(fresh: Held, old: Held): boolean {
	const areTogether = fresh.since - old.since < TOGETHER_MS;
	if (!areTogether) return true;
	if (rank(fresh) !== rank(old)) return rank(fresh) < rank(old);
	return fresh.dialler <= old.dialler;
}
