/** Work of one kind, one piece after the other, as it came. */

import { Breach } from './pipe.ts';

export class Lane {
	readonly #most: number;
	readonly #onFailure: (cause: unknown) => void;
	readonly #waiting: (() => Promise<void>)[] = [];
	#isRunning = false;

	/** @param most pieces that may wait: a peer that makes more work than we do is flooding us */
	constructor(most: number, onFailure: (cause: unknown) => void) {
		this.#most = most;
		this.#onFailure = onFailure;
	}

	get isBusy(): boolean {
		return this.#isRunning;
	}

	/** Throws `Breach` where too much waits already. What follows a failure is never run. */
	add(work: () => Promise<void>): void {
		if (this.#waiting.length >= this.#most) throw new Breach('rate-limited');
		this.#waiting.push(work);
		if (this.#isRunning) return;
		this.#isRunning = true;
		this.#run().catch(this.#onFailure);
	}

	async #run(): Promise<void> {
		for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
			await work();
		}
		this.#isRunning = false;
	}
}
