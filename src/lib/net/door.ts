/**
 * Who may talk to us (protocol §5): the relays that we chose, and peers that have proved themselves.
 * Everybody else may open the one protocol in which they prove themselves, and has `proofMs` for it.
 */

import type { Connection, Libp2p, StreamMiddleware } from '@libp2p/interface';
import { LIMITS } from '../wire/limits.ts';
import { isRoomForPeerConnection } from './peer-connection.ts';

type Guest =
	/** Our own relay: may announce a caller. */
	| 'relay'
	/** Somebody's relay, through which we call. */
	| 'carrier'
	| 'proved';

type Verdict = Guest | 'gone';

const SIGNALLING = '/webrtc-signaling/0.0.1';

/** Who is answered in which protocol. What does not stand here answers everybody: the proof alone. */
const WELCOME: Readonly<Record<string, readonly Guest[]>> = {
	'/ipfs/id/1.0.0': ['relay', 'carrier', 'proved'],
	'/ipfs/id/push/1.0.0': ['relay', 'carrier', 'proved'],
	'/ipfs/ping/1.0.0': ['relay', 'carrier', 'proved'],
	'/libp2p/circuit/relay/0.2.0/stop': ['relay'],
	[SIGNALLING]: ['proved'],
	'/ipfs/bitswap/1.2.0': ['proved']
};

export class Door {
	readonly #relays = new Map<string, 'relay' | 'carrier'>();
	readonly #proved = new Map<string, number>();
	readonly #waiting = new Map<string, Set<(verdict: Verdict) => void>>();

	/** Stands in the way of every protocol but the proof's. To be called before the node starts. */
	guard(node: Libp2p): void {
		for (const [protocol, welcome] of Object.entries(WELCOME)) this.#use(node, protocol, welcome);
		node.addEventListener('connection:open', ({ detail }) => void this.#expectProof(detail));
	}

	addRelay(peer: string): void {
		this.#relays.set(peer, 'relay');
		this.#tell(peer, 'relay');
	}

	addCarrier(peer: string): void {
		if (this.#relays.has(peer)) return;
		this.#relays.set(peer, 'carrier');
		this.#tell(peer, 'carrier');
	}

	/** Until the function that it gives is called, once for each session. */
	admit(peer: string): () => void {
		this.#proved.set(peer, (this.#proved.get(peer) ?? 0) + 1);
		this.#tell(peer, 'proved');
		return () => {
			const left = (this.#proved.get(peer) ?? 1) - 1;
			if (left > 0) this.#proved.set(peer, left);
			else this.#proved.delete(peer);
		};
	}

	isProved(peer: string): boolean {
		return this.#proved.has(peer);
	}

	#use(node: Libp2p, protocol: string, welcome: readonly Guest[]): void {
		const check: StreamMiddleware = async (stream, connection, next) => {
			// The connection appends the handler to the very list that is registered (libp2p 3.3.11):
			// without a fresh one, the second stream would be handled twice.
			node.use(protocol, check);
			if (stream.direction === 'inbound') {
				const verdict = await this.#verdict(connection.remotePeer.toString());
				if (!welcome.some((guest) => guest === verdict)) {
					throw new Error(`${protocol} before the proof`);
				}
				// Each offer makes a connection here, until a page has no more of them to give.
				if (protocol === SIGNALLING && !isRoomForPeerConnection()) throw new Error('no room');
			}
			next(stream, connection);
		};
		node.use(protocol, check);
	}

	/**
	 * Waits for the proof that is under way: an honest peer's first ping may overtake it, and a ping
	 * that is refused ends a connection.
	 */
	async #verdict(peer: string): Promise<Verdict> {
		const relay = this.#relays.get(peer);
		if (relay !== undefined) return relay;
		if (this.#proved.has(peer)) return 'proved';
		return new Promise((resolve) => {
			const waiting = this.#waiting.get(peer) ?? new Set();
			this.#waiting.set(peer, waiting.add(resolve));
			setTimeout(() => {
				waiting.delete(resolve);
				if (waiting.size === 0 && this.#waiting.get(peer) === waiting) this.#waiting.delete(peer);
				resolve('gone');
			}, LIMITS.proofMs);
		});
	}

	/** A stranger that says nothing is sent away, too. */
	async #expectProof(connection: Connection): Promise<void> {
		const verdict = await this.#verdict(connection.remotePeer.toString());
		if (verdict === 'gone') connection.abort(new Error('no proof in time'));
	}

	#tell(peer: string, verdict: Verdict): void {
		for (const resolve of this.#waiting.get(peer) ?? []) resolve(verdict);
		this.#waiting.delete(peer);
	}
}
