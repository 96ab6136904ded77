/** The real relay as a process of its own, on a free port, with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** What the relay prints once it answers. */
const READY = /running at (https?:\/\/\S+)/;

export interface Relay {
	/** Base URL without a slash at the end; the same after every restart. */
	readonly url: string;
	/** Its data folder: survives `stop` and `kill`, goes when the test ends. */
	readonly data: string;
	/**
	 * Resolves when it answers; rejects with what it printed if it ends instead. Of two equal flags the
	 * later counts: those given here stand last.
	 */
	start(more?: readonly string[]): Promise<void>;
	/** An orderly end, as by Ctrl-C. Resolves when the process is gone; rejects if it failed. */
	stop(): Promise<void>;
	/** A crash: SIGKILL. Resolves when the process is gone. */
	kill(): Promise<void>;
	/** All that it has printed, over all its runs. */
	output(): string;
	/** Ends the process and removes the data folder. */
	dispose(): Promise<void>;
}

/** @param flags added to the relay's own, such as `['--quota-bytes', '1000000']` */
export async function createRelay(flags: readonly string[] = []): Promise<Relay> {
	const data = mkdtempSync(path.join(os.tmpdir(), 'defms-relay-'));
	const port = await findFreePort();
	const args = [
		...['--disable-warning=ExperimentalWarning', 'relay/main.ts', '--app', 'build'],
		...['--port', String(port), '--data', data, '--allow-private', ...flags]
	];
	let process: ChildProcess | null = null;
	let printed = '';

	const end = async (signal: NodeJS.Signals): Promise<number | null> => {
		const ending = process;
		process = null;
		if (!ending || ending.exitCode !== null || ending.signalCode !== null) return 0;
		const exited = once(ending, 'exit');
		ending.kill(signal);
		const [code] = await exited;
		return typeof code === 'number' ? code : null;
	};

	return {
		url: `http://localhost:${port}`,
		data,
		output: () => printed,
		async start(more = []) {
			if (process) throw new Error('the relay is running already');
			process = launch([...args, ...more], (text) => (printed += text));
			await untilReady(process, () => printed);
		},
		async stop() {
			const code = await end('SIGINT');
			if (code !== 0) throw new Error(`the relay ended with code ${String(code)}:\n${printed}`);
		},
		async kill() {
			await end('SIGKILL');
		},
		async dispose() {
			await end('SIGKILL');
			rmSync(data, { recursive: true, force: true });
		}
	};
}

function launch(args: readonly string[], print: (text: string) => void): ChildProcess {
	const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
	child.stdout.setEncoding('utf8').on('data', print);
	child.stderr.setEncoding('utf8').on('data', print);
	return child;
}

function untilReady(child: ChildProcess, printed: () => string): Promise<void> {
	const before = printed().length;
	return new Promise((resolve, reject) => {
		child.stdout?.on('data', () => {
			if (READY.test(printed().slice(before))) resolve();
		});
		child.once('error', reject);
		child.once('exit', (code) => {
			reject(new Error(`the relay ended with code ${String(code)}:\n${printed()}`));
		});
	});
}

/** One port for all runs of a relay: its address stands in the cards of those who use it. */
async function findFreePort(): Promise<number> {
	const server = createServer().listen(0);
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (!address || typeof address === 'string') throw new Error('no free port');
	return address.port;
}
