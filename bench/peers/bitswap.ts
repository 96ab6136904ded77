/** One person of `files.ts` with Helia: UnixFS over Bitswap, blocks in IndexedDB, over WebRTC. */
import { bitswap } from '@helia/block-brokers';
import { libp2pRouting } from '@helia/routers';
import { unixfs } from '@helia/unixfs';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { webRTC } from '@libp2p/webrtc';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { LevelBlockstore } from 'blockstore-level';
import { createHelia } from 'helia';
import { createLibp2p } from 'libp2p';

const MIB = 1024 * 1024;
/**
 * Bitswap answers all that is wanted at one time in one message, which by default it gives up after ten
 * seconds, and never tells: on a busy machine 64 MiB would not come.
 */
const PATIENCE_MS = 600_000;

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
	services: { identify: identify() }
});
// Bitswap alone: Helia's defaults also ask public gateways, which this bench must not depend on.
const blocks = new LevelBlockstore('bitswap-blocks');
const helia = await createHelia({
	libp2p,
	blockstore: blocks,
	blockBrokers: [bitswap({ messageSendTimeout: PATIENCE_MS, messageReceiveTimeout: PATIENCE_MS })],
	routers: [libp2pRouting(libp2p)]
});
const fs = unixfs(helia);
let added = 0;

async function* content(mib: number): AsyncGenerator<Uint8Array> {
	added++;
	for (let at = 0; at < mib; at++) {
		const piece = new Uint8Array(MIB);
		const view = new DataView(piece.buffer);
		// No two blocks are alike, neither of one file nor of two.
		for (let block = 0; block < MIB; block += 65_536) {
			view.setUint32(block, added);
			view.setUint32(block + 4, at);
			view.setUint32(block + 8, block);
		}
		yield piece;
	}
}

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
	async dial(address: string): Promise<void> {
		await libp2p.dial(multiaddr(address));
	},
	async add(mib: number): Promise<string> {
		return (await fs.addByteStream(content(mib))).toString();
	},
	/** MiB/s from the first question until the last byte is here, and its block stored; throws after `ms`. */
	async cat(cid: string, mib: number, ms: number): Promise<number> {
		const signal = AbortSignal.timeout(ms);
		const begin = performance.now();
		let bytes = 0;
		for await (const piece of fs.cat(toPath(cid), { signal })) bytes += piece.length;
		if (bytes !== mib * MIB) throw new Error(`${String(bytes)} bytes came`);
		return mib / ((performance.now() - begin) / 1000);
	},
	/** Lets go of everything, so that the next file is measured on the same storage. */
	async forget(): Promise<void> {
		// Beneath Helia: its own list holds the lock that its own deleting waits for.
		for await (const { cid } of blocks.getAll()) await blocks.delete(cid);
	}
};

/**
 * As text, which the exporter parses: each of Helia's packages brings a copy of `CID` of its own, and ours
 * is none of them.
 */
function toPath(cid: string): Parameters<typeof fs.cat>[0] {
	return cid as unknown as Parameters<typeof fs.cat>[0];
}

function isReserved(): boolean {
	return libp2p.getMultiaddrs().some((address) => address.toString().includes('/p2p-circuit'));
}

Object.assign(globalThis, { api });
