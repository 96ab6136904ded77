/** Connections to one peer: through its post office's relay, and directly where the browser can. */

import type { Connection as Link, Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { Unreachable, type Signalled } from '../post/ports.ts';
import type { PeerName } from '../wire/ids.ts';
import { SYNC_PROTOCOL } from '../wire/sync.ts';
import { isRoomForPeerConnection } from './peer-connection.ts';
import type { Peer } from './peer.ts';
import type { Relay, RelayBook } from './relay-book.ts';

const DIAL_MS = 15_000;
const STREAM_MS = 10_000;
/** Before each try to connect directly: networks change, and a peer may come to a better one. */
const DIRECT_WAITS_MS = [0, 2_000, 30_000, 300_000, 1_800_000];
export class Dialler {
	readonly #peer: Peer;
	readonly #book: RelayBook;

	constructor(peer: Peer, book: RelayBook) {
		this.#peer = peer;
		this.#book = book;
	}

	/** `null`: the office, its relay or the peer there did not answer. */
	async throughRelay(peer: PeerName, url: string, options?: Signalled): Promise<Link | null> {
		const signal = within(DIAL_MS, options);
		const relay = await this.#findRelay(url, signal);
		if (relay === null) return null;
		this.#peer.door.addCarrier(relay.peer);
		const addresses = relay.addresses.map((one) => one.encapsulate(`/p2p-circuit/p2p/${peer}`));
		if (addresses.length === 0) return null;
		try {
			return await this.#peer.node.dial(addresses, { signal });
		} catch {
			return null; // asleep, or gone: libp2p's many errors all mean "not now"
		}
	}

	/** `never`: this peer or we cannot; `null`: not now. The relayed connection must stand. */
	async directly(peer: PeerName): Promise<Link | null | 'never'> {
		const relayed = this.#peer.node
			.getConnections()
			.find((link) => link.remotePeer.toString() === peer && !link.direct);
		if (relayed === undefined || !isRoomForPeerConnection()) return null;
		const address = relayed.remoteAddr.toString().replace('/p2p-circuit/', '/p2p-circuit/webrtc/');
		try {
			const signal = AbortSignal.timeout(DIAL_MS);
			return await this.#peer.node.dial(multiaddr(address), { signal });
		} catch (error) {
			const isDeaf = error instanceof Error && error.name === 'UnsupportedProtocolError';
			return isDeaf ? 'never' : null; // NATs that WebRTC cannot cross are a fact of life
		}
	}

	/** When to try, counted from the end of the try before; never, where the browser cannot. */
	directWaits(): readonly number[] {
		return this.#peer.isDirectPossible ? DIRECT_WAITS_MS : [];
	}

	async openStream(link: Link): Promise<Stream | null> {
		try {
			const signal = AbortSignal.timeout(STREAM_MS);
			return await link.newStream(SYNC_PROTOCOL, { signal, runOnLimitedConnection: true });
		} catch {
			return null; // the connection ended meanwhile
		}
	}

	/** Tells each other's protocols after the proof; bitswap waits for that. */
	async introduce(link: Link): Promise<void> {
		// A peer that has no time for it now can still do everything but bitswap.
		await this.#peer.node.services.identify.identify(link).catch(() => undefined);
	}

	/** Closes a connection on which no session of ours is left. */
	async hangUp(link: Link): Promise<void> {
		const isUsed = link.streams.some(
			({ protocol, status }) => protocol === SYNC_PROTOCOL && status === 'open'
		);
		if (isUsed) return;
		await link.close().catch((error: unknown) => {
			link.abort(error instanceof Error ? error : new Error('not closed'));
		});
	}

	async #findRelay(url: string, signal: AbortSignal): Promise<Relay | null> {
		try {
			return await this.#book.find(url, { signal });
		} catch (error) {
			if (error instanceof Unreachable || signal.aborted) return null;
			throw error;
		}
	}
}

function within(ms: number, { signal }: Signalled = {}): AbortSignal {
	const limit = AbortSignal.timeout(ms);
	return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}
