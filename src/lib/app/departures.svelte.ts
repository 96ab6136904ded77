import type { Witness } from '../net/departures.ts';
import { openDepartureLog, type Left } from '../workers/departure-log.ts';
import type { Departures } from './view.ts';

/** The log of this page; on screen only while a screen reads it. */
export class DeparturesState implements Departures {
	readonly #log = openDepartureLog('page');
	#all = $state.raw<readonly Left[]>([]);

	constructor() {
		this.#log.subscribe(() => {
			this.#all = this.#log.entries;
		});
	}

	get witness(): Witness {
		return this.#log.witness;
	}

	get all() {
		return this.#all.toReversed();
	}
}
