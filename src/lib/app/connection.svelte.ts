import { connectionState, NOTHING_YET, pathTo } from './facts.ts';
import type { Facts } from './facts-channel.ts';
import type { Connection } from './view.ts';

/** What the leader tells, and whether the browser sees a network at all. */
export class ConnectionState implements Connection {
	#facts = $state.raw<Facts>(NOTHING_YET);
	#isOnline = $state(navigator.onLine);

	constructor() {
		const look = () => {
			this.#isOnline = navigator.onLine;
		};
		addEventListener('online', look);
		addEventListener('offline', look);
	}

	get state() {
		return connectionState(this.#facts, this.#isOnline);
	}

	get direct() {
		return this.#count('direct');
	}

	get relayed() {
		return this.#count('relay');
	}

	get obstacle() {
		return this.#facts.obstacle;
	}

	get relays() {
		return this.#facts.relays;
	}

	pathTo(address: string) {
		return pathTo(this.#facts, address);
	}

	take(facts: Facts): void {
		this.#facts = facts;
	}

	/** People, not devices. */
	#count(path: 'direct' | 'relay'): number {
		const { peers } = this.#facts;
		const people = peers.filter(
			({ address }, at) => peers.findIndex((peer) => peer.address === address) === at
		);
		return people.filter(({ address }) => pathTo(this.#facts, address) === path).length;
	}
}
