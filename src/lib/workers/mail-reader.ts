/** Worker: reads files of mail. */

import { readBatches, type Batch } from '../exchange/brought-batches.ts';
import type { MailFiles } from './batch-words.ts';
import { serveBatches } from './serve-batches.ts';

declare const self: DedicatedWorkerGlobalScope;

serveBatches(self, ({ files, from }: MailFiles) => readBatches(files, from), buffersOf);

function buffersOf({ mails }: Batch): ArrayBuffer[] {
	return mails.flatMap(({ original, files }) => [
		...(original.kind === 'bytes' ? [original.rest.buffer] : []),
		...files.map(({ content }) => content.buffer)
	]);
}
