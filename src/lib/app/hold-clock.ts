/** Sends what is held when its time comes, as long as this tab lives; whichever tab is first does it. */

import type { DraftRecord } from '../post/records.ts';
import { systemTimer, type Timer } from './errand.ts';

export interface HoldClockPorts {
	/** Sends it if it is still held and due. */
	readonly post: (id: string) => Promise<unknown>;
	readonly now: () => number;
	readonly timer?: Timer;
}

/** What failed for want of room, or of the key ring, is tried again after this, ms. */
const AGAIN_MS = 5_000;

export class HoldClock {
	readonly #ports: HoldClockPorts;
	readonly #alarms = new Map<string, { readonly until: number; readonly stop: () => void }>();

	constructor(ports: HoldClockPorts) {
		this.#ports = ports;
	}

	/** To be told of all drafts whenever they change. */
	mind(drafts: readonly DraftRecord[]): void {
		const held = new Map(drafts.map(({ id, heldUntil }) => [id, heldUntil]));
		for (const [id, { until, stop }] of this.#alarms) {
			if (held.get(id) === until) continue;
			stop();
			this.#alarms.delete(id);
		}
		for (const [id, until] of held) {
			if (until !== undefined && !this.#alarms.has(id)) this.#set(id, until, this.#waitFor(until));
		}
	}

	/** A time further away than can be chosen is a clock that was set back: it is due. */
	#waitFor(until: number): number {
		const ms = until - this.#ports.now();
		return ms > LONGEST_MS ? 0 : Math.max(0, ms);
	}

	#set(id: string, until: number, ms: number): void {
		const { timer = systemTimer } = this.#ports;
		const stop = timer(ms, () => void this.#ring(id, until));
		this.#alarms.set(id, { until, stop });
	}

	async #ring(id: string, until: number): Promise<void> {
		const again = () => {
			if (this.#alarms.get(id)?.until === until) this.#set(id, until, AGAIN_MS);
		};
		try {
			await this.#ports.post(id);
			// Where it has gone, the next word about the drafts ends this.
			again();
		} catch (error) {
			again();
			reportError(error);
		}
	}
}

/** As `LONGEST_HOLD_MS` in `post/held.ts`, which the first screen does without; a test compares them. */
export const LONGEST_MS = 30_000;
