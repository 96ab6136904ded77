import type { KeyRing } from '../post/ports.ts';
import type { Quota } from '../store/quota.ts';
import type { Storage } from './view.ts';

/** Estimating is cheap but not free, and commits come in bursts. */
const MEASURE_MS = 5_000;

/** How full this browser is. */
export class StorageState implements Storage {
	#quota: Quota | null = null;
	#estimate = $state.raw({ usedBytes: 0, quotaBytes: 0 });
	#isPersisted = $state(false);
	#erases = $state<boolean | null>(null);
	#isFull = $state(false);
	#isMeasureDue = false;

	get usedBytes() {
		return this.#estimate.usedBytes;
	}

	get quotaBytes() {
		return this.#estimate.quotaBytes;
	}

	get isPersisted() {
		return this.#isPersisted;
	}

	get erases() {
		return this.#erases;
	}

	get isFull() {
		return this.#isFull;
	}

	/** The office's terms name what it would keep at most, but nobody names what it keeps. */
	get office() {
		return null;
	}

	async persist(): Promise<boolean> {
		if (this.#quota === null) return false;
		this.#isPersisted = await this.#quota.persist();
		return this.#isPersisted;
	}

	/** Measures now, and from now on whenever `touched` is called. */
	async watch(quota: Quota, ring: KeyRing): Promise<void> {
		this.#quota = quota;
		this.#isPersisted = await quota.isPersisted();
		this.#erases = await ring.erases();
		await this.#measure();
	}

	/** Something was written, or could not be. */
	touched(): void {
		this.#isFull = this.#quota?.isFull ?? false;
		if (this.#isMeasureDue) return;
		this.#isMeasureDue = true;
		setTimeout(() => {
			this.#isMeasureDue = false;
			void this.#measure();
		}, MEASURE_MS);
	}

	async #measure(): Promise<void> {
		if (this.#quota === null) return;
		this.#isFull = this.#quota.isFull;
		this.#estimate = await this.#quota.estimate();
	}
}
