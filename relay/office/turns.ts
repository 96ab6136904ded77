/** So many pieces of work at once; the rest wait in line. */

export interface Turns {
	run<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(atOnce: number): Turns {
	const line: (() => void)[] = [];
	let running = 0;
	return {
		async run(work) {
			if (running === atOnce) {
				// The turn is handed over by whoever ends, so `running` stays as it is.
				await new Promise<void>((resolve) => line.push(resolve));
			} else {
				running++;
			}
			try {
				return await work();
			} finally {
				const next = line.shift();
				if (next === undefined) running--;
				else next();
			}
		}
	};
}
