import { nextWaking } from '../mailbox/lists.ts';
import type { ListedThread } from '../post/listed.ts';

/** Timers stand still while a computer sleeps: so often the clock is looked at. */
const LOOK_MS = 30_000;

/** The time as lists of threads know it: it moves on when one that is snoozed comes back. */
export class Waking {
	#now = $state.raw(Date.now());
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Reactive. */
	get now(): number {
		return this.#now;
	}

	/** To be called with the rows whenever they have changed. */
	watch(threads: readonly ListedThread[]): void {
		clearTimeout(this.#timer);
		const next = nextWaking(threads, this.#now);
		// It was set back: what was snoozed by the right time must not be awake by the wrong one.
		const isAhead = this.#now > Date.now() + LOOK_MS;
		if (next === null && !isAhead) return;
		const leftMs = isAhead ? 0 : (next ?? 0) - Date.now();
		this.#timer = setTimeout(
			() => {
				if (isAhead || Date.now() >= (next ?? 0)) this.#now = Date.now();
				else this.watch(threads);
			},
			Math.min(Math.max(0, leftMs), LOOK_MS)
		);
	}
}
