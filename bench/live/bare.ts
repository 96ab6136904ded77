/**
 * The floor of `live.ts`: a message sealed, written, sent, opened, written and painted, with no library
 * and nothing that a mail system needs besides: WebCrypto, one strict put, a data channel, one line of
 * text. Two pages play it; the channel's words go through the bench.
 */
import { epochMs, painted } from './moment.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const { subtle } = crypto;
const AES = { name: 'AES-GCM', length: 256 } as const;
const row = document.body.appendChild(document.createElement('p'));
const button = document.body.appendChild(document.createElement('button'));
button.textContent = 'Send';
const database = await openDatabase();

let aes: CryptoKey;
let signer: CryptoKey;
let verifier: CryptoKey;
let channel: RTCDataChannel;
let connection: RTCPeerConnection;
let pressed = 0;
let show: (ms: number) => void = () => undefined;

const api = {
	/** Keys for both, as the other takes them. */
	async makeKeys(): Promise<readonly number[][]> {
		const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
		if (!('privateKey' in pair)) throw new Error('no key pair');
		aes = await subtle.generateKey(AES, true, ['encrypt', 'decrypt']);
		signer = pair.privateKey;
		const raw = [await subtle.exportKey('raw', aes), await subtle.exportKey('raw', pair.publicKey)];
		return raw.map((bytes) => [...new Uint8Array(bytes)]);
	},
	async takeKeys([key = [], publicKey = []]: readonly number[][]): Promise<void> {
		aes = await subtle.importKey('raw', Uint8Array.from(key), AES, false, ['decrypt']);
		verifier = await subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', true, [
			'verify'
		]);
	},
	async offer(): Promise<string> {
		connection = new RTCPeerConnection({ iceServers: [] });
		useChannel(connection.createDataChannel('bare'));
		return describe(await connection.createOffer());
	},
	async answer(sdp: string): Promise<string> {
		connection = new RTCPeerConnection({ iceServers: [] });
		connection.addEventListener('datachannel', (event) => useChannel(event.channel));
		await connection.setRemoteDescription({ type: 'offer', sdp });
		return describe(await connection.createAnswer());
	},
	async connect(sdp: string): Promise<void> {
		const isOpen = new Promise((resolve) => channel.addEventListener('open', resolve));
		await connection.setRemoteDescription({ type: 'answer', sdp });
		await isOpen;
	},
	/** What the next press of the button sends. */
	arm(text: string): void {
		button.onclick = () => {
			pressed = epochMs();
			void send(text);
		};
	},
	/** ms of the epoch. */
	pressedAt: () => pressed,
	/** When the next text stands on the screen. */
	expect: () =>
		new Promise<number>((resolve) => {
			show = resolve;
		})
};

async function send(text: string): Promise<void> {
	const plain = Uint8Array.from(new TextEncoder().encode(text));
	const signature = new Uint8Array(await subtle.sign('Ed25519', signer, plain));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const body = Uint8Array.from([...signature, ...plain]);
	const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, body);
	const message = Uint8Array.from([...iv, ...new Uint8Array(sealed)]);
	await put(message);
	channel.send(message);
}

async function take(message: Bytes): Promise<void> {
	const iv = message.slice(0, 12);
	const plain = new Uint8Array(
		await subtle.decrypt({ name: 'AES-GCM', iv }, aes, message.slice(12))
	);
	const text = plain.slice(64);
	if (!(await subtle.verify('Ed25519', verifier, plain.slice(0, 64), text)))
		throw new Error('forged');
	await put(message);
	row.textContent = new TextDecoder().decode(text);
	show(await painted());
}

function useChannel(used: RTCDataChannel): void {
	channel = used;
	channel.binaryType = 'arraybuffer';
	channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
		void take(new Uint8Array(data));
	});
}

/** With all candidates: nobody trickles. */
async function describe(description: RTCSessionDescriptionInit): Promise<string> {
	const gathered = new Promise<void>((resolve) => {
		connection.addEventListener('icegatheringstatechange', () => {
			if (connection.iceGatheringState === 'complete') resolve();
		});
	});
	await connection.setLocalDescription(description);
	await gathered;
	return connection.localDescription?.sdp ?? '';
}

function openDatabase(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open('bare-live');
		opening.onupgradeneeded = () => opening.result.createObjectStore('s', { autoIncrement: true });
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error ?? new Error('open'));
	});
}

function put(message: Bytes): Promise<void> {
	return new Promise((resolve, reject) => {
		const transaction = database.transaction('s', 'readwrite', { durability: 'strict' });
		transaction.objectStore('s').add(message);
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new Error('abort'));
		transaction.commit();
	});
}

Object.assign(globalThis, { api });
