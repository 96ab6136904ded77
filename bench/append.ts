/**
 * `npm run bench:append`: durable appends a second in one browser. Ours is `post/send`, whose one
 * strict transaction carries entry, archive and outbox; OrbitDB 4 has Chromium's default (relaxed)
 * durability; the bare put is strict.
 */
import { openProfile, serveSite } from './harness/pages.ts';
import { machineOf, report, Rounds, roundsAsked, type Result } from './harness/report.ts';

const OURS = 'append/ours.ts';
const BARE = 'append/bare.ts';
const ORBITDB = 'peers/orbitdb-append.ts';
const ONE_BY_ONE = 100;
const BATCH = 500;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const site = await serveSite([OURS, BARE, ORBITDB]);
	const profile = await openProfile();
	try {
		const ours = await site.open(profile, OURS);
		const bare = await site.open(profile, BARE);
		const orbitdb = await site.open(profile, ORBITDB);
		const thousand = await ours.call('begin', 1_000);
		const tenThousand = await ours.call('begin', 10_000);
		const samples = new Rounds();
		// The first round warms up: caches, compilers, the databases' files.
		for (let round = 0; round <= rounds; round++) {
			const fresh = await ours.call('begin', 1);
			const figures = {
				open0: await ours.measure('open', fresh),
				orbitdb: await orbitdb.measure('append', ONE_BY_ONE),
				at0: await ours.measure('append', fresh, ONE_BY_ONE),
				bare: await bare.measure('put', ONE_BY_ONE),
				at1000: await ours.measure('append', thousand, ONE_BY_ONE),
				at10000: await ours.measure('append', tenThousand, ONE_BY_ONE),
				batch: await ours.measure('batch', fresh, BATCH),
				open10000: await ours.measure('open', tenThousand)
			};
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		return {
			bench: 'append',
			ratios: {
				one_by_one_vs_orbitdb: samples.ratio('at0', 'orbitdb'),
				one_by_one_vs_bare_put: samples.ratio('at0', 'bare'),
				batch_vs_orbitdb: samples.ratio('batch', 'orbitdb'),
				at_10000_vs_0: samples.ratio('at10000', 'at0')
			},
			raw: {
				appends_per_s: samples.median('at0'),
				appends_at_1000_per_s: samples.median('at1000'),
				appends_at_10000_per_s: samples.median('at10000'),
				batch_per_s: samples.median('batch'),
				orbitdb_per_s: samples.median('orbitdb'),
				bare_put_per_s: samples.median('bare'),
				open_at_0_ms: samples.median('open0'),
				open_at_10000_ms: samples.median('open10000')
			},
			rounds,
			machine: machineOf(profile.version)
		};
	} finally {
		await profile.close();
		site.close();
	}
}
