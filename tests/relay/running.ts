/** Starts the relay as its own process on a free port, as an operator would. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terms } from '../../src/lib/wire/office.ts';

export interface RelayProcess {
	readonly url: string;
	readonly data: string;
	readonly child: ChildProcess;
	readonly terms: Terms;
	/** What it has written to both outputs so far. */
	output(): string;
	/**
	 * Ends it and resolves with its exit code (null after a signal that it did not handle).
	 * Throws where it logged an error of its own, or Node warned.
	 */
	end(signal?: NodeJS.Signals): Promise<number | null>;
}

export const MAIN = new URL('../../relay/main.ts', import.meta.url).pathname;

export function temporaryFolder(): string {
	return mkdtempSync(join(tmpdir(), 'defms-'));
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

export async function startProcess(
	data: string,
	args: readonly string[] = [],
	get = async (url: string) => (await fetch(url)).text()
): Promise<RelayProcess> {
	const child = spawn(process.execPath, [MAIN, '--port', '0', '--data', data, ...args], {
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
	let output = '';
	const url = await new Promise<string>((resolve, reject) => {
		const read = (chunk: Buffer) => {
			output += chunk.toString();
			const started = /running at (\S+)\n[^]*Ctrl-C/.exec(output);
			if (started?.[1] !== undefined) resolve(started[1]);
		};
		child.stdout.on('data', read);
		child.stderr.on('data', read);
		void exit.then((code) => reject(new Error(`the relay ended with ${code}: ${output}`)));
	});
	const terms = JSON.parse(await get(`${url}/.well-known/defms.json`)) as Terms;
	return {
		url,
		data,
		child,
		terms,
		output: () => output,
		async end(signal = 'SIGTERM') {
			child.kill(signal);
			const code = await exit;
			const isClean = !/"level":50|Warning/.test(output);
			if (!isClean) throw new Error(`the relay reported errors: ${output}`);
			return code;
		}
	};
}
