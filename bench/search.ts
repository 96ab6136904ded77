/**
 * `npm run bench:search`: 10,000 and 100,000 mails of 600 characters. How fast they are indexed, sealed
 * and stored, how soon the index answers after a start, how long a question takes, and what it holds.
 */
import { openProfile, serveSite, type Party } from './harness/pages.ts';
import {
	machineOf,
	percentile,
	report,
	Rounds,
	roundsAsked,
	type Result
} from './harness/report.ts';

const OURS = 'search/ours.ts';
const THEIRS = 'peers/minisearch.ts';
const FEW = 10_000;
const MANY = 100_000;
const MIB = 2 ** 20;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const site = await serveSite([OURS, THEIRS]);
	const profile = await openProfile();
	const inPage = async <T>(entry: string, work: (party: Party) => Promise<T>): Promise<T> => {
		const party = await site.open(profile, entry);
		try {
			return await work(party);
		} finally {
			await party.close();
		}
	};
	try {
		const samples = new Rounds();
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			const few = await inPage(OURS, (page) => page.measure('index', FEW));
			const theirs = await inPage(THEIRS, (page) => page.measure('index', FEW));
			const many = await inPage(OURS, (page) => page.measure('index', MANY));
			const figures = await inPage(OURS, async (page) => {
				const empty = await page.heapBytes();
				const readyMs = await page.measure('ready');
				const full = await page.heapBytes();
				const times = (await page.call('ask')) as number[];
				const bytes = await page.measure('bytes');
				return {
					ready_ms: readyMs,
					p50_ms: percentile(times, 0.5),
					p95_ms: percentile(times, 0.95),
					memory_mib: (full - empty) / MIB,
					disk_mib: bytes / MIB
				};
			});
			const all = {
				...figures,
				index10k_per_s: (FEW / few) * 1_000,
				minisearch10k_per_s: (FEW / theirs) * 1_000,
				index_per_s: (MANY / many) * 1_000
			};
			process.stderr.write(`round ${String(round)}: ${JSON.stringify(all)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(all)) samples.add(name, value);
		}
		return {
			bench: 'search',
			ratios: { index_vs_minisearch: samples.ratio('index10k_per_s', 'minisearch10k_per_s') },
			raw: Object.fromEntries(samples.names().map((name) => [name, samples.median(name)])),
			rounds,
			machine: machineOf(profile.version)
		};
	} finally {
		await profile.close();
		site.close();
	}
}
