/** The one HTTP(S) server: created with strict timeouts, bound to its port, closed cleanly. */

import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { ConfigError, type Config } from './config.ts';

/** A client must have sent its headers by then (slowloris). */
const HEADERS_MS = 10_000;
/** And its whole request: 8 MiB of blocks at 16 KiB/s, a bad mobile line, with room. */
const REQUEST_MS = 600_000;
/** Nothing moved on a connection for this long: events are told at least every 15 s. */
const SILENCE_MS = 90_000;
const KEEP_ALIVE_MS = 20_000;
const CONNECTIONS = 4000;

export class PortTakenError extends Error {}

export function createServer(config: Config, onRequest: RequestListener): Server {
	const options = {
		headersTimeout: HEADERS_MS,
		requestTimeout: REQUEST_MS,
		keepAliveTimeout: KEEP_ALIVE_MS,
		connectionsCheckingInterval: 5000,
		maxHeaderSize: 16 * 1024
	};
	const { cert, key } = config;
	const server =
		cert === undefined || key === undefined
			? createHttp(options, onRequest)
			: createHttps({ ...options, cert: readPem(cert), key: readPem(key) }, onRequest);
	server.maxConnections = CONNECTIONS;
	server.setTimeout(SILENCE_MS);
	return server;
}

/** The port it got. Throws PortTakenError with a sentence that says what to do. */
export async function listen(server: Server, { port, host }: Config): Promise<number> {
	const { promise, resolve, reject } = Promise.withResolvers<null>();
	server.once('error', reject);
	server.listen({ port, host }, () => resolve(null));
	try {
		await promise;
	} catch (error) {
		throw explain(error, port);
	}
	server.removeListener('error', reject);
	const bound = server.address();
	return bound !== null && typeof bound === 'object' ? bound.port : port;
}

/** Takes no new request, ends those that wait, resolves when the port is free. */
export async function close(server: Server): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<null>();
	server.close(() => resolve(null));
	server.closeAllConnections();
	await promise;
}

function explain(error: unknown, port: number): unknown {
	const code = error instanceof Error && 'code' in error ? error.code : '';
	if (code === 'EADDRINUSE') {
		return new PortTakenError(
			`Port ${port} is taken by another program. Stop that one, or choose another port: --port ${port + 1}`
		);
	}
	if (code === 'EACCES') {
		return new PortTakenError(
			`This account may not use port ${port}. Choose one above 1023: --port 8080`
		);
	}
	return error;
}

function readPem(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new ConfigError(`The certificate file cannot be read: ${reason}`);
	}
}
