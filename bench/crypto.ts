/**
 * `npm run bench:crypto`: sealing, opening and new epochs in Chromium, against the floor of the same
 * primitive calls in the same page, and against OpenPGP.js.
 */
import { openProfile, serveSite } from './harness/pages.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import { machineOf, report, Rounds, roundsAsked, type Result } from './harness/report.ts';

const OURS = 'crypto/ours.ts';
const OPENPGP = 'peers/openpgp.ts';
/** Members of a thread: as many as a thread of this version may have. */
const MOST = Math.min(1_000, LIMITS.members);
const MEMBERS = [...[1, 10, 100].filter((members) => members < MOST), MOST];
const MESSAGES = 100;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const site = await serveSite([OURS, OPENPGP]);
	const profile = await openProfile();
	try {
		const ours = await site.open(profile, OURS);
		const openpgp = await site.open(profile, OPENPGP);
		for (const members of MEMBERS) await ours.call('begin', members);
		const samples = new Rounds();
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			const figures: Record<string, number> = {};
			figures['floor_seal'] = await ours.measure('floorSeal', MESSAGES);
			for (const n of MEMBERS) figures[`seal_${n}`] = await ours.measure('seal', n, MESSAGES);
			figures['floor_open'] = await ours.measure('floorOpen', MESSAGES);
			for (const n of [10, MOST]) figures[`open_${n}`] = await ours.measure('open', n, MESSAGES);
			for (const n of MEMBERS) {
				const count = Math.ceil(30 / n);
				figures[`floor_epoch_${n}`] = await ours.measure('floorEpoch', n, count);
				figures[`epoch_${n}`] = await ours.measure('epoch', n, count);
			}
			figures['openpgp_1'] = await openpgp.measure('seal', 1, MESSAGES);
			figures[`openpgp_${MOST}`] = await openpgp.measure('seal', MOST, 2);
			process.stderr.write(`round ${round}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		return {
			bench: 'crypto',
			ratios: {
				...Object.fromEntries(
					MEMBERS.map((n) => [`seal_${n}_vs_floor`, samples.ratio(`seal_${n}`, 'floor_seal')])
				),
				...Object.fromEntries(
					MEMBERS.map((n) => [
						`epoch_${n}_vs_floor`,
						samples.ratio(`epoch_${n}`, `floor_epoch_${n}`)
					])
				),
				open_vs_floor: samples.ratio('open_10', 'floor_open'),
				[`open_${MOST}_vs_floor`]: samples.ratio(`open_${MOST}`, 'floor_open'),
				vs_openpgp: samples.ratio('openpgp_1', 'seal_10'),
				[`vs_openpgp_${MOST}`]: samples.ratio(`openpgp_${MOST}`, `seal_${MOST}`)
			},
			raw: {
				overhead_bytes_1: await ours.measure('overhead', 1),
				[`overhead_bytes_${MOST}`]: await ours.measure('overhead', MOST),
				...Object.fromEntries(samples.names().map((name) => [`${name}_ms`, samples.median(name)]))
			},
			rounds,
			machine: machineOf(profile.version)
		};
	} finally {
		await profile.close();
		site.close();
	}
}
