/** Files of mail as batches, read by a worker of this page. */

import type { Batch } from '../exchange/brought-batches.ts';
import type { Position, SourceFile } from '../exchange/mail-source.ts';
import type { MailAnswer, MailOrder } from '../workers/mail-words.ts';

/** A chosen file cannot be read any more. */
export class SourceVanished extends Error {
	override readonly name = 'SourceVanished';
}

/** Throws `SourceVanished`. The worker ends with it. */
export async function* readInWorker(
	files: readonly SourceFile[],
	from: Position
): AsyncGenerator<Batch> {
	const worker = new Worker(new URL('../workers/mail-reader.ts', import.meta.url), {
		type: 'module'
	});
	const tell = (order: MailOrder): void => worker.postMessage(order);
	try {
		tell({ type: 'open', files, from });
		for (;;) {
			const answered = answerOf(worker);
			tell({ type: 'next' });
			const answer = await answered;
			if (answer.type === 'end') return;
			if (answer.type === 'batch') yield answer.batch;
			else if (answer.isGone) throw new SourceVanished(answer.text);
			else throw new Error(answer.text);
		}
	} finally {
		worker.terminate();
	}
}

function answerOf(worker: Worker): Promise<MailAnswer> {
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<MailAnswer>) => resolve(data);
		worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
	});
}
