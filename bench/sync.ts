/**
 * `npm run bench:sync`: cold sync between two browsers, and what two large replicas say to find how
 * they differ.
 */
import { machineOf, report, Rounds, roundsAsked, type Result } from './harness/report.ts';
import { createCold } from './sync/cold.ts';
import { createThreads, measureDifference } from './sync/difference.ts';

/** 100,000 entries; each side lacks five. */
const THREADS = 10_000;
const PER_THREAD = 10;
const MISSING = [5, 5] as const;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const samples = new Rounds();
	const cold = await createCold();
	try {
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			const small = {
				cold500_ms: (await cold.ours(500)).ms,
				orbitdb500_ms: await cold.orbitdb(500)
			};
			process.stderr.write(`round ${round}: ${JSON.stringify(small)}\n`);
			if (round === 0) continue;
			const large = await cold.ours(5_000);
			const figures = {
				...small,
				cold5000_ms: large.ms,
				longest_task_ms: large.longestTaskMs
			};
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		// Once: filling it takes longer than all rounds.
		const { newestMs, ms } = await cold.ours(10_000);
		process.stderr.write(`newest of 10,000: ${newestMs}, all of them: ${ms}\n`);
		samples.add('newest10000_ms', newestMs);
	} finally {
		await cold.close();
	}
	const threads = createThreads(THREADS, PER_THREAD);
	for (let round = 1; round <= rounds; round++) {
		const { roundTrips, bytes, ms } = await measureDifference(threads, MISSING, round);
		process.stderr.write(`difference ${round}: ${roundTrips} round trips, ${bytes} bytes\n`);
		samples.add('diff10_round_trips', roundTrips);
		samples.add('diff10_bytes', bytes);
		samples.add('diff10_ms', ms);
	}
	return {
		bench: 'sync',
		ratios: { cold500_vs_orbitdb: samples.ratio('orbitdb500_ms', 'cold500_ms') },
		raw: Object.fromEntries(samples.names().map((name) => [name, samples.median(name)])),
		rounds,
		machine: machineOf(cold.version)
	};
}
