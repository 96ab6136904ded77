/** Sends what is held when its time comes, as long as this tab lives; whichever tab is first does it. */

import type { DraftRecord } from '../post/records.ts';
import { systemTimer, type Timer } from './errand.ts';

export interface HoldClockPorts {
	/** Sends it if it is still held and due. */
	readonly post: (id: string) => Promise<unknown>;
	/** It failed again and again with this; null: it is held no more. */
	readonly onTrouble: (id: string, error: unknown) => void;
	readonly now: () => number;
	readonly timer?: Timer;
}

/** What failed for want of room, or of the key ring, is tried again after this, ms; then later and later. */
const AGAIN_MS = 5_000;
const AGAIN_MAX_MS = 300_000;

export class HoldClock {
	readonly #ports: HoldClockPorts;
	readonly #alarms = new Map<string, Alarm>();

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
			this.#ports.onTrouble(id, null);
		}
		for (const [id, until] of held) {
			if (until !== undefined && !this.#alarms.has(id)) {
				this.#set(id, { until, failures: 0 }, this.#waitFor(until));
			}
		}
	}

	/** A time further away than can be chosen is a clock that was set back: it is due. */
	#waitFor(until: number): number {
		const ms = until - this.#ports.now();
		return ms > LONGEST_MS ? 0 : Math.max(0, ms);
	}

	#set(id: string, alarm: Omit<Alarm, 'stop'>, ms: number): void {
		const { timer = systemTimer } = this.#ports;
		const stop = timer(ms, () => void this.#ring(id, alarm));
		this.#alarms.set(id, { ...alarm, stop });
	}

	async #ring(id: string, alarm: Omit<Alarm, 'stop'>): Promise<void> {
		let failures = 0;
		try {
			await this.#ports.post(id);
			// Where it has gone, the next word about the drafts ends this.
		} catch (error) {
			failures = alarm.failures + 1;
			reportError(error);
			// It may have been taken back meanwhile; and what passes by itself in seconds is not worth a word.
			if (failures > 1 && this.#isStill(id, alarm)) this.#ports.onTrouble(id, error);
		}
		const pause = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** Math.max(0, failures - 1));
		if (this.#isStill(id, alarm)) this.#set(id, { ...alarm, failures }, pause);
	}

	#isStill(id: string, { until }: Omit<Alarm, 'stop'>): boolean {
		return this.#alarms.get(id)?.until === until;
	}
}

interface Alarm {
	readonly until: number;
	/** In a row. */
	readonly failures: number;
	readonly stop: () => void;
}

/** As `LONGEST_HOLD_MS` in `post/held.ts`, which the first screen does without; a test compares them. */
export const LONGEST_MS = 30_000;
