/**
 * Keeps us reachable through our own relays. libp2p notices a lost reservation late or never, and gives
 * up after a few tries (js-libp2p #3601): so we look ourselves, often and cheaply, and dial again, at
 * once when the browser wakes, else later and later. Nothing is acknowledged here.
 */

import type { Multiaddr } from '@multiformats/multiaddr';
import type { PeerNode } from './peer.ts';
import type { Door } from './door.ts';
import type { Relay, RelayBook } from './relay-book.ts';

/** `offline`: the browser says so, or nobody answered for a while; `waiting`: trying; `relay`: reachable. */
export type RelayState = 'offline' | 'waiting' | 'relay';

export interface RelayStatus {
	readonly state: RelayState;
	readonly relays: readonly { readonly url: string; readonly isConnected: boolean }[];
}

/** What the supervisor hears from the browser. */
export interface Surroundings {
	isOnline(): boolean;
	/** Calls back when the network or the page may have come back; returns the way out. */
	onWake(listener: () => void): () => void;
}

export interface SupervisorPorts {
	readonly node: Pick<
		PeerNode,
		| 'dial'
		| 'getConnections'
		| 'getMultiaddrs'
		| 'addEventListener'
		| 'removeEventListener'
		| 'services'
	>;
	readonly door: Pick<Door, 'addRelay'>;
	readonly book: Pick<RelayBook, 'find' | 'forget'>;
	readonly surroundings: Surroundings;
	readonly now: () => number;
	/** 0 to 1, so that the browsers of a relay that restarts do not all come at once. */
	readonly jitter: () => number;
	readonly onStatus: (status: RelayStatus) => void;
}

const LOOK_MS = 3_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const DIAL_MS = 15_000;
/** A relay that answers grants a reservation within moments; after this we begin anew. */
const RESERVE_MS = 10_000;
const PING_MS = 4_000;
/** A timer that comes later than this by so much has slept: the sockets of before are dead. */
const SLEPT_MS = 10_000;
/** Failures in a row after which we call it offline. */
const OFFLINE_AFTER = 3;

interface Kept {
	readonly url: string;
	relay: Relay | null;
	failures: number;
	/** Not before. */
	tryAt: number;
	/** When the connection without a reservation was first seen; `null`: there is none. */
	bareSince: number | null;
	isBusy: boolean;
}

export class Supervisor {
	readonly #ports: SupervisorPorts;
	readonly #kept: readonly Kept[];
	readonly #leave: (() => void)[] = [];
	#lookedAt: number;
	#told = '';

	/** @param urls base URLs of the own post offices */
	constructor(ports: SupervisorPorts, urls: readonly string[]) {
		this.#ports = ports;
		this.#lookedAt = ports.now();
		this.#kept = urls.map((url) => ({
			...{ url, relay: null, failures: 0, tryAt: 0, bareSince: null, isBusy: false }
		}));
	}

	start(): void {
		const { node, surroundings } = this.#ports;
		const look = (): void => this.#lookAtAll();
		const timer = setInterval(() => this.#tick(), LOOK_MS);
		node.addEventListener('connection:close', look);
		node.addEventListener('transport:listening', look);
		this.#leave.push(
			() => clearInterval(timer),
			() => node.removeEventListener('connection:close', look),
			() => node.removeEventListener('transport:listening', look),
			surroundings.onWake(() => this.wake())
		);
		this.#tell();
		look();
	}

	stop(): void {
		for (const leave of this.#leave.splice(0)) leave();
	}

	get status(): RelayStatus {
		const relays = this.#kept.map((kept) => ({
			url: kept.url,
			isConnected: this.#isReserved(kept)
		}));
		if (relays.some(({ isConnected }) => isConnected)) return { state: 'relay', relays };
		const isLost = this.#kept.every(({ failures }) => failures >= OFFLINE_AFTER);
		const isOffline = !this.#ports.surroundings.isOnline() || isLost;
		return { state: isOffline ? 'offline' : 'waiting', relays };
	}

	/** Something may have changed: asks each relay whether it is still there, and tries at once. */
	wake(): void {
		for (const kept of this.#kept) {
			kept.tryAt = 0;
			void this.#prod(kept);
		}
	}

	#tick(): void {
		const now = this.#ports.now();
		const hasSlept = now - this.#lookedAt > LOOK_MS + SLEPT_MS;
		this.#lookedAt = now;
		if (hasSlept) this.wake();
		else this.#lookAtAll();
	}

	#lookAtAll(): void {
		for (const kept of this.#kept) void this.#look(kept);
		this.#tell();
	}

	/** A socket that died while we slept looks open until somebody asks. */
	async #prod(kept: Kept): Promise<void> {
		const connection = this.#connectionTo(kept);
		if (connection !== undefined) {
			const signal = AbortSignal.timeout(PING_MS);
			try {
				await this.#ports.node.services.ping.ping(connection.remotePeer, { signal });
			} catch {
				connection.abort(new Error('no answer after waking')); // it is dialled anew below
			}
		}
		await this.#look(kept);
	}

	async #look(kept: Kept): Promise<void> {
		if (kept.isBusy || this.#leave.length === 0) return;
		kept.isBusy = true;
		try {
			await this.#keep(kept);
		} catch {
			this.#fail(kept); // no network, no office, no relay: all the same, and tried again
		} finally {
			kept.isBusy = false;
			this.#tell();
		}
	}

	async #keep(kept: Kept): Promise<void> {
		const now = this.#ports.now();
		if (this.#isReserved(kept)) {
			kept.failures = 0;
			kept.bareSince = null;
			return;
		}
		const connection = this.#connectionTo(kept);
		if (connection === undefined) {
			kept.bareSince = null;
			if (now >= kept.tryAt) await this.#dial(kept);
		} else if (kept.bareSince === null) {
			kept.bareSince = now;
			await this.#ports.node.services.identify.identify(connection);
		} else if (now - kept.bareSince > RESERVE_MS) {
			kept.bareSince = null;
			connection.abort(new Error('no reservation'));
			this.#fail(kept);
		}
	}

	/** A relay that is identified is asked for a reservation by the circuit transport. */
	async #dial(kept: Kept): Promise<void> {
		const { node, door, book } = this.#ports;
		const signal = AbortSignal.timeout(DIAL_MS);
		kept.relay = await book.find(kept.url, { signal });
		door.addRelay(kept.relay.peer);
		const connection = await node.dial([...kept.relay.addresses], { signal });
		kept.bareSince = this.#ports.now();
		await node.services.identify.identify(connection);
	}

	#fail(kept: Kept): void {
		const { now, jitter, book } = this.#ports;
		book.forget(kept.url);
		const wait = Math.min(FIRST_WAIT_MS * 2 ** kept.failures, LONGEST_WAIT_MS);
		kept.failures++;
		kept.tryAt = now() + wait * (0.5 + jitter());
	}

	#isReserved({ relay }: Kept): boolean {
		if (relay === null) return false;
		const through = `/p2p/${relay.peer}/p2p-circuit`;
		const addresses: readonly Multiaddr[] = this.#ports.node.getMultiaddrs();
		return addresses.some((address) => address.toString().includes(through));
	}

	#connectionTo({ relay }: Kept) {
		const connections = this.#ports.node.getConnections();
		return connections.find(
			({ remotePeer, status }) => remotePeer.toString() === relay?.peer && status === 'open'
		);
	}

	#tell(): void {
		const { status } = this;
		const said = JSON.stringify(status);
		if (said === this.#told) return;
		this.#told = said;
		this.#ports.onStatus(status);
	}
}
