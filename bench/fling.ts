/**
 * `npm run bench:fling`: a finger flings a phone's inbox of 100,000 threads, from its top and from places all
 * the way down, while Chromium traces itself. Fails where a task takes more than 50 ms, or the work of the main
 * thread for a frame more than 8 ms at the 95th percentile.
 */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { serveStatic } from '../relay/static.ts';
import { traceMainThread } from './fling/trace.ts';
import { openProfile, serveSite } from './harness/pages.ts';
import {
	machineOf,
	percentile,
	report,
	Rounds,
	roundsAsked,
	type Result
} from './harness/report.ts';

const SEED = 'start/seed.ts';
const BUILD = path.resolve(import.meta.dirname, '../build');
const PHONE = { width: 390, height: 844 };
/** Of the list's height, from its top on. */
const PLACES = [0, 0.1, 0.25, 0.5, 0.75, 0.9];
const FLING_PX = 24_000;
const FLING_PX_PER_S = 12_000;
const BARS = { longest_task_ms: 50, frame_p95_ms: 8 } as const;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const threads = threadsAsked();
	const site = await serveSite([SEED], (request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		serveStatic(BUILD, pathname, request, response).catch(() => response.destroy());
	});
	const profile = await openProfile();
	try {
		const party = await site.open(profile, SEED);
		await party.call('fill', threads);
		await party.close();
		const page = await profile.newPage();
		await page.setViewportSize(PHONE);
		await page.goto(`${site.origin}/#/inbox`);
		await untilWhole(page, threads);
		const samples = new Rounds();
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			const { tasksMs, tasksCpuMs, framesMs } = await traceMainThread(page, () => flingAll(page));
			const figures = {
				longest_task_ms: longestOf(tasksMs),
				longest_task_cpu_ms: longestOf(tasksCpuMs),
				frame_p95_ms: percentile(framesMs, 0.95),
				frame_p50_ms: percentile(framesMs, 0.5),
				frames: framesMs.length
			};
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		const raw = Object.fromEntries(samples.names().map((name) => [name, samples.median(name)]));
		judge(raw);
		return { bench: 'fling', ratios: {}, raw, rounds, machine: machineOf(profile.version) };
	} finally {
		await profile.close();
		site.close();
	}
}

/** All threads are read, and the start's own work is done. */
async function untilWhole(page: Page, threads: number): Promise<void> {
	const list = page.getByTestId('mail-list');
	await list.locator('a.row').first().waitFor();
	await page.waitForFunction(
		(threads) => {
			const list = document.querySelector('[data-testid=mail-list]');
			// No row is lower than this.
			return (list?.scrollHeight ?? 0) > threads * 40;
		},
		threads,
		{ timeout: 120_000 }
	);
	await page.evaluate(
		() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 10_000 }))
	);
}

async function flingAll(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	for (const place of PLACES) {
		await page.getByTestId('mail-list').evaluate((list, place) => {
			list.scrollTo(0, list.scrollHeight * place);
		}, place);
		for (const direction of [-1, 1]) {
			await session.send('Input.synthesizeScrollGesture', {
				...{ x: PHONE.width / 2, y: PHONE.height / 2, gestureSourceType: 'touch' },
				...{ yDistance: direction * FLING_PX, speed: FLING_PX_PER_S, preventFling: false }
			});
		}
	}
	await session.detach();
}

function longestOf(tasks: readonly number[]): number {
	return tasks.reduce((longest, ms) => Math.max(longest, ms), 0);
}

function judge(medians: Readonly<Record<string, number>>): void {
	for (const [name, bar] of Object.entries(BARS)) {
		const value = medians[name] ?? Number.NaN;
		if (value <= bar) continue;
		process.stderr.write(`${name} is ${value.toFixed(1)}, its bar ${bar}\n`);
		process.exitCode = 1;
	}
}

/** `-- --threads 10000` makes a smaller inbox. */
function threadsAsked(argv: readonly string[] = process.argv): number {
	const at = argv.indexOf('--threads');
	const asked = at < 0 ? 100_000 : Number(argv[at + 1]);
	if (!Number.isInteger(asked) || asked < 1) throw new Error('--threads takes a number from 1');
	return asked;
}
