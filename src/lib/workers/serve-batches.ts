/** A worker that reads files, so that the page never waits for it. Nothing is read ahead of the asker. */

import { isGone } from '../exchange/gone.ts';
import type { BatchAnswer, BatchOrder } from './batch-words.ts';

/** A worker's global scope, and whoever orders files to be read from it. */
interface Scope<Order> {
	addEventListener(type: 'message', listener: (event: MessageEvent<Order>) => void): void;
	postMessage(answer: unknown, moved: ArrayBuffer[]): void;
}

/** @param buffersOf what is handed over with a batch instead of copied, each once */
export function serveBatches<What, Batch>(
	scope: Scope<BatchOrder<What>>,
	read: (what: What) => AsyncGenerator<Batch>,
	buffersOf: (batch: Batch) => ArrayBuffer[]
): void {
	let batches: AsyncGenerator<Batch> | null = null;
	scope.addEventListener('message', ({ data }) => {
		if (data.type === 'open') batches = read(data.what);
		else void nextOf(batches).then((answer) => scope.postMessage(answer, movedWith(answer)));
	});

	function movedWith(answer: BatchAnswer<Batch>): ArrayBuffer[] {
		return answer.type === 'batch' ? [...new Set(buffersOf(answer.batch))] : [];
	}
}

async function nextOf<Batch>(batches: AsyncGenerator<Batch> | null): Promise<BatchAnswer<Batch>> {
	try {
		const found = await batches?.next();
		if (found === undefined || found.done === true) return { type: 'end' };
		return { type: 'batch', batch: found.value };
	} catch (error) {
		return { type: 'failed', isGone: isGone(error), text: String(error) };
	}
}
