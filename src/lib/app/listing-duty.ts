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

export function createListingDuty(
	desk: Desk,
	signal: AbortSignal,
	timer: Timer = systemTimer
): ListingDuty {
	let stop: (() => void) | null = null;
	const tend = async () => {
		stop = null;
		try {
			while (!signal.aborted && !(await tendListing(desk)));
		} catch (error) {
			// Without room the list is read from the rows, as before; the next write asks again.
			if (!(error instanceof StorageFull || signal.aborted)) reportError(error);
		}
	};
	signal.addEventListener('abort', () => stop?.(), { once: true });
	return {
		touched() {
			stop?.();
			if (!signal.aborted) stop = timer(QUIET_MS, () => void tend());
		}
	};
}
