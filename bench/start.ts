/**
 * `npm run bench:start`: from the click on the app's address to an inbox that answers, with 10,000
 * threads and with none. Cold: the browser has just been started; warm: the page is loaded again. No
 * relay is there: nothing here waits for one.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { serveStatic } from '../relay/static.ts';
import { openProfile, serveSite, type Profile } from './harness/pages.ts';
import { machineOf, report, Rounds, roundsAsked, type Result } from './harness/report.ts';

const SEED = 'start/seed.ts';
const THREADS = 10_000;
const BUILD = path.resolve(import.meta.dirname, '../build');
const KIB = 1024;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const site = await serveSite([SEED], (request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		// A page that is left no longer takes what it asked for.
		serveStatic(BUILD, pathname, request, response).catch(() => response.destroy());
	});
	const [full, empty] = [await openProfile(), await openProfile()];
	try {
		for (const [profile, threads] of [[full, THREADS] as const, [empty, 0] as const]) {
			const party = await site.open(profile, SEED);
			await party.call('fill', threads);
			await party.close();
		}
		const samples = new Rounds();
		let scripts: string[] = [];
		// The first round installs the service worker, and warms up.
		for (let round = 0; round <= rounds; round++) {
			const figures: Record<string, number> = {};
			for (const [name, profile] of Object.entries({ full, empty })) {
				await profile.restart();
				const started = await start(profile, site.origin);
				figures[`${name}_cold_ms`] = started.coldMs;
				figures[`${name}_warm_ms`] = started.warmMs;
				scripts = started.scripts;
			}
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		return {
			bench: 'start',
			ratios: {
				full_vs_empty: samples.ratio('full_cold_ms', 'empty_cold_ms'),
				full_vs_empty_warm: samples.ratio('full_warm_ms', 'empty_warm_ms')
			},
			raw: {
				cold_ms: samples.median('full_cold_ms'),
				warm_ms: samples.median('full_warm_ms'),
				empty_cold_ms: samples.median('empty_cold_ms'),
				empty_warm_ms: samples.median('empty_warm_ms'),
				js_before_inbox_kib: sizeOf(scripts)
			},
			rounds,
			machine: machineOf(full.version)
		};
	} finally {
		await full.close();
		await empty.close();
		site.close();
	}
}

interface Started {
	readonly coldMs: number;
	readonly warmMs: number;
	/** Paths of the scripts that were loaded before the inbox answered. */
	readonly scripts: string[];
}

async function start(profile: Profile, origin: string): Promise<Started> {
	const page = await profile.newPage();
	await page.addInitScript(watchInbox);
	await page.goto(`${origin}/#/inbox`);
	const cold = await page.waitForFunction(() => Reflect.get(globalThis, 'inboxAt') as number);
	const coldMs = await cold.jsonValue();
	const scripts = await page.evaluate(
		(until) =>
			performance
				.getEntriesByType('resource')
				.filter(({ name, startTime }) => name.endsWith('.js') && startTime < until)
				.map(({ name }) => new URL(name).pathname),
		coldMs
	);
	await page.reload();
	const warm = await page.waitForFunction(() => Reflect.get(globalThis, 'inboxAt') as number);
	const warmMs = await warm.jsonValue();
	await page.close();
	return { coldMs, warmMs, scripts };
}

/** Runs in the page: notes when a row, or the word that there is none, is painted and a task gets its turn. */
function watchInbox(): void {
	const look = () => {
		if (document.querySelector('[data-testid=mail-list] :is(a.row, .empty)') === null) {
			requestAnimationFrame(look);
		} else {
			requestAnimationFrame(() => {
				setTimeout(() => Object.assign(globalThis, { inboxAt: performance.now() }));
			});
		}
	};
	look();
}

/** As a browser gets them, KiB. */
function sizeOf(paths: readonly string[]): number {
	const bytes = [...new Set(paths)].map(
		(name) => brotliCompressSync(readFileSync(path.join(BUILD, name))).length
	);
	return bytes.reduce((sum, size) => sum + size, 0) / KIB;
}
