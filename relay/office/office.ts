/**
 * A post office, without HTTP: its ground, and what it holds in memory. The files beside this one
 * are what can be done at it.
 */

import { BOUNDS } from './bounds.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { createNotices, type Notices } from './notices.ts';
import { createNonces, type Nonces } from './nonces.ts';
import { createParents, type Parents } from './parents.ts';
import type { OfficeGround } from './ports.ts';
import { countTotals, type Totals } from './totals.ts';
import { createTurns, type Turns } from './turns.ts';

export interface Office extends OfficeGround {
	readonly totals: Totals;
	readonly notices: Notices;
	readonly listeners: Listeners;
	readonly nonces: Nonces;
	readonly parents: Parents;
	readonly walks: Turns;
	/** Sends whose drop is under way. */
	readonly underway: Set<string>;
}

export function createOffice(ground: OfficeGround): Office {
	const { store, totals } = countTotals(ground.store);
	return {
		...ground,
		...{ store, totals },
		notices: createNotices(),
		listeners: createListeners(),
		nonces: createNonces(store),
		parents: createParents(),
		walks: createTurns(BOUNDS.walksAtOnce),
		underway: new Set()
	};
}
