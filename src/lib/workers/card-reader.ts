/** Worker: reads address books, so that the page never waits for it. Nothing is read ahead of the asker. */

import { readCardBatches, type CardBatch } from '../exchange/vcard-batches.ts';
import type { CardAnswer, CardOrder } from './card-words.ts';

declare const self: DedicatedWorkerGlobalScope;

let batches: AsyncGenerator<CardBatch> | null = null;

self.addEventListener('message', ({ data }: MessageEvent<CardOrder>) => {
	if (data.type === 'open') batches = readCardBatches(data.files, data.takesPhotos);
	else void next().then((answer) => self.postMessage(answer, picturesOf(answer)));
});

async function next(): Promise<CardAnswer> {
	try {
		const found = await batches?.next();
		if (found === undefined || found.done === true) return { type: 'end' };
		return { type: 'batch', batch: found.value };
	} catch (error) {
		// The browser's word for a file that cannot be read any more.
		return { type: 'failed', isGone: error instanceof DOMException, text: String(error) };
	}
}

/** They are handed over instead of copied. */
function picturesOf(answer: CardAnswer): ArrayBuffer[] {
	if (answer.type !== 'batch') return [];
	return answer.batch.cards.flatMap(({ photo }) => (photo === null ? [] : [photo.buffer]));
}
