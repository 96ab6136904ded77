/** One person of `files.ts`: the app's own desk, storage, recipient and node; and a bare data channel. */
import { befriend, createPerson, saveDrafts } from '../ours/person.ts';
import { startNet, type Net } from '../../src/lib/net/start.ts';
import { fetchFile } from '../../src/lib/post/fetching.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { holdersOf } from '../../src/lib/post/holders.ts';
import { listBlocks } from '../../src/lib/post/manifest.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { send } from '../../src/lib/post/send.ts';
import { parseAddress, type Address, type PeerName } from '../../src/lib/wire/ids.ts';

const MIB = 1024 * 1024;
/** What one message of a channel carries: the largest that all browsers take. */
const PIECE_BYTES = 65_536;
const FULL_BYTES = 2 * MIB;

let person: Awaited<ReturnType<typeof createPerson>>;
let net: Net;
let peer: RTCPeerConnection;
let channel: RTCDataChannel;
let received = 0;
let onReceived = (): void => undefined;

async function* content(mib: number): AsyncGenerator<Uint8Array> {
	const piece = new Uint8Array(MIB);
	for (let at = 0; at < mib; at++) {
		new DataView(piece.buffer).setUint32(0, at);
		yield piece;
	}
}

const api = {
	async create(name: string, office: string): Promise<number[]> {
		person = await createPerson(name, office);
		return [...person.account.bundle];
	},
	told: () => ({ address: person.account.record.address, peer: person.account.record.peer }),
	befriend: (bundle: readonly number[]): Promise<Address> =>
		befriend(person, Uint8Array.from(bundle)),
	/** A message with a file of this size; its id. */
	async write(to: string, mib: number): Promise<string> {
		const { desk, account } = person;
		const { key, manifest, sha256, size } = await sealFile(desk, desk.blocks, content(mib));
		const [draft] = await saveDrafts(person, ['The file.'], { kind: 'new', to: [to] });
		if (draft === undefined) throw new Error('no draft');
		const sealed = { key, manifest, sha256 };
		const file = { id: 'file', name: 'file.bin', type: 'application/octet-stream', size, sealed };
		const sent = await send(desk, account, { ...draft, files: [file] });
		if (!sent.ok) throw new Error(`not written: ${sent.problem.kind}`);
		return sent.threadId;
	},
	/** The node; resolves when it is to be reached through its relay. */
	async start(): Promise<void> {
		const { desk, account } = person;
		const hooks = { onReceived: () => undefined, onConnections: () => undefined };
		const { peerSeed, peer: name, office } = account.record;
		net = await startNet({
			ground: desk,
			account: { root: account.root, peerSeed, peer: name, auth: account.auth },
			offices: desk.offices,
			relays: [office],
			recipient: createRecipient(desk, account, hooks),
			onRefused: (reason) => console.error(`refused: ${reason}`),
			witness: () => undefined,
			onFailure: (cause) => reportError(cause)
		});
		if (net.status.state === 'relay') return;
		await new Promise<void>((resolve) => {
			const leave = net.subscribe(({ state }) => {
				if (state !== 'relay') return;
				leave();
				resolve();
			});
		});
	},
	/** Connects directly. */
	async reach(address: string, name: PeerName, office: string): Promise<void> {
		const target = parseAddress(address);
		if (target === null) throw new Error('no address');
		await net.courier.reach({ address: target, peers: [name], offices: [office] });
		while (net.courier.connections[0]?.path !== 'direct') {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	},
	/** Gives new entries to whoever is connected: as the app does when something was written. */
	async push(to: string, thread: string): Promise<void> {
		const address = parseAddress(to);
		const records = await person.desk.store.list('outbox');
		const record = records.find((each) => each.thread === thread);
		if (address === null || record === undefined) throw new Error('nothing to push');
		const rows = await Promise.all(
			record.entries.map((id) => person.desk.store.get('entry', [record.thread, id]))
		);
		net.courier.push(
			address,
			rows.flatMap((row) =>
				row === null ? [] : [{ header: row.header, body: row.body, wraps: row.wraps }]
			)
		);
	},
	/** MiB/s from the first question until all is stored; what was here of it is removed before. */
	async fetch(thread: string): Promise<number> {
		const { desk } = person;
		const message = await messageOf(thread);
		const [file] = message.mail.attachments;
		if (file === undefined) throw new Error('no file');
		const before = await listBlocks((id) => desk.blocks.get(id), file);
		await desk.blocks.remove([...before.chunks, ...before.nodes]);
		const holders = await holdersOf(desk, net.courier, message, []);
		const begin = performance.now();
		await fetchFile(desk.blocks, file, holders);
		return file.size / MIB / ((performance.now() - begin) / 1000);
	},
	async offer(): Promise<string> {
		peer = new RTCPeerConnection();
		channel = peer.createDataChannel('raw');
		await peer.setLocalDescription();
		return gathered();
	},
	async answer(sdp: string): Promise<string> {
		peer = new RTCPeerConnection();
		peer.ondatachannel = ({ channel: theirs }) => {
			theirs.binaryType = 'arraybuffer';
			theirs.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
				received += data.byteLength;
				onReceived();
			};
		};
		await peer.setRemoteDescription({ type: 'offer', sdp });
		await peer.setLocalDescription();
		return gathered();
	},
	async accept(sdp: string): Promise<void> {
		const opened = new Promise((resolve) => (channel.onopen = resolve));
		await peer.setRemoteDescription({ type: 'answer', sdp });
		await opened;
	},
	async sendRaw(mib: number): Promise<void> {
		const piece = new Uint8Array(PIECE_BYTES);
		channel.bufferedAmountLowThreshold = FULL_BYTES / 2;
		for (let at = 0; at < mib * MIB; at += PIECE_BYTES) {
			if (channel.bufferedAmount > FULL_BYTES) {
				await new Promise((resolve) => (channel.onbufferedamountlow = resolve));
			}
			channel.send(piece);
		}
	},
	/** MiB/s from now until so much has come. */
	async receiveRaw(mib: number): Promise<number> {
		received = 0;
		const begin = performance.now();
		await new Promise<void>((resolve) => {
			onReceived = () => {
				if (received >= mib * MIB) resolve();
			};
		});
		return mib / ((performance.now() - begin) / 1000);
	}
};

async function messageOf(thread: string) {
	for (;;) {
		const messages = await person.desk.store.list('message');
		const message = messages.find((each) => each.thread === thread);
		if (message !== undefined) return message;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function gathered(): Promise<string> {
	await new Promise<void>((resolve) => {
		peer.onicecandidate = ({ candidate }) => candidate ?? resolve();
	});
	return peer.localDescription?.sdp ?? '';
}

Object.assign(globalThis, { api });
