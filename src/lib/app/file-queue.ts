/** Files of one draft, sealed one after the other: memory stays at one chunk, however many they are. */

import type { Desk } from '../post/ports.ts';
import type { DraftFile } from '../post/records.ts';
import type { ThreadId } from '../wire/ids.ts';
import { seal, type Source } from './sealing.ts';
import type { DraftAttachment } from './view.ts';

export interface QueuedFile {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly source: Source;
}

export interface QueueListener {
	readonly onState: (id: string, state: DraftAttachment['state']) => void;
	readonly onSealed: (id: string, sealed: NonNullable<DraftFile['sealed']>) => void;
}

/** Progress below this is not worth a new picture. */
const STEP = 0.01;

export class FileQueue {
	readonly #desk: Promise<Desk>;
	readonly #thread: ThreadId | null;
	readonly #listener: QueueListener;
	readonly #running = new Map<string, AbortController>();
	#tail: Promise<void> = Promise.resolve();

	/** @param thread that the draft answers: files that stand there are not sealed again */
	constructor(desk: Promise<Desk>, thread: ThreadId | null, listener: QueueListener) {
		this.#desk = desk;
		this.#thread = thread;
		this.#listener = listener;
	}

	add(files: readonly QueuedFile[]): void {
		for (const file of files) {
			const abort = new AbortController();
			this.#running.set(file.id, abort);
			this.#tail = this.#tail
				.then(() => this.#seal(file, abort.signal))
				.catch(reportError)
				.finally(() => this.#running.delete(file.id));
		}
	}

	/** Nothing is heard of it any more. */
	cancel(id: string): void {
		this.#running.get(id)?.abort();
	}

	cancelAll(): void {
		for (const abort of this.#running.values()) abort.abort();
	}

	async #seal({ id, source }: QueuedFile, signal: AbortSignal): Promise<void> {
		const isCancelled = () => signal.aborted;
		if (isCancelled()) return;
		const { onState, onSealed } = this.#listener;
		let shown = 0;
		const onProgress = (progress: number) => {
			if (progress - shown < STEP || isCancelled()) return;
			shown = progress;
			onState(id, { at: 'adding', progress });
		};
		const options = { signal, onProgress, thread: this.#thread };
		const outcome = await seal(await this.#desk, source, options);
		if (isCancelled()) return;
		if (outcome.ok) onSealed(id, outcome.sealed);
		else if (outcome.problem !== 'cancelled') {
			onState(id, { at: 'failed', problem: outcome.problem });
		}
	}
}
