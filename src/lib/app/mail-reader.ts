/** Files of mail as batches, read by a worker of this page. */

import type { Batch } from '../exchange/brought-batches.ts';
import type { MailFiles } from '../workers/batch-words.ts';
import { batchesOf } from './batches.ts';

/** Throws `SourceVanished`. The worker ends with it. */
export function readInWorker(files: MailFiles): AsyncGenerator<Batch> {
	return batchesOf(start, files);
}

const start = () =>
	new Worker(new URL('../workers/mail-reader.ts', import.meta.url), { type: 'module' });
