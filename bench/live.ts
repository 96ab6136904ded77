/**
 * `npm run bench:live`: two browsers that are connected; from the press of Send in one until the row is
 * painted in the other.
 */
import { createRelay } from '../tests/e2e/support/relay.ts';
import { addressOf } from './harness/circuit.ts';
import { openProfile, serveSite, type Site } from './harness/pages.ts';
import {
	machineOf,
	percentile,
	report,
	Rounds,
	roundsAsked,
	type Result
} from './harness/report.ts';
import { textOf } from './harness/text.ts';
import { openApp } from './live/app.ts';
import { bareMessage, joinBare, joinOrbitdb, orbitdbMessage } from './live/peers.ts';

const BARE = 'live/bare.ts';
const ORBITDB = 'peers/orbitdb-sync.ts';
/** Messages of a round, of each kind. */
const MESSAGES = 20;
/** Characters: so short that a row shows all of it. */
const TEXT = 80;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const relay = await createRelay();
	const site = await serveSite([BARE, ORBITDB]);
	const profiles = [await openProfile(), await openProfile()] as const;
	try {
		await relay.start();
		const app = await openApp(relay.url, profiles);
		const bare = await openBoth(site, profiles, BARE);
		await joinBare(bare);
		const orbitdb = await openBoth(site, profiles, ORBITDB);
		await joinOrbitdb(orbitdb, await addressOf(relay.url));
		const samples = new Rounds();
		const all: number[] = [];
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			await app.toFront();
			const ours = await repeat(round, (text) => app.message(text));
			await Promise.all(bare.map((party) => party.toFront()));
			const floor = await repeat(round, (text) => bareMessage(bare, text));
			await Promise.all(orbitdb.map((party) => party.toFront()));
			const theirs = await repeat(round, (text) => orbitdbMessage(orbitdb, text));
			const figures = {
				p50_ms: percentile(ours, 0.5),
				floor_p50_ms: percentile(floor, 0.5),
				orbitdb_p50_ms: percentile(theirs, 0.5)
			};
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
			all.push(...ours);
		}
		return {
			bench: 'live',
			ratios: {
				p50_vs_floor: samples.ratio('p50_ms', 'floor_p50_ms'),
				p50_vs_orbitdb: samples.ratio('orbitdb_p50_ms', 'p50_ms')
			},
			raw: {
				p50_ms: samples.median('p50_ms'),
				p95_ms: percentile(all, 0.95),
				floor_p50_ms: samples.median('floor_p50_ms'),
				orbitdb_p50_ms: samples.median('orbitdb_p50_ms')
			},
			rounds,
			machine: machineOf(profiles[0].version)
		};
	} finally {
		await Promise.all(profiles.map((profile) => profile.close()));
		site.close();
		await relay.dispose();
	}
}

async function openBoth(site: Site, profiles: Parameters<typeof openApp>[1], entry: string) {
	return [await site.open(profiles[0], entry), await site.open(profiles[1], entry)] as const;
}

/** One after the other, each with a text that came in no other round. */
async function repeat(
	round: number,
	message: (text: string) => Promise<number>
): Promise<number[]> {
	const samples: number[] = [];
	for (let i = 0; i < MESSAGES; i++) {
		samples.push(await message(textOf(round * MESSAGES + i + 1000, TEXT)));
	}
	return samples;
}
