/** Worker: takes locks and writes what the page has sealed, while the page paints. */

import { createObey, type WriteAnswer, type WriteOrder } from '../store/writer.ts';

declare const self: DedicatedWorkerGlobalScope;

const obey = createObey(self.navigator.locks);
const say = (answer: WriteAnswer): void => self.postMessage(answer);

self.addEventListener('message', ({ data }: MessageEvent<WriteOrder>) => {
	void obey(data).then(say);
});
say('ready');
