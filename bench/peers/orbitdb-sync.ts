/** One person of `sync.ts` with OrbitDB 4: Helia and storage as in `orbitdb-append.ts`, over WebRTC. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { gossipsub } from '@libp2p/gossipsub';
import { bitswap } from '@helia/block-brokers';
import { libp2pRouting } from '@helia/routers';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { webRTC } from '@libp2p/webrtc';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createOrbitDB } from '@orbitdb/core';
import { LevelBlockstore } from 'blockstore-level';
import { createHelia } from 'helia';
import { createLibp2p } from 'libp2p';
import { textOf } from '../harness/text.ts';

const TEXT_BYTES = 1_000;

const libp2p = await createLibp2p({
	addresses: { listen: ['/p2p-circuit', '/webrtc'] },
	transports: [
		webSockets(),
		circuitRelayTransport(),
		webRTC({ rtcConfiguration: { iceServers: [] } })
	],
	connectionEncrypters: [noise()],
	streamMuxers: [yamux()],
	connectionGater: { denyDialMultiaddr: () => false },
	services: { identify: identify(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) }
});
// Bitswap alone: Helia's defaults also ask public gateways, which this bench must not depend on.
const ipfs = await createHelia({
	libp2p,
	blockstore: new LevelBlockstore('orbitdb-blocks'),
	blockBrokers: [bitswap()],
	routers: [libp2pRouting(libp2p)]
});
const orbitdb = await createOrbitDB({ ipfs });
let database;
const button = document.body.appendChild(document.createElement('button'));
button.textContent = 'Add';
let pressed = 0;

const api = {
	/** Resolves with its peer id when it is to be reached through the relay. */
	async start(relay: string): Promise<string> {
		const reserved = new Promise<void>((resolve) => {
			libp2p.addEventListener('self:peer:update', () => {
				if (isReserved()) resolve();
			});
		});
		await libp2p.dial(multiaddr(relay));
		if (!isReserved()) await reserved;
		return libp2p.peerId.toString();
	},
	/** A database of so many entries of 1 KB; its address. */
	async fill(entries: number): Promise<string> {
		database = await orbitdb.open(`sync-${crypto.randomUUID()}`, { type: 'events' });
		for (let i = 0; i < entries; i++) await database.add(textOf(i, TEXT_BYTES));
		return String(database.address);
	},
	/** The next press of the button adds an entry of this text. */
	arm(text: string): void {
		button.onclick = () => {
			pressed = performance.timeOrigin + performance.now();
			void database.add(text);
		};
	},
	/** ms of the epoch. */
	pressedAt: () => pressed,
	/** When the next update event comes, ms of the epoch. */
	update: () =>
		new Promise<number>((resolve) => {
			database.events.once('update', () => resolve(performance.timeOrigin + performance.now()));
		}),
	async forget(): Promise<void> {
		await database?.close();
		await Promise.all(
			libp2p
				.getConnections()
				.filter(isPeer)
				.map((link) => link.close())
		);
	},
	/** ms from the first dial until the writer's head is joined, which is when all behind it has come. */
	async sync(peer: string, address: string, entries: number): Promise<number> {
		const begin = performance.now();
		await libp2p.dial(multiaddr(peer));
		database = await orbitdb.open(address);
		const heads = await database.log.heads();
		if (heads.length === 0) {
			await new Promise((resolve) => database.events.on('update', resolve));
		}
		const ms = performance.now() - begin;
		const all = await database.all();
		if (all.length !== entries) throw new Error(`only ${all.length} entries came`);
		return ms;
	}
};

function isReserved(): boolean {
	return libp2p.getMultiaddrs().some((address) => address.toString().includes('/p2p-circuit'));
}

function isPeer(link: { readonly remoteAddr: { toString(): string } }): boolean {
	return link.remoteAddr.toString().includes('/webrtc');
}

Object.assign(globalThis, { api });
