/** Address books as batches of people, read by a worker of this page. */

import type { CardBatch } from '../exchange/vcard-batches.ts';
import type { CardAnswer, CardOrder } from '../workers/card-words.ts';
import { SourceVanished } from './mail-reader.ts';

/** Throws `SourceVanished`. The worker ends with it; when stopped at once, whatever it is at. */
export async function* readCardsInWorker(
	files: readonly Blob[],
	takesPhotos: boolean,
	signal: AbortSignal
): AsyncGenerator<CardBatch> {
	const worker = new Worker(new URL('../workers/card-reader.ts', import.meta.url), {
		type: 'module'
	});
	const tell = (order: CardOrder): void => worker.postMessage(order);
	try {
		tell({ type: 'open', files, takesPhotos });
		for (;;) {
			const answered = answerOf(worker, signal);
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
function answerOf(worker: Worker, signal: AbortSignal): Promise<CardAnswer | null> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) resolve(null);
		signal.onabort = () => resolve(null);
		worker.onmessage = ({ data }: MessageEvent<CardAnswer>) => resolve(data);
		worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
	});
}
