/** The page of `throughput.ts`: sends framed blocks by a raw data channel or by a libp2p stream. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { webRTC } from '@libp2p/webrtc';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { drained } from '../../../src/lib/net/stream-pipe.ts';
import { frame, FrameReader } from '../../../src/lib/wire/frame.ts';

const PROTOCOL = '/defms/throughput';
const BLOCK_BYTES = 256 * 1024;

let node: Libp2p;
let received = 0;
let frames = 0;
let peer: RTCPeerConnection;
let channel: RTCDataChannel;

function take(reader: FrameReader, piece: Uint8Array): void {
	received += piece.length;
	const cut = reader.push(piece);
	if (!cut.ok) throw new Error(cut.reason);
	frames += cut.value.length;
}

async function start(relay: string): Promise<string> {
	node = await createLibp2p({
		addresses: { listen: ['/p2p-circuit', '/webrtc'] },
		transports: [
			webSockets(),
			circuitRelayTransport(),
			webRTC({ rtcConfiguration: { iceServers: [] } })
		],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: () => false },
		services: { identify: identify(), ping: ping() }
	});
	await node.handle(
		PROTOCOL,
		(stream: Stream) => {
			const reader = new FrameReader(512 * 1024);
			stream.addEventListener('message', ({ data }) => take(reader, data.subarray()));
		},
		{ runOnLimitedConnection: true }
	);
	await node.dial(multiaddr(relay));
	while (node.getMultiaddrs().length === 0) await new Promise((done) => setTimeout(done, 50));
	return node.peerId.toString();
}

async function dial(address: string): Promise<string> {
	const connection: Connection = await node.dial(multiaddr(address));
	return connection.remoteAddr.toString();
}

/** Sends `mib` MiB in pieces of `sendBytes`; resolves when the last is handed over. */
async function sendStream(peerId: string, mib: number, sendBytes: number): Promise<void> {
	const connection = node
		.getConnections()
		.filter((one) => one.remotePeer.toString() === peerId)
		.sort((a, b) => Number(b.direct) - Number(a.direct))[0];
	if (!connection) throw new Error('not connected');
	const stream = await connection.newStream(PROTOCOL, { runOnLimitedConnection: true });
	for (const piece of pieces(mib, sendBytes)) {
		if (!stream.send(piece)) await drained(stream);
	}
}

function* pieces(mib: number, sendBytes: number): Generator<Uint8Array<ArrayBuffer>> {
	const block = frame(new Uint8Array(BLOCK_BYTES).fill(7));
	for (let i = 0; i < mib * 4; i++) {
		for (let at = 0; at < block.length; at += sendBytes) yield block.slice(at, at + sendBytes);
	}
}

async function offer(): Promise<string> {
	peer = new RTCPeerConnection();
	channel = peer.createDataChannel('raw');
	await peer.setLocalDescription();
	await gathered();
	return peer.localDescription?.sdp ?? '';
}

async function answer(sdp: string): Promise<string> {
	peer = new RTCPeerConnection();
	peer.ondatachannel = (event) => {
		const reader = new FrameReader(512 * 1024);
		event.channel.binaryType = 'arraybuffer';
		event.channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) =>
			take(reader, new Uint8Array(data));
	};
	await peer.setRemoteDescription({ type: 'offer', sdp });
	await peer.setLocalDescription();
	await gathered();
	return peer.localDescription?.sdp ?? '';
}

async function gathered(): Promise<void> {
	await new Promise<void>((resolve) => {
		peer.onicecandidate = ({ candidate }) => candidate ?? resolve();
	});
}

async function accept(sdp: string): Promise<void> {
	const opened = new Promise((resolve) => (channel.onopen = resolve));
	await peer.setRemoteDescription({ type: 'answer', sdp });
	await opened;
}

async function sendRaw(mib: number, sendBytes: number): Promise<void> {
	const fullBytes = 2 * 1024 * 1024;
	channel.bufferedAmountLowThreshold = fullBytes / 2;
	for (const piece of pieces(mib, sendBytes)) {
		if (channel.bufferedAmount > fullBytes) {
			await new Promise((resolve) => (channel.onbufferedamountlow = resolve));
		}
		channel.send(piece);
	}
}

async function waitFor(mib: number): Promise<number> {
	const target = mib * 4;
	while (frames < target) await new Promise((done) => setTimeout(done, 5));
	return performance.now();
}

function reset(): void {
	received = 0;
	frames = 0;
}

const stats = (): { received: number; frames: number } => ({ received, frames });

Object.assign(globalThis, {
	api: { start, dial, sendStream, offer, answer, accept, sendRaw, waitFor, reset, stats },
	isReady: true
});
