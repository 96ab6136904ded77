/** Answers STUN binding requests, so that browsers need no third party to learn their address. */

import { createSocket, type RemoteInfo, type Socket, type SocketType } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { networkOf, unmap } from './origin.ts';
import { createRateLimit } from './rate.ts';
import { formatBindingResponse, parseBindingRequest } from './stun-message.ts';

/** A browser asks a few times for each of its interfaces; the sender of a datagram can be forged. */
const REQUESTS_PER_MINUTE = 240;
const MINUTE = 60_000;

export interface Stun {
	readonly port: number;
	stop(): void;
}

/** `null` where the port cannot be had: browsers then reach each other through the relay. */
export async function startStun(port: number, host: string | undefined): Promise<Stun | null> {
	const kinds: SocketType[] = host !== undefined && isIPv4(host) ? ['udp4'] : ['udp6', 'udp4'];
	for (const kind of kinds) {
		const socket = await bind(kind, port, host);
		if (socket === null) continue;
		answer(socket);
		return { port: socket.address().port, stop: () => socket.close() };
	}
	return null;
}

async function bind(
	type: SocketType,
	port: number,
	address: string | undefined
): Promise<Socket | null> {
	const socket = createSocket({ type });
	try {
		socket.bind({ port, address });
		await once(socket, 'listening');
		return socket;
	} catch {
		socket.close();
		return null; // taken, or no IPv6 here
	}
}

function answer(socket: Socket): void {
	const limit = createRateLimit(REQUESTS_PER_MINUTE, MINUTE);
	// An answer that cannot be sent is asked for again.
	socket.on('error', () => undefined);
	socket.on('message', (message, { address, port }: RemoteInfo) => {
		const transaction = parseBindingRequest(message);
		const seen = unmap(address);
		if (transaction === null || !limit.take(networkOf(seen), Date.now())) return;
		socket.send(formatBindingResponse(transaction, { address: seen, port }), port, address);
	});
}
