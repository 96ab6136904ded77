/**
 * libp2p's WebSockets on a server that is ours already, so that app, post office and circuit relay
 * share one port. `@libp2p/websockets` always opens a port of its own, and cannot tell a fast peer
 * to wait; `ws` can, which bounds what a relayed stream may pile up here.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { transportSymbol, type Listener, type ListenerEvents } from '@libp2p/interface';
import type { ComponentLogger, Transport, Upgrader } from '@libp2p/interface';
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { setMaxListeners, TypedEventEmitter } from 'main-event';
import { WebSocketServer, type WebSocket } from 'ws';

/** Unsent bytes of one connection above which its writers wait. */
const BUFFERED_BYTES = 1024 * 1024;
/** A frame of yamux is at most 64 KiB here; a larger message is no libp2p. */
const MESSAGE_BYTES = 4 * 1024 * 1024;

export interface Upgrades {
	readonly server: Server;
	/** Where the request came from, or `null`: too many from there, turn it away. */
	admit(request: IncomingMessage): string | null;
}

export function sharedWebSockets(
	upgrades: Upgrades
): (components: { logger: ComponentLogger }) => Transport {
	return ({ logger }) => ({
		[transportSymbol]: true,
		[Symbol.toStringTag]: '@defms/shared-websockets',
		createListener: ({ upgrader }) => new SharedListener(upgrades, upgrader, logger),
		dial: () => Promise.reject(new Error('the relay calls nobody')),
		listenFilter: (addresses) => addresses,
		dialFilter: () => []
	});
}

class SharedListener extends TypedEventEmitter<ListenerEvents> implements Listener {
	readonly #upgrades: Upgrades;
	readonly #upgrader: Upgrader;
	readonly #logger: ComponentLogger;
	readonly #sockets = new WebSocketServer({
		noServer: true,
		maxPayload: MESSAGE_BYTES,
		perMessageDeflate: false
	});
	readonly #closing = new AbortController();
	#address: Multiaddr | null = null;

	constructor(upgrades: Upgrades, upgrader: Upgrader, logger: ComponentLogger) {
		super();
		this.#upgrades = upgrades;
		this.#upgrader = upgrader;
		this.#logger = logger;
		setMaxListeners(Infinity, this.#closing.signal);
	}

	async listen(address: Multiaddr): Promise<void> {
		this.#address = address;
		this.#upgrades.server.on('upgrade', this.#onUpgrade);
		this.safeDispatchEvent('listening');
	}

	getAddrs(): Multiaddr[] {
		return this.#address === null ? [] : [this.#address];
	}

	updateAnnounceAddrs(): void {
		// Our addresses depend on nothing that changes at run time.
	}

	async close(): Promise<void> {
		this.#upgrades.server.off('upgrade', this.#onUpgrade);
		this.#closing.abort();
		for (const socket of this.#sockets.clients) socket.terminate();
		this.#sockets.close();
		this.#address = null;
		this.safeDispatchEvent('close');
	}

	readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		const origin = this.#upgrades.admit(request);
		// An error here is the peer's broken connection; the socket is gone with it.
		socket.on('error', () => socket.destroy());
		if (origin === null) {
			socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\n\r\n');
			return;
		}
		this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#accept(opened, origin));
	};

	#accept(socket: WebSocket, origin: string): void {
		const log = this.#logger.forComponent('defms:websocket');
		const connection = new SocketConnection(socket, origin, log);
		this.#upgrader
			.upgradeInbound(connection, { signal: this.#closing.signal })
			// A stranger that does not finish the handshake costs us nothing but this socket.
			.catch(() => socket.terminate());
	}
}

class SocketConnection extends AbstractMultiaddrConnection {
	readonly #socket: WebSocket;

	constructor(socket: WebSocket, origin: string, log: ReturnType<ComponentLogger['forComponent']>) {
		super({ direction: 'inbound', remoteAddr: toMultiaddr(origin), log });
		this.#socket = socket;
		socket.binaryType = 'nodebuffer';
		socket.on('message', (data) => {
			if (Buffer.isBuffer(data)) this.onData(new Uint8Array(data));
		});
		socket.on('close', (code) => {
			const isAbnormal = code === 1006 && this.status === 'open';
			if (isAbnormal) this.onRemoteReset();
			else this.onTransportClosed();
		});
		// ws closes the socket after each error; the close handler does the rest.
		socket.on('error', () => socket.terminate());
	}

	override sendData(data: Iterable<Uint8Array> & { readonly byteLength: number }): SendResult {
		for (const piece of data) this.#socket.send(piece, this.#onSent);
		return {
			sentBytes: data.byteLength,
			canSendMore: this.#socket.bufferedAmount < BUFFERED_BYTES
		};
	}

	readonly #onSent = (): void => {
		const isFree = this.writableNeedsDrain && this.#socket.bufferedAmount < BUFFERED_BYTES / 2;
		if (isFree) this.safeDispatchEvent('drain');
	};

	override sendReset(): void {
		this.#socket.terminate();
	}

	override async sendClose(): Promise<void> {
		this.#socket.close();
	}

	override sendPause(): void {
		this.#socket.pause();
	}

	override sendResume(): void {
		this.#socket.resume();
	}
}

/** @param origin an IPv4 or IPv6 address */
function toMultiaddr(origin: string): Multiaddr {
	const family = origin.includes(':') ? 'ip6' : 'ip4';
	return multiaddr(`/${family}/${origin}/tcp/0/ws`);
}
