/** Worker: reads address books. */

import { readCardBatches, type CardBatch } from '../exchange/vcard-batches.ts';
import type { CardBooks } from './batch-words.ts';
import { serveBatches } from './serve-batches.ts';

declare const self: DedicatedWorkerGlobalScope;

const read = ({ files, takesPhotos }: CardBooks) => readCardBatches(files, takesPhotos);
serveBatches(self, read, picturesOf);

function picturesOf({ cards }: CardBatch): ArrayBuffer[] {
	return cards.flatMap(({ photo }) => (photo === null ? [] : [photo.buffer]));
}
