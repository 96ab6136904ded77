/**
 * What one session sends. Small frames go as they come; `entries` and `block` wait for the peer's
 * credit, because a data channel tells its reader's slowness to nobody (protocol §5).
 */

import { frame } from '../wire/frame.ts';
import { LIMITS } from '../wire/limits.ts';
import { Breach, type Pipe } from './pipe.ts';

/** A peer that makes us answer and does not read: we hold no more of our answers than a stream may. */
const UNSENT_BYTES = 4 * LIMITS.creditBytes;
/** More than anybody has a use for; keeps the sum a safe integer. */
const MOST_CREDIT_BYTES = 16 * LIMITS.creditBytes;

interface Bulk {
	readonly payload: Uint8Array;
	readonly sent: () => void;
	readonly failed: (reason: unknown) => void;
}

export class Outgoing {
	readonly #pipe: Pipe;
	readonly #small: Uint8Array[] = [];
	readonly #bulk: Bulk[] = [];
	#smallBytes = 0;
	#creditBytes: number = LIMITS.creditBytes;
	#isRunning = false;
	#failure: { readonly cause: unknown } | null = null;
	readonly #onFailure: (cause: unknown) => void;

	/** @param onFailure called once, when the pipe takes no more */
	constructor(pipe: Pipe, onFailure: (cause: unknown) => void) {
		this.#pipe = pipe;
		this.#onFailure = onFailure;
	}

	/** Throws `Breach` where the peer does not read what it makes us say. */
	small(payload: Uint8Array): void {
		if (this.#failure !== null) return;
		this.#smallBytes += payload.length;
		if (this.#smallBytes > UNSENT_BYTES) throw new Breach('rate-limited');
		this.#small.push(payload);
		this.#run();
	}

	/** Resolves when it is handed to the pipe, which may be long after; rejects when that is gone. */
	async bulk(payload: Uint8Array): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<undefined>();
		if (this.#failure !== null) throw this.#failure.cause;
		this.#bulk.push({ payload, sent: () => resolve(undefined), failed: reject });
		this.#run();
		await promise;
	}

	/** The peer takes so many more bytes. */
	grant(bytes: number): void {
		this.#creditBytes = Math.min(this.#creditBytes + bytes, MOST_CREDIT_BYTES);
		this.#run();
	}

	/** Whoever waits is told; nothing is sent any more. */
	fail(cause: unknown): void {
		if (this.#failure !== null) return;
		this.#failure = { cause };
		for (const { failed } of this.#bulk.splice(0)) failed(cause);
		this.#small.length = 0;
	}

	#run(): void {
		if (this.#isRunning || this.#failure !== null) return;
		this.#isRunning = true;
		this.#drain().catch((cause: unknown) => {
			this.fail(cause);
			this.#onFailure(cause);
		});
	}

	async #drain(): Promise<void> {
		for (;;) {
			const small = this.#small.shift();
			if (small !== undefined) {
				this.#smallBytes -= small.length;
				await this.#pipe.send(frame(small));
				continue;
			}
			const [bulk] = this.#bulk;
			if (bulk === undefined || bulk.payload.length > this.#creditBytes) {
				this.#isRunning = false;
				return;
			}
			this.#creditBytes -= bulk.payload.length;
			await this.#pipe.send(frame(bulk.payload));
			// It stood in the queue until now, so that a failure in between reaches its maker.
			this.#bulk.shift();
			bulk.sent();
		}
	}
}
