/** Address books as batches of people, read by a worker of this page. */

import type { CardBatch } from '../exchange/vcard-batches.ts';
import type { CardBooks } from '../workers/batch-words.ts';
import { batchesOf } from './batches.ts';

/** Throws `SourceVanished`. The worker ends with it; when stopped at once, whatever it is at. */
export function readCardsInWorker(
	books: CardBooks,
	signal: AbortSignal
): AsyncGenerator<CardBatch> {
	return batchesOf(start, books, signal);
}

const start = () =>
	new Worker(new URL('../workers/card-reader.ts', import.meta.url), { type: 'module' });
