/**
 * The libp2p and Helia node of one identity, in the leader page. It dials relays and what they lead
 * to, answers nobody who has not proved itself (door.ts), and asks no third party for anything.
 */

// Before everything that may load @libp2p/webrtc.
import './peer-connection.ts';
import { withBitswap } from '@helia/bitswap';
import { withLibp2pLight, type HeliaWithLibp2p } from '@helia/libp2p';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import { identify, identifyPush, type Identify, type IdentifyPush } from '@libp2p/identify';
import { FaultTolerance, type Libp2p, type Startable } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping, type Ping } from '@libp2p/ping';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { createHeliaLight, type HeliaInit } from 'helia';
import type { Libp2pOptions } from 'libp2p';
import { concat } from '../wire/bytes.ts';
import type { PeerName } from '../wire/ids.ts';
import { Door } from './door.ts';
import { noiseCrypto } from './noise-keys.ts';
import { publicKeyOf } from './peer-name.ts';
import { mayDial, type Place } from './reachable.ts';

/** Contacts are 32 at most (post/reach.ts), each by relay and directly, and their relays. */
const MOST_CONNECTIONS = 128;
const CALLERS_PER_SECOND = 64;
const SLOW_PING_MS = 20_000;
const ADDRESS_MS = 15_000;

export interface PeerServices extends Record<string, unknown> {
	readonly identify: Identify;
	readonly identifyPush: IdentifyPush;
	readonly ping: Ping;
	readonly breath: Startable;
}

export type PeerNode = Libp2p<PeerServices>;

export interface Peer {
	readonly node: PeerNode;
	readonly door: Door;
	/** Its blockstore is the public part: what bitswap gives to every proved peer. */
	readonly helia: HeliaWithLibp2p<PeerServices>;
	/** Can this browser connect directly? */
	readonly isDirectPossible: boolean;
	stop(): Promise<void>;
}

export interface PeerOptions {
	/** 32 bytes, Ed25519: the peer id stays the same over reloads. */
	readonly seed: Uint8Array;
	/** Of that seed. */
	readonly name: PeerName;
	/** Relays to be reachable through. */
	readonly relays: number;
	/** `stun:host:port` of the own relays, as they are known when a connection is made. */
	readonly stun: () => readonly string[];
	readonly place: Place;
	/** Published blocks; in memory unless given. */
	readonly blocks?: HeliaInit['blockstore'];
	/** Ends a task that has become long: what is built here takes a page several frames. */
	readonly breathe?: () => Promise<void>;
}

/** Starts without a network, too. */
export async function startPeer(options: PeerOptions): Promise<Peer> {
	const isDirectPossible = hasWebRtc();
	const config = await configure(options, isDirectPossible);
	await options.breathe?.();
	const light = createHeliaLight({ blockstore: options.blocks });
	const helia = withBitswap(withLibp2pLight(light, config));
	await options.breathe?.();
	await helia.start();
	await options.breathe?.();
	const node = helia.libp2p;
	const door = new Door();
	// In time: until a relay is dialled, nobody can reach us.
	door.guard(node);
	return {
		node,
		door,
		helia,
		isDirectPossible,
		stop: async () => {
			await helia.stop();
		}
	};
}

/** WebKitGTK, Tor Browser and Node have none: they speak through relays alone. */
function hasWebRtc(): boolean {
	return 'RTCPeerConnection' in globalThis;
}

async function configure(
	{ seed, name, relays, stun, place, breathe }: PeerOptions,
	isDirectPossible: boolean
): Promise<Libp2pOptions<PeerServices>> {
	const direct = isDirectPossible ? [await directTransport(stun)] : [];
	return {
		// Seed and public key: to work that out anew, libp2p would hold up the page.
		privateKey: privateKeyFromRaw(concat(seed, publicKeyOf(name))),
		// Else the browser's own name would be told to every peer.
		nodeInfo: { name: 'defms', version: '1', userAgent: 'defms' },
		addresses: {
			// A named relay would never be asked again after a loss (js-libp2p #3601).
			listen: [...Array<string>(relays).fill('/p2p-circuit'), ...direct.map(() => '/webrtc')]
		},
		transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
		transports: [webSockets(), circuitRelayTransport(), ...direct],
		connectionEncrypters: [noise({ crypto: noiseCrypto })],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: (address) => !mayDial(address, place) },
		connectionManager: {
			maxConnections: MOST_CONNECTIONS,
			// All that come through one relay count as one host (see the default of 5).
			inboundConnectionThreshold: CALLERS_PER_SECOND,
			// Two NATs need some seconds to be crossed; the dials here bring their own limit.
			addressDialTimeout: ADDRESS_MS,
			// The supervisor and the courier dial again themselves, for longer than five times.
			reconnectRetries: 0,
			// To resolve /dnsaddr a browser would have to ask a third party.
			resolvers: {}
		},
		// A slow line that is busy with our own blocks answers late; a dead one not at all.
		connectionMonitor: { pingTimeout: { minTimeout: SLOW_PING_MS } },
		services: {
			// At connections where it is wanted, not at each one: see supervisor.ts and courier.ts.
			identify: identify({ runOnConnectionOpen: false }),
			identifyPush: identifyPush(),
			ping: ping(),
			breath: pauseBeforeStart(breathe)
		}
	};
}

/** What libp2p builds and what it starts are two tasks then: it waits for all its parts in between. */
function pauseBeforeStart(breathe: PeerOptions['breathe']): () => Startable {
	return () => ({
		beforeStart: () => breathe?.(),
		start: () => undefined,
		stop: () => undefined
	});
}

/** Loaded where it can run. Never the library's default of four public STUN servers. */
async function directTransport(stun: PeerOptions['stun']) {
	const { webRTC } = await import('@libp2p/webrtc');
	return webRTC({
		rtcConfiguration: () => ({ iceServers: stun().map((urls) => ({ urls })) })
	});
}
