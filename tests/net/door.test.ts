/** What a node tells peers that have not proved themselves: nothing, and not for long. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { SYNC_PROTOCOL } from '../../src/lib/wire/sync.ts';
import type { Terms } from '../../src/lib/wire/office.ts';
import { createRelay, type Relay } from '../e2e/support/relay.ts';
import { createMate, type Mate } from './support/mate.ts';

/** Real processes on a machine that others use, too. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let relay: Relay;
let bob: Mate;
let mallory: Libp2p;
let address: string;

beforeAll(async () => {
	relay = await createRelay();
	await relay.start();
	const answer = await fetch(`${relay.url}/.well-known/defms.json`);
	const { addresses } = (await answer.json()) as Terms;
	bob = await createMate(2, [relay.url]);
	await bob.becomes('relay');
	address = `${addresses[0] ?? ''}/p2p-circuit/p2p/${bob.peer}`;
	mallory = await createLibp2p({
		transports: [webSockets(), circuitRelayTransport()],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		services: {
			identify: identify({ runOnConnectionOpen: false, timeout: 2000 }),
			ping: ping({ timeout: 2000 })
		}
	});
});
afterAll(async () => {
	await mallory.stop();
	await bob.net.stop();
	await relay.dispose();
});

const PROTOCOLS = [
	'/ipfs/id/1.0.0',
	'/ipfs/id/push/1.0.0',
	'/ipfs/ping/1.0.0',
	'/ipfs/bitswap/1.2.0',
	'/libp2p/circuit/relay/0.2.0/stop'
];

/** What comes back on a stream of this protocol before it ends, beyond its negotiation. */
async function hear(connection: Connection, protocol: string): Promise<number> {
	const stream = await connection.newStream(protocol, { runOnLimitedConnection: true });
	let size = 0;
	stream.addEventListener('message', ({ data }) => (size += data.byteLength));
	stream.send(new Uint8Array(32));
	await new Promise((resolve) => stream.addEventListener('close', resolve));
	return size;
}

it('hears a stranger in no protocol, and sends it away in time', async () => {
	const connection = await mallory.dial(multiaddr(address));
	const begin = Date.now();
	const closed = new Promise((resolve) => connection.addEventListener('close', resolve));
	const heard = await Promise.all(PROTOCOLS.map(async (protocol) => hear(connection, protocol)));
	expect(heard).toEqual(PROTOCOLS.map(() => 0));
	await closed;
	expect(Date.now() - begin).toBeLessThan(LIMITS.proofMs + 3000);
});

it('sends one away at once that fails the proof', async () => {
	const connection = await mallory.dial(multiaddr(address));
	const closed = new Promise((resolve) => connection.addEventListener('close', resolve));
	const stream = await connection.newStream(SYNC_PROTOCOL, { runOnLimitedConnection: true });
	const begin = Date.now();
	stream.send(new Uint8Array(100));
	await closed;
	expect(Date.now() - begin).toBeLessThan(2000);
	expect(bob.replica.counted).not.toEqual([]);
});

it('answers a mate in each of them, each time once', async () => {
	const alice = await createMate(1, [relay.url]);
	alice.replica.meets(bob.replica);
	bob.replica.meets(alice.replica);
	await alice.becomes('relay');
	await alice.net.courier.reach(bob.target);
	const bytes = new TextEncoder().encode('a face');
	const cid = await bob.net.helia.blockstore.put(cidOfRaw(bytes), bytes);
	const signal = AbortSignal.timeout(10_000);
	const parts: Uint8Array[] = [];
	for await (const part of alice.net.helia.blockstore.get(cid, { signal })) parts.push(part);
	expect(Buffer.concat(parts).toString()).toBe('a face');
	const { libp2p } = alice.net.helia;
	const [peer] = libp2p.getPeers().filter((one) => one.toString() === bob.peer);
	if (peer === undefined) throw new Error('not connected');
	for (let i = 0; i < 3; i++) {
		expect(await libp2p.services.ping.ping(peer)).toBeGreaterThanOrEqual(0);
		const [link] = libp2p.getConnections(peer);
		if (link === undefined) throw new Error('not connected');
		expect((await libp2p.services.identify.identify(link)).agentVersion).toBe('defms');
	}
	await alice.net.stop();
});
