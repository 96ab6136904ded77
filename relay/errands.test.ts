import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { encodeObject } from '../src/lib/wire/office.ts';
import { createErrands } from './errands.ts';

const note = { knock: new Uint8Array(32), sealed: new Uint8Array(4096) };
const slot = new Uint8Array(32).fill(1);
const open = createErrands({ allowPrivate: true });
const strict = createErrands({ allowPrivate: false });

async function serve(answer: RequestListener): Promise<{ url: string; asked: () => number }> {
	let asked = 0;
	const server = createServer((request, response) => {
		asked++;
		answer(request, response);
	}).listen(0);
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	await once(server, 'listening');
	const bound = server.address();
	const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
	return { url: `http://localhost:${port}`, asked: () => asked };
}

test('brings a notice, and back what that office says', async () => {
	const dropped = encodeObject('dropped', { boot: 'b', rootSeq: 1, seq: 2 });
	const office = await serve((_, response) => response.end(dropped));
	expect(await open.drop(office.url, slot, note)).toMatchObject({
		kind: 'dropped',
		dropped: { boot: 'b', rootSeq: 1, seq: 2 }
	});
	const refusing = await serve((_, response) =>
		response.writeHead(507).end(encodeObject('refusal', { reason: 'slot-full' }))
	);
	expect(await open.drop(refusing.url, slot, note)).toEqual({
		kind: 'refused',
		reason: 'slot-full'
	});
});

test.each<[string, RequestListener]>([
	['a page', (_, response) => response.end('<html>')],
	['a refusal of another kind', (_, response) => response.writeHead(500).end('{}')],
	[
		'a reason that is none of ours',
		(_, response) => response.writeHead(400).end(encodeObject('refusal', { reason: 'mood' }))
	],
	['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
	['far too much', (_, response) => response.end(new Uint8Array(200_000))],
	['a cut', (request) => request.socket.destroy()]
])('takes %s for no answer', async (_, answer) => {
	const office = await serve(answer);
	expect(await open.drop(office.url, slot, note)).toEqual({ kind: 'unreachable' });
	expect(await open.boot(office.url)).toBeNull();
	expect(office.asked()).toBe(2);
});

test('calls nobody in a private network unless it may, by name or by number', async () => {
	const office = await serve((_, response) => response.end());
	const { port } = new URL(office.url);
	for (const host of [
		'localhost',
		'127.0.0.1',
		'[::1]',
		'0.0.0.0',
		'[::ffff:127.0.0.1]',
		'2130706433'
	]) {
		const url = `http://${host}:${port}`;
		expect(await strict.drop(url, slot, note), host).toEqual({ kind: 'unreachable' });
		expect(await strict.boot(url), host).toBeNull();
	}
	expect(office.asked()).toBe(0);
	await open.boot(office.url);
	expect(office.asked()).toBe(1);
});
