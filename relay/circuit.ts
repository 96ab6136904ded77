/**
 * The circuit relay: introduces browsers to each other and carries what cannot go directly. It calls
 * nobody, joins no DHT, knows no bootstrap list.
 */

import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2';
import { identify, type Identify } from '@libp2p/identify';
import type { Connection, Libp2p, PeerId, PrivateKey } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping, type Ping } from '@libp2p/ping';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { sharedWebSockets, type Upgrades } from './websocket.ts';

/** A browser that is still there renews in time; one that left is freed at once (see below). */
const RESERVATION_MS = 2 * 60 * 60 * 1000;
/** Handshakes under way at one time; each costs a few ms of ours and ends after 10 s. */
const PENDING_CONNECTIONS = 200;
/** How long an older connection of the same browser may take to show that it lives. */
const PROBE_MS = 2000;
const PING_PROTOCOL = '/ipfs/ping/1.0.0';
/** Each relayed connection is one stream; a browser rarely has more than a few dozen. */
const STREAMS_PER_PEER = 256;

export interface Circuit {
	/** Our peer id: the office's name. */
	readonly peerName: string;
	readonly connections: number;
	readonly reservations: number;
	stop(): Promise<void>;
}

type Services = { relay: CircuitRelayService; identify: Identify; ping: Ping };

export async function startCircuit(options: {
	readonly upgrades: Upgrades;
	readonly privateKey: PrivateKey;
	/** Multiaddrs under which browsers reach us, without peer id. */
	readonly addresses: readonly string[];
	readonly reservations: number;
}): Promise<Circuit> {
	const node = await createLibp2p<Services>({
		privateKey: options.privateKey,
		addresses: { listen: [...options.addresses], announce: [...options.addresses] },
		transports: [sharedWebSockets(options.upgrades)],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: () => true },
		connectionManager: {
			maxConnections: 2 * options.reservations,
			maxIncomingPendingConnections: PENDING_CONNECTIONS,
			// Counted by us, before the upgrade: behind a proxy libp2p sees one address for all.
			inboundConnectionThreshold: Infinity
		},
		services: {
			identify: identify(),
			ping: ping(),
			relay: circuitRelayServer({
				maxInboundHopStreams: STREAMS_PER_PEER,
				maxOutboundStopStreams: STREAMS_PER_PEER,
				reservations: {
					maxReservations: options.reservations,
					reservationTtl: RESERVATION_MS,
					// Relayed connections are the way for browsers without WebRTC: no cap on bytes or time.
					applyDefaultLimit: false
				}
			})
		}
	});
	node.addEventListener('connection:open', ({ detail }) => probeOlder(node, detail));
	node.addEventListener('peer:disconnect', ({ detail }) => forget(node, detail));
	return {
		peerName: node.peerId.toString(),
		get connections() {
			return node.getConnections().length;
		},
		get reservations() {
			return node.services.relay.reservations.size;
		},
		stop: async () => node.stop()
	};
}

/**
 * A browser that slept or changed its network comes back while its old connection is not known to
 * be dead. The circuit would be offered to the old one, so it must answer now or go.
 */
function probeOlder(node: Libp2p<Services>, newest: Connection): void {
	for (const older of node.getConnections(newest.remotePeer)) {
		if (older.id === newest.id) continue;
		older.newStream(PING_PROTOCOL, { signal: AbortSignal.timeout(PROBE_MS) }).then(
			(stream) => stream.abort(new Error('only a probe')),
			(error: unknown) => {
				// To say that it does not know the protocol is an answer, too.
				const isAlive = error instanceof Error && error.name === 'UnsupportedProtocolError';
				if (!isAlive) older.abort(new Error('it does not answer'));
			}
		);
	}
}

/** js-libp2p keeps reservations and addresses of the departed (js-libp2p #2833). */
function forget(node: Libp2p<Services>, peer: PeerId): void {
	const { reservations } = node.services.relay;
	const reservation = reservations.get(peer);
	// Else the old timer would end the reservation that the same peer makes when it comes back.
	reservation?.signal.clear();
	reservations.delete(peer);
	// What cannot be deleted from memory was not there.
	node.peerStore.delete(peer).catch(() => undefined);
}
