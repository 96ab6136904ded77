/**
 * `npm run sim -- --seeds 500` plays the kept seeds and 500 others, some twice, on all cores.
 * `npm run sim -- --seed 1234 --verbose` plays one and prints all that happens.
 * `npm run sim -- --forever` goes on until a seed fails, from a seed that the clock draws or `--from`.
 */

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Played } from './run.ts';
import { KEPT_SEEDS } from './seeds.ts';
import { playTwice } from './twice.ts';

const TAIL_LINES = 40;

const { values } = parseArgs({
	options: {
		seed: { type: 'string' },
		seeds: { type: 'string', default: '100' },
		/** The first of them. */
		from: { type: 'string' },
		/** Until one fails. */
		forever: { type: 'boolean', default: false },
		/** Prints every line, instead of the last ones of a failure. */
		verbose: { type: 'boolean', default: false },
		/** A file for the sum, in JSON. */
		report: { type: 'string' }
	}
});

process.exitCode = await run();

async function run(): Promise<number> {
	if (values.seed !== undefined) return playOne(Number(values.seed));
	const count = Number(values.seeds);
	if (!values.forever) return playMany(Number(values.from ?? 1), count);
	// Seeds that nobody has played: not those of every run.
	let from = Number(values.from ?? Date.now());
	while ((await playMany(from, count)) === 0) from += count;
	return 1;
}

async function playOne(seed: number): Promise<number> {
	const onLine = values.verbose ? (line: string) => console.log(line) : undefined;
	const played = await playTwice(seed, onLine);
	if (played.failure !== null) report(played);
	else console.log(`seed ${seed}: ${played.mails} mails, ${played.steps} steps, ${played.hash}`);
	return played.failure === null ? 0 : 1;
}

async function playMany(from: number, count: number): Promise<number> {
	const start = performance.now();
	const drawn = Array.from({ length: count }, (_, i) => from + i);
	const kept = values.forever ? [] : KEPT_SEEDS.map(({ seed }) => seed);
	const seeds = [...new Set([...kept, ...drawn])];
	const all = await playAll(seeds);
	const failed = all.filter(({ failure }) => failure !== null);
	for (const played of failed) report(played);
	const mails = all.reduce((sum, played) => sum + played.mails, 0);
	const real = all.filter(({ suite }) => suite === 'noble').length;
	const seconds = ((performance.now() - start) / 1000).toFixed(1);
	console.log(
		`${all.length} seeds (${real} on the real cryptography), ${mails} mails, ${failed.length} failed, ${seconds} s`
	);
	if (values.report !== undefined) {
		const names = failed.map(({ seed }) => `seed ${seed}`);
		const sum = { passed: all.length - failed.length, failed: names };
		writeFileSync(values.report, JSON.stringify(sum));
	}
	return failed.length > 0 ? 1 : 0;
}

/** Each worker takes the next seed when it is done with one. */
async function playAll(seeds: readonly number[]): Promise<Played[]> {
	const waiting = [...seeds];
	const all: Played[] = [];
	const work = async (): Promise<void> => {
		const worker = new Worker(new URL('./worker.ts', import.meta.url));
		for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
			all.push(await ask(worker, seed));
			if (all.length % 100 === 0) console.log(`${all.length} of ${seeds.length} seeds`);
		}
		await worker.terminate();
	};
	await Promise.all(Array.from({ length: availableParallelism() }, work));
	return all.sort((a, b) => a.seed - b.seed);
}

function ask(worker: Worker, seed: number): Promise<Played> {
	return new Promise((resolve, reject) => {
		worker.once('error', reject);
		worker.once('message', (played: Played) => {
			worker.off('error', reject);
			resolve(played);
		});
		worker.postMessage(seed);
	});
}

function report({ seed, suite, steps, failure }: Played): void {
	if (failure === null) return;
	console.error(`\n── seed ${seed} failed after ${steps} steps on ${suite} ──`);
	for (const line of failure.tail.slice(-TAIL_LINES)) console.error(`  ${line}`);
	for (const label of failure.waiting) console.error(`  not ended: ${label}`);
	console.error(failure.message);
	console.error(`replay: npm run sim -- --seed ${seed} --verbose`);
}
