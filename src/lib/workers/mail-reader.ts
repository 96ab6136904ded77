/** Worker: reads files of mail, so that the page never waits for it. Nothing is read ahead of the asker. */

import { readBatches, type Batch } from '../exchange/brought-batches.ts';
import { isGone } from '../exchange/mail-source.ts';
import type { MailAnswer, MailOrder } from './mail-words.ts';

declare const self: DedicatedWorkerGlobalScope;

let batches: AsyncGenerator<Batch> | null = null;

self.addEventListener('message', ({ data }: MessageEvent<MailOrder>) => {
	if (data.type === 'open') batches = readBatches(data.files, data.from);
	else void next().then(({ answer, moved }) => self.postMessage(answer, moved));
});

/** `moved`: the bytes, which are handed over instead of copied. */
async function next(): Promise<{ answer: MailAnswer; moved: ArrayBuffer[] }> {
	try {
		const found = await batches?.next();
		if (found === undefined || found.done === true) return { answer: { type: 'end' }, moved: [] };
		const batch = found.value;
		return { answer: { type: 'batch', batch }, moved: [...new Set(buffersOf(batch))] };
	} catch (error) {
		return { answer: { type: 'failed', isGone: isGone(error), text: String(error) }, moved: [] };
	}
}

function buffersOf({ mails }: Batch): ArrayBuffer[] {
	return mails.flatMap(({ original, files }) => [
		...(original.kind === 'bytes' ? [original.rest.buffer] : []),
		...files.map(({ content }) => content.buffer)
	]);
}
