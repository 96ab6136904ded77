import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request as askStun } from '@msimerson/stun';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolder, startProcess, temporaryFolder, type RelayProcess } from './running.ts';

let relay: RelayProcess;
const data = temporaryFolder();

beforeAll(async () => {
	relay = await startProcess(data);
});

afterAll(async () => {
	await relay.end();
	removeFolder(data);
});

test('tells a client of another make its address and port', async () => {
	const socket = createSocket('udp4');
	socket.bind(0);
	await once(socket, 'listening');
	const { port } = new URL(relay.url);
	const answer = await askStun(`127.0.0.1:${port}`, { socket, retries: 3 });
	expect(answer.getXorAddress()).toMatchObject({
		address: '127.0.0.1',
		port: socket.address().port
	});
	socket.close();
});

test('stays silent at anything else, and at one who asks too often', async () => {
	const port = Number(new URL(relay.url).port);
	const ask = Buffer.from(`000100002112a442${'00'.repeat(12)}`, 'hex');
	const [loud, late] = [createSocket('udp4'), createSocket('udp4')];
	loud.bind(0, '127.0.0.1');
	// Another address of this machine, as another network.
	late.bind(0, '127.0.0.2');
	await Promise.all([once(loud, 'listening'), once(late, 'listening')]);
	let answers = 0;
	loud.on('message', () => answers++);
	for (let i = 0; i < 20; i++) loud.send(Buffer.alloc(20 + 4 * i, i), port, '127.0.0.1');
	for (let i = 0; i < 400; i++) loud.send(ask, port, '127.0.0.1');
	// The relay answers in order: when it answers this one, it is through with the others.
	const asking = setInterval(() => late.send(ask, port, '127.0.0.1'), 50);
	await once(late, 'message');
	clearInterval(asking);
	expect(answers).toBeGreaterThan(0);
	expect(answers).toBeLessThanOrEqual(242);
	loud.close();
	late.close();
});
