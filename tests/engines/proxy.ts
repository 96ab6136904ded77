/** A proxy on this machine that lets through what goes to one origin, and counts all else. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

export interface CountingProxy extends AsyncDisposable {
	readonly port: number;
	/** What was asked for elsewhere since the last call, by host or URL. */
	takeAsked(): string[];
}

/** Browsers ask these by themselves, whatever they show. */
const OWN_AFFAIRS =
	/(?:^|\.|\/\/)(?:[a-z0-9-]+\.)*(?:mozilla\.(?:com|net|org)|firefox\.com|google(?:apis)?\.com|gvt1\.com)(?::|\/|$)/;

/** @param origin everything below it is passed on: the page under test and its own files */
export async function startProxy(origin: string): Promise<CountingProxy> {
	let asked: string[] = [];
	const { host } = new URL(origin);
	const note = (target: string) => {
		if (!OWN_AFFAIRS.test(target)) asked.push(target);
	};
	const server = createServer((incoming, outgoing) => {
		const url = URL.parse(incoming.url ?? '');
		if (url?.host !== host) {
			note(incoming.url ?? '');
			outgoing.writeHead(404).end();
			return;
		}
		const onward = request(
			url,
			{ method: incoming.method, headers: incoming.headers },
			(answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			}
		);
		onward.on('error', () => outgoing.destroy());
		incoming.pipe(onward);
	});
	server.on('connect', ({ url = '' }, socket: Socket) => {
		note(url);
		socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: portOf(server),
		takeAsked() {
			const taken = asked;
			asked = [];
			return taken;
		},
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}

function portOf(server: Server): number {
	const address: AddressInfo | string | null = server.address();
	if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
	return address.port;
}
