/** Brings what was written into the packed list of threads (`post/listing.ts`), when it is quiet again. */

import { tendListing } from '../post/listing.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import { systemTimer, type Timer } from './errand.ts';

export interface ListingDuty {
	/** Some tab, or the worker, wrote a thread's row. */
	touched(): void;
}

/** A few messages in a row are brought in together, and the start belongs to the screen. */
const QUIET_MS = 5_000;
/** Where it never gets quiet, as while years of mail are brought: what is not packed is read row by row. */
const LONGEST_MS = 60_000;

export function createListingDuty(
	desk: Desk,
	signal: AbortSignal,
	timer: Timer = systemTimer
): ListingDuty {
	let stopQuiet: (() => void) | null = null;
	let stopLongest: (() => void) | null = null;
	const stop = () => {
		stopQuiet?.();
		stopLongest?.();
		stopQuiet = stopLongest = null;
	};
	const tend = async () => {
		stop();
		try {
			await tendAll(desk, signal);
		} catch (error) {
			if (!signal.aborted) reportError(error);
		}
	};
	signal.addEventListener('abort', stop, { once: true });
	return {
		touched() {
			if (signal.aborted) return;
			stopQuiet?.();
			stopQuiet = timer(QUIET_MS, () => void tend());
			stopLongest ??= timer(LONGEST_MS, () => void tend());
		}
	};
}

/** Without room the list is read from the rows, as before; the next write asks again. */
export async function tendAll(desk: Desk, signal?: AbortSignal): Promise<void> {
	try {
		while (signal?.aborted !== true && !(await tendListing(desk, { signal })));
	} catch (error) {
		if (!(error instanceof StorageFull)) throw error;
	}
}
