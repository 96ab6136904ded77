import { connect, createServer, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Libp2p, PrivateKey, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { byteStream } from '@libp2p/utils';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, beforeAll, afterAll, expect, test, vi } from 'vitest';
import { removeFolder, startProcess, temporaryFolder, type RelayProcess } from './running.ts';

const ECHO = '/defms/test/echo';

let relay: RelayProcess;
const data = temporaryFolder();
const nodes: Libp2p[] = [];

beforeAll(async () => {
	relay = await startProcess(data);
});

afterEach(async () => {
	for (const node of nodes.splice(0)) await node.stop();
});

afterAll(async () => {
	await relay.end();
	removeFolder(data);
});

async function createNode(listen: readonly string[], privateKey?: PrivateKey): Promise<Libp2p> {
	const node = await createLibp2p({
		privateKey,
		addresses: { listen: [...listen] },
		transports: [webSockets(), circuitRelayTransport()],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: () => false },
		services: { identify: identify() }
	});
	nodes.push(node);
	return node;
}

/** Speaks no protocol itself, so that none binds it to one stream at a time. */
async function createLawlessNode(): Promise<Libp2p> {
	const node = await createLibp2p({
		transports: [webSockets()],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: () => false }
	});
	nodes.push(node);
	return node;
}

function relayAddress(): string {
	const [address = ''] = relay.terms.addresses;
	return address;
}

async function listenAtRelay(key?: PrivateKey, address = relayAddress()): Promise<Libp2p> {
	const node = await createNode([`${address}/p2p-circuit`], key);
	await node.handle(ECHO, echo, { runOnLimitedConnection: true });
	await vi.waitFor(() => expect(node.getMultiaddrs().length).toBeGreaterThan(0), 5000);
	return node;
}

async function echo(stream: Stream): Promise<void> {
	for await (const piece of stream) {
		if (!stream.send(piece)) await stream.onDrain();
	}
	await stream.close();
}

async function metric(name: string): Promise<number> {
	const text = await (await fetch(`${relay.url}/metrics`)).text();
	return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

test('two peers exchange a megabyte through the relay', async () => {
	const bob = await listenAtRelay();
	const alice = await createNode([]);
	const [address] = bob.getMultiaddrs();
	expect(address?.toString()).toContain('/p2p-circuit');
	const stream = await alice.dialProtocol(multiaddr(address?.toString()), ECHO, {
		runOnLimitedConnection: true
	});
	const sent = new Uint8Array(1024 * 1024).map((_, i) => (i * 31) % 251);
	const bytes = byteStream(stream);
	const [, got] = await Promise.all([bytes.write(sent), bytes.read({ bytes: sent.length })]);
	expect(got?.subarray()).toEqual(sent);
});

test('the relayed connection has no limit of bytes or time', async () => {
	const bob = await listenAtRelay();
	const alice = await createNode([]);
	const connection = await alice.dial(multiaddr(bob.getMultiaddrs()[0]?.toString()));
	expect(connection.limits).toBeUndefined();
});

test('a reservation is freed when its peer leaves', async () => {
	const bob = await listenAtRelay();
	expect(await metric('defms_reservations')).toBe(1);
	await bob.stop();
	await vi.waitFor(async () => expect(await metric('defms_reservations')).toBe(0), 5000);
});

test('more browsers may wait than the fifteen of the default', async () => {
	const waiting = await Promise.all(Array.from({ length: 20 }, () => listenAtRelay()));
	expect(await metric('defms_reservations')).toBe(waiting.length);
});

/** A line to the relay that can go dead without a word, as a network does that is left. */
async function createLine(): Promise<{ readonly address: string; cut(): void; end(): void }> {
	const sockets: Socket[] = [];
	const line = createServer((near) => {
		const far = connect(Number(new URL(relay.url).port), '127.0.0.1');
		near.pipe(far).pipe(near);
		for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
	}).listen(0, '127.0.0.1');
	await once(line, 'listening');
	const bound = line.address();
	const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
	return {
		address: `/ip4/127.0.0.1/tcp/${port}/ws/p2p/${relay.terms.office}`,
		cut: () => sockets.forEach((socket) => socket.unpipe().pause()),
		end() {
			sockets.forEach((socket) => socket.destroy());
			line.close();
		}
	};
}

test('a browser that comes back over another network is reached there, not on its dead line', async () => {
	const key = await generateKeyPair('Ed25519');
	const line = await createLine();
	const before = await listenAtRelay(key, line.address);
	line.cut();
	const after = await listenAtRelay(key);
	expect(await metric('defms_connections')).toBe(2);
	await vi.waitFor(async () => expect(await metric('defms_connections')).toBe(1), 4000);
	const alice = await createNode([]);
	const address = multiaddr(`${relayAddress()}/p2p-circuit/p2p/${after.peerId.toString()}`);
	await alice.dialProtocol(address, ECHO, { runOnLimitedConnection: true });
	line.end();
	await before.stop();
});

/** The first words of a peer that dials, up to where it would have to prove itself. */
const MULTISTREAM = '\x13/multistream/1.0.0\n';
const NOISE = '\x07/noise\n';
const GREETINGS = ['', MULTISTREAM, `${MULTISTREAM}${NOISE}`, `${MULTISTREAM}\x03na\n`];

test('survives strangers who speak no libp2p, or begin and then do not', async () => {
	const open = async (greeting: string, size: number) => {
		const socket = new WebSocket(relay.url.replace('http', 'ws'));
		await once(socket, 'open');
		socket.send(Buffer.concat([Buffer.from(greeting, 'latin1'), randomBytes(size)]));
		socket.close();
		await once(socket, 'close');
	};
	for (const greeting of GREETINGS) {
		await Promise.all([0, 10, 100, 1000, 70_000].map((size) => open(greeting, size)));
	}
	await vi.waitFor(async () => expect(await metric('defms_connections')).toBe(0), 5000);
});

test.each(['/libp2p/circuit/relay/0.2.0/hop', '/ipfs/id/1.0.0', '/ipfs/ping/1.0.0'])(
	'survives a peer that talks nonsense in %s',
	async (protocol) => {
		const mallory = await createLawlessNode();
		const sizes = [1, 20, 1000, 40_000];
		for (const size of sizes) {
			const stream = await mallory.dialProtocol(multiaddr(relayAddress()), protocol, {
				maxOutboundStreams: sizes.length
			});
			// The relay's identify has said all and closed before we can talk.
			if (stream.writeStatus === 'writable') stream.send(Uint8Array.from(randomBytes(size)));
			await stream.close().catch(() => undefined);
		}
		const bob = await listenAtRelay();
		expect(bob.getMultiaddrs().length).toBeGreaterThan(0);
	}
);

test('relays only to who has a reservation', async () => {
	const alice = await createNode([]);
	const bob = await createNode([]);
	const address = multiaddr(`${relayAddress()}/p2p-circuit/p2p/${bob.peerId.toString()}`);
	await expect(alice.dial(address)).rejects.toThrow();
});
