/** `npm run bench`: all benches, one after the other, and their figures into `bench/`. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { publish } from './harness/publish.ts';
import type { Result } from './harness/report.ts';

const BENCHES = ['append', 'sync', 'live', 'crypto', 'files', 'search', 'start'];

const results: Result[] = [];
for (const bench of BENCHES) {
	const result = await run(bench);
	if (result !== null) results.push(result);
}
if (results.length === BENCHES.length) {
	publish(results, new Date().toISOString().slice(0, 10));
} else {
	process.stderr.write('bench: nothing is published, because not all of them ran\n');
	process.exitCode = 1;
}

/** `null` where it could not run; it has said why. */
async function run(bench: string): Promise<Result | null> {
	const script = path.join(import.meta.dirname, `${bench}.ts`);
	const child = spawn(process.execPath, [script, ...process.argv.slice(2)], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	let said = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0) return null;
	const line = said.trim().split('\n').at(-1) ?? '';
	process.stdout.write(`${line}\n`);
	return JSON.parse(line) as Result;
}
