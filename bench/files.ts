/**
 * `npm run bench:files`: one file from browser to browser, with the app's own storage at both ends,
 * against the bare data channel between the same pages, and against Helia with UnixFS and Bitswap.
 * `-- --mib 64` leaves out the large one.
 */
import { machineOf, report, Rounds, roundsAsked, type Result } from './harness/report.ts';
import { createFiles } from './files/parties.ts';

const SMALL_MIB = 64;
const LARGE_MIB = 1_024;

await report(measure);

async function measure(): Promise<Result> {
	const rounds = roundsAsked();
	const samples = new Rounds();
	const files = await createFiles();
	try {
		const file = await files.prepare(SMALL_MIB);
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			const figures = {
				mib_per_s_64: await files.ours(file),
				raw_mib_per_s: await files.raw(SMALL_MIB),
				bitswap_mib_per_s: await files.bitswap(SMALL_MIB)
			};
			process.stderr.write(`round ${String(round)}: ${JSON.stringify(figures)}\n`);
			if (round === 0) continue;
			for (const [name, value] of Object.entries(figures)) samples.add(name, value);
		}
		samples.add('heap_peak_mib_64', await files.peakMib(file));
		if (!process.argv.includes('--mib')) await measureLarge(files, samples);
	} finally {
		await files.close();
	}
	const names = samples.names();
	const large = samples.names().includes('mib_per_s_1024');
	return {
		bench: 'files',
		ratios: {
			mib64_vs_raw: samples.ratio('mib_per_s_64', 'raw_mib_per_s'),
			...(large && { mib1024_vs_raw: samples.ratio('mib_per_s_1024', 'raw_mib_per_s_1024') }),
			mib64_vs_bitswap: samples.ratio('mib_per_s_64', 'bitswap_mib_per_s')
		},
		raw: Object.fromEntries(names.map((name) => [name, samples.median(name)])),
		rounds,
		machine: machineOf(files.version)
	};
}

async function measureLarge(
	files: Awaited<ReturnType<typeof createFiles>>,
	samples: Rounds
): Promise<void> {
	const file = await files.prepare(LARGE_MIB);
	const rate = await files.ours(file);
	const raw = await files.raw(LARGE_MIB);
	process.stderr.write(`large: ${JSON.stringify({ rate, raw })}\n`);
	samples.add('mib_per_s_1024', rate);
	samples.add('raw_mib_per_s_1024', raw);
	const peak = await files.peakMib(file);
	samples.add('heap_peak_mib_1024', peak);
	samples.add('heap_growth_mib', peak - samples.median('heap_peak_mib_64'));
}
