/** Hostile requests against the process: it refuses, counts, and goes on. */

import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { encodeObject, refusalDecoder, termsSchema } from '../../src/lib/wire/office.ts';
import { isRefusal } from '../../src/lib/wire/refusal.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import * as v from 'valibot';
import { BOUNDS } from '../../relay/office/bounds.ts';
import { ROUTES } from '../../relay/routes.ts';
import { removeFolder, startProcess, temporaryFolder, type RelayProcess } from './running.ts';

let relay: RelayProcess;
const data = temporaryFolder();

beforeAll(async () => {
	relay = await startProcess(data, ['--log', 'debug', '--trust-proxy']);
});

afterAll(async () => {
	await relay.end();
	removeFolder(data);
});

let networks = 0;
/** Each request from a network of its own, so that no rate limit hides what is tested. */
const fromElsewhere = () => ({
	'x-forwarded-for': `9.${(networks >> 8) & 255}.${networks++ & 255}.1`
});

async function reasonOf(response: Response): Promise<string> {
	const refusal = refusalDecoder.decode(new Uint8Array(await response.arrayBuffer()));
	return refusal.ok ? refusal.value.reason : '';
}

test('announces terms that are terms', async () => {
	const response = await fetch(`${relay.url}/.well-known/defms.json`);
	expect(response.headers.get('access-control-allow-origin')).toBe('*');
	const terms = v.parse(termsSchema, await response.json());
	const { port } = new URL(relay.url);
	expect(terms.addresses).toEqual([`/dns/localhost/tcp/${port}/ws/p2p/${terms.office}`]);
	expect(terms.stun).toEqual([`stun:localhost:${port}`]);
	expect(terms).toMatchObject({ accounts: BOUNDS.accounts, totalBytes: BOUNDS.totalBytes });
});

test('lets any page ask, with its proof in a header, and says so once a day', async () => {
	const response = await fetch(`${relay.url}/v1/blocks`, {
		method: 'OPTIONS',
		headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' }
	});
	expect(response.status).toBe(204);
	expect(response.headers.get('access-control-allow-origin')).toBe('*');
	expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
	expect(response.headers.get('access-control-max-age')).toBe('86400');
	const refused = await fetch(`${relay.url}/v1/blocks`, { method: 'POST' });
	expect(refused.headers.get('access-control-allow-origin')).toBe('*');
	expect(refused.headers.get('access-control-expose-headers')).toContain('date');
});

const requests = fc.record({
	route: fc.constantFrom(...ROUTES),
	name: fc.constantFrom('x', '%00', 'k51', '0'.repeat(64), 'a'.repeat(300), '..', '%2f', '😀'),
	query: fc.constantFrom('', '?once=1', '?since=%ff', '?'),
	body: fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.constantFrom('cids', 'drop', 'done', 'slots', 'bundle').map((t) => encodeObject(t, {}))
	),
	authorization: fc.constantFrom(
		'',
		'DEFMS1 ',
		'DEFMS1 AAAA',
		`DEFMS1 ${'A'.repeat(3000)}`,
		'Basic x'
	)
});

test('answers anything with an outcome of its own, never with a failure', async () => {
	await fc.assert(
		fc.asyncProperty(requests, async ({ route, name, query, body, authorization }) => {
			const path = route.path.replace('*', name);
			const isGet = route.method === 'GET';
			const response = await fetch(`${relay.url}${path}${query}`, {
				method: route.method,
				headers: { ...fromElsewhere(), ...(authorization === '' ? {} : { authorization }) },
				body: isGet ? undefined : Uint8Array.from(body)
			});
			expect(response.status).toBeLessThan(500);
			if (response.status >= 400) expect(isRefusal(await reasonOf(response))).toBe(true);
		}),
		{ numRuns: 500 }
	);
});

test('unknown paths and methods are refused with a reason', async () => {
	const ask = async (path: string, method: string) =>
		reasonOf(await fetch(`${relay.url}${path}`, { method, headers: fromElsewhere() }));
	expect(await ask('/v1/', 'GET')).toBe('not-found');
	expect(await ask('/v1/blocks/../x', 'POST')).toBe('not-found');
	expect(await ask('/v1/blocks', 'DELETE')).toBe('not-allowed');
	expect(await ask('/v1/slots/a/b', 'POST')).toBe('not-found');
});

