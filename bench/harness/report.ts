/** What a bench prints: its last line is one JSON object, and a bench that cannot run prints none. */
import os from 'node:os';

export interface Result {
	readonly bench: string;
	/** Ours to theirs, larger is better; `…_vs_floor` and `full_vs_empty` are costs, smaller is better. */
	readonly ratios: Readonly<Record<string, number>>;
	/** What the ratios were computed from; the name ends in the unit. */
	readonly raw: Readonly<Record<string, number>>;
	readonly rounds: number;
	/** Kind, cores, browser: nothing that names the machine. */
	readonly machine: string;
}

/** Runs the bench, prints its line, and ends with an exit code that says whether there is one. */
export async function report(measure: () => Promise<Result>): Promise<void> {
	try {
		const result = await measure();
		const rounded = {
			...result,
			ratios: roundAll(result.ratios),
			raw: roundAll(result.raw)
		};
		process.stdout.write(`${JSON.stringify(rounded)}\n`);
	} catch (error) {
		const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
		process.stderr.write(`bench: cannot run: ${why}\n`);
		process.exitCode = 1;
	}
}

/** Three significant digits: more would be noise. */
function roundAll(figures: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(
		Object.entries(figures).map(([name, value]) => [
			name,
			Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
		])
	);
}

/** @param browser its version, where one took part */
export function machineOf(browser: string | null): string {
	const kind = (os.cpus()[0]?.model ?? 'unknown processor').replace(/\s+/g, ' ').trim();
	const parts = [`${os.availableParallelism()} cores`, kind, `Node ${process.versions.node}`];
	return [...parts, ...(browser === null ? [] : [`Chromium ${browser}`])].join(', ');
}

/** Samples by name, taken in interleaved rounds. */
export class Rounds {
	readonly #samples = new Map<string, number[]>();

	add(name: string, value: number): void {
		this.#samples.set(name, [...(this.#samples.get(name) ?? []), value]);
	}

	names(): string[] {
		return [...this.#samples.keys()];
	}

	/** Throws where nothing was measured: no figure is better than a wrong one. */
	median(name: string): number {
		return medianOf(this.#samples.get(name) ?? []);
	}

	/**
	 * Median of the rounds' own ratios: what slows the machine down for a round slows both sides.
	 */
	ratio(above: string, below: string): number {
		const [tops, bottoms] = [this.#samples.get(above) ?? [], this.#samples.get(below) ?? []];
		if (tops.length !== bottoms.length) throw new Error(`${above} and ${below} are not paired`);
		return medianOf(tops.map((top, round) => top / (bottoms[round] ?? Number.NaN)));
	}
}

export function medianOf(samples: readonly number[]): number {
	const sorted = [...samples].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const high = sorted[middle];
	const low = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
	if (high === undefined || low === undefined) throw new Error('nothing was measured');
	return (low + high) / 2;
}

/** @param share 0 to 1; the nearest of the samples */
export function percentile(samples: readonly number[], share: number): number {
	const sorted = [...samples].sort((a, b) => a - b);
	const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
	if (value === undefined) throw new Error('nothing was measured');
	return value;
}

/** `--rounds N`; at least 5, or the medians say nothing. */
export function roundsAsked(argv: readonly string[] = process.argv): number {
	const at = argv.indexOf('--rounds');
	const asked = at < 0 ? 5 : Number(argv[at + 1]);
	if (!Number.isInteger(asked) || asked < 5) throw new Error('--rounds takes a number from 5');
	return asked;
}
