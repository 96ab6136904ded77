/** What the screens see of what left this browser. */

import type { Left } from '../workers/departure-log.ts';

export type { Left } from '../workers/departure-log.ts';
export type { RequestKind } from '../net/departures.ts';

/** Of all tabs of this profile and of the service worker, since the first of them was opened. */
export interface Departures {
	/** Newest first; some hundred at most. Nothing of it is stored. */
	readonly all: readonly Left[];
}