test('a body that is too large is refused with its reason, announced or not', async () => {
	const body = new Uint8Array(LIMITS.bundleBytes + 1);
	const address = `k51${'a'.repeat(59)}`;
	const put = async (content: BodyInit, more = {}) =>
		reasonOf(
			await fetch(`${relay.url}/v1/cards/${address}`, {
				method: 'PUT',
				headers: fromElsewhere(),
				body: content,
				...more
			})
		);
	expect(await put(body)).toBe('too-large');
	const stream = new ReadableStream({
		start(controller) {
			for (let i = 0; i < 100; i++) controller.enqueue(body);
			controller.close();
		}
	});
	expect(await put(stream, { duplex: 'half' })).toBe('too-large');
});

test('a device that is not enrolled hears so, however much it sends', async () => {
	const body = new Uint8Array(LIMITS.blocksRequestBytes);
	const auth = { root: new Uint8Array(32), device: new Uint8Array(32), time: Date.now() };
	const signed = encodeObject('auth', {
		...auth,
		nonce: new Uint8Array(16),
		sig: new Uint8Array(64)
	});
	const authorization = `DEFMS1 ${Buffer.from(signed).toString('base64url')}`;
	const headers = { ...fromElsewhere(), authorization };
	const response = await fetch(`${relay.url}/v1/blocks`, { method: 'POST', headers, body });
	expect(response.status).toBe(401);
	expect(await reasonOf(response)).toBe('not-enrolled');
});

test('holds back who asks too much, and nobody else', async () => {
	const { 'x-forwarded-for': from } = fromElsewhere();
	const drop = async (headers: Record<string, string>) => {
		const fields = { knock: randomBytes(32), sealed: randomBytes(LIMITS.noticeBytes) };
		const body = encodeObject('drop', {
			knock: Uint8Array.from(fields.knock),
			sealed: Uint8Array.from(fields.sealed)
		});
		const path = `/v1/slots/${toHex(new Uint8Array(32))}`;
		return reasonOf(await fetch(`${relay.url}${path}`, { method: 'POST', headers, body }));
	};
	for (let i = 0; i < LIMITS.noticesPerMinute; i++) {
		expect(await drop({ 'x-forwarded-for': from })).toBe('unknown-slot');
	}
	// Two come back in each second that this takes.
	const more = [];
	for (let i = 0; i < LIMITS.noticesPerMinute; i++) more.push(drop({ 'x-forwarded-for': from }));
	expect(await Promise.all(more)).toContain('rate-limited');
	expect(await drop(fromElsewhere())).toBe('unknown-slot');
});

test('survives garbage instead of HTTP, and clients that leave in the middle', async () => {
	const port = Number(new URL(relay.url).port);
	const send = (bytes: Uint8Array | string) =>
		new Promise<void>((resolve) => {
			const socket = connect(port, '127.0.0.1', () => {
				socket.write(bytes);
				setTimeout(() => socket.destroy(), 20);
			});
			socket.on('error', () => undefined);
			socket.on('close', () => resolve());
		});
	for (let i = 0; i < 20; i++) await send(randomBytes(200));
	await send('POST /v1/done HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf');
	await send('GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
	await send('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
	await vi.waitFor(async () => expect((await fetch(`${relay.url}/healthz`)).status).toBe(200));
});

test('counts refusals by reason, and names nobody in metrics or log', async () => {
	const address = `k51${'b'.repeat(59)}`;
	const slot = toHex(Uint8Array.from(randomBytes(32)));
	const headers = { 'x-forwarded-for': '9.88.77.66' };
	await fetch(`${relay.url}/v1/cards/${address}`, { headers });
	await fetch(`${relay.url}/v1/slots/${slot}`, { method: 'POST', headers, body: 'x' });
	const metrics = await (await fetch(`${relay.url}/metrics`)).text();
	expect(metrics).toMatch(/defms_refusals_total\{reason="unknown-slot"\} \d+/);
	expect(metrics).toMatch(/defms_requests_total\{route="POST \/v1\/slots\/\*",status="4xx"\} \d+/);
	for (const secret of [address, slot, '9.88.77.66', '127.0.0.1']) {
		expect(metrics).not.toContain(secret);
		expect(relay.output()).not.toContain(secret);
	}
});
