/** Files as batches, read by a worker of this page. */

import type { BatchAnswer, BatchOrder } from '../workers/batch-words.ts';

/** A chosen file cannot be read any more. */
export class SourceVanished extends Error {
	override readonly name = 'SourceVanished';
}

/** Throws `SourceVanished`. The worker ends with it; when stopped at once, whatever it is at. */
export async function* batchesOf<Batch>(
	start: () => Worker,
	what: unknown,
	signal?: AbortSignal
): AsyncGenerator<Batch> {
	const worker = start();
	const tell = (order: BatchOrder<unknown>): void => worker.postMessage(order);
	try {
		tell({ type: 'open', what });
		for (;;) {
			const answered = answerOf<Batch>(worker, signal);
			tell({ type: 'next' });
			const answer = await answered;
			if (answer === null || answer.type === 'end') return;
			if (answer.type === 'batch') yield answer.batch;
			else if (answer.isGone) throw new SourceVanished(answer.text);
			else throw new Error(answer.text);
		}
	} finally {
		worker.terminate();
	}
}

/** `null`: stopped. */
function answerOf<Batch>(
	worker: Worker,
	signal: AbortSignal | undefined
): Promise<BatchAnswer<Batch> | null> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) resolve(null);
		if (signal !== undefined) signal.onabort = () => resolve(null);
		worker.onmessage = ({ data }: MessageEvent<BatchAnswer<Batch>>) => resolve(data);
		worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
	});
}
