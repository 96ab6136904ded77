/** `npm start` where it cannot. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from './support/fixtures.ts';

const START = path.resolve(import.meta.dirname, '../../scripts/start.mjs');

test('port-taken', async ({ startRelay }) => {
	const relay = await startRelay();
	const { port } = new URL(relay.url);
	const data = await mkdtemp(path.join(os.tmpdir(), 'defms-start-'));
	try {
		const { code, printed } = await start(['--port', port, '--data', data]);
		expect(code).toBe(1);
		expect(printed).toContain(
			`Port ${port} is taken by another program. Stop that one, or choose another port: --port ${String(Number(port) + 1)}`
		);
		expect(printed).not.toMatch(/^\s+at /m);
		// The one that was there before goes on.
		expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
	} finally {
		await rm(data, { recursive: true, force: true });
	}
});

/** What `npm start` runs, to its end. */
async function start(flags: readonly string[]) {
	const child = spawn(process.execPath, [START, 'app', ...flags], {
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let printed = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
	}
	const [code] = await once(child, 'close');
	return { code: typeof code === 'number' ? code : null, printed };
}
