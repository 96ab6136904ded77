import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolder, startProcess, temporaryFolder, type RelayProcess } from './running.ts';

/** Self-signed for localhost, made for these tests, worth nothing. */
const folder = new URL('fixture/', import.meta.url).pathname;
const ca = readFileSync(`${folder}localhost.pem`);

let relay: RelayProcess;
const data = temporaryFolder();

beforeAll(async () => {
	const files = ['--cert', `${folder}localhost.pem`, '--key', `${folder}localhost.key`];
	relay = await startProcess(data, files, get);
});

afterAll(async () => {
	await relay.end();
	removeFolder(data);
});

async function get(url: string): Promise<string> {
	const response = await open(url, {});
	let text = '';
	for await (const piece of response) text += String(piece);
	return text;
}

async function open(url: string, options: RequestOptions): Promise<IncomingMessage> {
	const asking = request(url, { ca, ...options });
	asking.end();
	const [response] = (await once(asking, 'response')) as [IncomingMessage];
	return response;
}

test('serves https, demands it for later visits, and announces a secure WebSocket', async () => {
	expect(relay.url).toMatch(/^https:/);
	const response = await open(`${relay.url}/healthz`, {});
	expect(response.headers['strict-transport-security']).toMatch(/max-age=\d+/);
	response.resume();
	const { port } = new URL(relay.url);
	expect(relay.terms.addresses[0]).toMatch(new RegExp(`^/dns/localhost/tcp/${port}/tls/ws/p2p/`));
	expect(relay.output()).toContain('--public-url');
});

test('takes WebSockets on the same port', async () => {
	const socket = new WebSocket(relay.url.replace('https', 'wss'), { ca });
	await once(socket, 'open');
	socket.close();
	await once(socket, 'close');
});
