/** The relay as its operator sees it: a process with outputs, signals and an exit code. */

import { spawn } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { MAIN, removeFolder, startProcess, temporaryFolder } from './running.ts';

function folder(): string {
	const made = temporaryFolder();
	onTestFinished(() => removeFolder(made));
	return made;
}

async function runToEnd(args: readonly string[]): Promise<{ code: number; output: string }> {
	const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code] = (await once(child, 'close')) as [number];
	return { code, output };
}

test('says plainly where it is, where it keeps its data, and how to stop it', async () => {
	const data = folder();
	const relay = await startProcess(data);
	expect(relay.output()).toBe(
		`DEFMS is running at ${relay.url}\nIt keeps its key and its data in ${data}\nPress Ctrl-C to stop it.\n`
	);
	expect(await (await fetch(`${relay.url}/healthz`)).text()).toBe('ok\n');
	await relay.end();
});

test.each(['SIGINT', 'SIGTERM'] as const)(
	'ends cleanly on %s, also while it is listened to',
	async (signal) => {
		const relay = await startProcess(folder());
		const socket = new WebSocket(relay.url.replace('http', 'ws'));
		await once(socket, 'open');
		const before = Date.now();
		expect(await relay.end(signal)).toBe(0);
		expect(Date.now() - before).toBeLessThan(2000);
	}
);

test('keeps its name, with a key that only its owner reads', async () => {
	const data = folder();
	const first = await startProcess(data);
	const key = join(data, 'relay.key');
	expect(statSync(key).mode & 0o777).toBe(0o600);
	await first.end();
	chmodSync(key, 0o644);
	const second = await startProcess(data);
	expect(second.terms.office).toBe(first.terms.office);
	expect(second.terms.boot).not.toBe(first.terms.boot);
	expect(statSync(key).mode & 0o777).toBe(0o600);
	await second.end();
});

test('a taken port is a sentence that says what to do', async () => {
	const taken = createServer().listen(0);
	onTestFinished(() => void taken.close());
	await once(taken, 'listening');
	const address = taken.address();
	const port = address !== null && typeof address === 'object' ? address.port : 0;
	const { code, output } = await runToEnd(['--port', String(port), '--data', folder()]);
	expect(code).toBe(1);
	expect(output).toBe(
		`Port ${port} is taken by another program. Stop that one, or choose another port: --port ${port + 1}\n`
	);
});

test('a data folder in use is a sentence too', async () => {
	const relay = await startProcess(folder());
	const { code, output } = await runToEnd(['--port', '0', '--data', relay.data]);
	expect(code).toBe(1);
	expect(output).toMatch(/^Another relay is using the data folder .* Stop that one/);
	await relay.end();
});

test('what it does not understand is a sentence, and help is help', async () => {
	expect(await runToEnd(['--port', 'x'])).toMatchObject({ code: 1, output: /^port/ as never });
	const missing = await runToEnd(['--cert', '/no/such', '--key', '/no/such', '--data', folder()]);
	expect(missing.code).toBe(1);
	expect(missing.output).toMatch(/^The certificate file cannot be read/);
	const help = await runToEnd(['--help']);
	expect(help.code).toBe(0);
	expect(help.output).toContain('--public-url');
});
