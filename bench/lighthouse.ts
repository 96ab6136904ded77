/**
 * `npm run lighthouse`: Lighthouse on the built app as the real relay serves it, with its mobile preset: a
 * first visit, and a mailbox of 10,000 threads that is opened again. Fails where a median misses its bar,
 * and names what Lighthouse finds.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRelay } from '../tests/e2e/support/relay.ts';
import { openAt, openProfile, type Profile } from './harness/pages.ts';
import { machineOf, report, Rounds, type Result } from './harness/report.ts';

const CLI = path.join(import.meta.dirname, 'node_modules/lighthouse/cli/index.js');
const SEED = 'start/seed.ts';
const THREADS = 10_000;
const ROUNDS = 3;
/** What Lighthouse answers, page and pictures of it included. */
const MAX_ANSWER_BYTES = 256 << 20;

const BARS = { performance: 95, accessibility: 100, 'best-practices': 100 } as const;
const CATEGORIES = Object.keys(BARS) as (keyof typeof BARS)[];

interface Answer {
	readonly runtimeError?: { readonly message: string };
	readonly categories: Readonly<
		Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
	>;
	readonly audits: Readonly<
		Record<
			string,
			{ score: number | null; title: string; numericValue?: number; details?: unknown }
		>
	>;
}

await report(measure);

async function measure(): Promise<Result> {
	const relay = await createRelay();
	const port = await findFreePort();
	const flags = [`--remote-debugging-port=${port}`];
	const samples = new Rounds();
	let version: string;
	try {
		await relay.start();
		const seeded = await openProfile();
		try {
			const party = await openAt(relay.url, seeded, SEED);
			await party.call('fill', THREADS);
			await party.close();
			await settle(seeded, relay.url);
			version = seeded.version;
			for (let round = 0; round < ROUNDS; round++) {
				const first = await openProfile(flags);
				try {
					add(samples, 'first', await ask(relay.url, port, []));
				} finally {
					await first.close();
				}
				await seeded.restart(flags);
				add(samples, 'full', await ask(relay.url, port, ['--disable-storage-reset']));
				await seeded.restart();
			}
		} finally {
			await seeded.close();
		}
	} finally {
		await relay.dispose();
	}
	const raw = Object.fromEntries(samples.names().map((name) => [name, samples.median(name)]));
	judge(raw);
	return { bench: 'lighthouse', ratios: {}, raw, rounds: ROUNDS, machine: machineOf(version) };
}

/** The visit that installs the service worker: the ones that are measured come back. */
async function settle(profile: Profile, url: string): Promise<void> {
	const page = await profile.newPage();
	await page.goto(`${url}/#/inbox`);
	await page.getByTestId('thread-row').first().waitFor();
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
	});
	await page.close();
}

async function ask(url: string, port: number, more: readonly string[]): Promise<Answer> {
	const args = [
		...[CLI, `${url}/`, `--port=${port}`, '--output=json', '--quiet'],
		...[`--only-categories=${CATEGORIES.join()}`, ...more]
	];
	const { stdout } = await promisify(execFile)(process.execPath, args, {
		maxBuffer: MAX_ANSWER_BYTES,
		// Nobody is told what was measured here.
		env: { ...process.env, CI: '1' }
	});
	const answer = JSON.parse(stdout) as Answer;
	if (answer.runtimeError !== undefined) throw new Error(answer.runtimeError.message);
	return answer;
}

/** Scores of 100, the times behind them, and on standard error what costs points. */
function add(samples: Rounds, visit: string, { categories, audits }: Answer): void {
	const scores: Record<string, number> = {};
	for (const name of CATEGORIES) {
		const score = categories[name]?.score ?? null;
		if (score === null) throw new Error(`Lighthouse gave no score for ${name}`);
		scores[name] = Math.round(score * 100);
		samples.add(`${visit}_${name.replace('-', '_')}`, scores[name]);
		for (const { id, weight } of categories[name]?.auditRefs ?? []) {
			const audit = audits[id];
			if (weight === 0 || audit === undefined || audit.score === null || audit.score >= 0.9)
				continue;
			const behind = id === 'total-blocking-time' ? audits['long-tasks']?.details : audit.details;
			const details = `${String(audit.numericValue ?? '')} ${JSON.stringify(behind ?? '')}`;
			process.stderr.write(`${visit}: ${id}: ${audit.title}: ${details.slice(0, 4000)}\n`);
		}
	}
	for (const id of ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time']) {
		samples.add(`${visit}_${id.replaceAll('-', '_')}_ms`, audits[id]?.numericValue ?? Number.NaN);
	}
	samples.add(
		`${visit}_layout_shift`,
		audits['cumulative-layout-shift']?.numericValue ?? Number.NaN
	);
	process.stderr.write(`${visit}: ${JSON.stringify(scores)}\n`);
}

function judge(medians: Readonly<Record<string, number>>): void {
	for (const visit of ['first', 'full']) {
		for (const name of CATEGORIES) {
			const score = medians[`${visit}_${name.replace('-', '_')}`] ?? 0;
			if (score >= BARS[name]) continue;
			process.stderr.write(`${visit}: ${name} is ${score}, its bar ${BARS[name]}\n`);
			process.exitCode = 1;
		}
	}
}

async function findFreePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (!address || typeof address === 'string') throw new Error('no free port');
	return address.port;
}
