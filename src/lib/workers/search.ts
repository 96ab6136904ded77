/** Worker: the search index of this profile (`search-desk.ts`), beside the page that asks it. */

import { systemRandom } from '../crypto/random.ts';
import { createStore } from '../store/store.ts';
import { SearchDesk } from './search-desk.ts';
import type { FromWorker, ToWorker } from './search-words.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Of all workers of this profile one holds it. */
const LOCK = 'defms-search';
/** What is written together comes within this. */
const REST_MS = 200;

const store = createStore({ suite: () => Promise.reject(new Error('nothing is signed here')) });
const desk = new SearchDesk({
	store: store.mail,
	messages: store.messages,
	alone: (work) => navigator.locks.request(LOCK, work),
	random: systemRandom,
	say: (word: FromWorker) => self.postMessage(word),
	rest: () => new Promise((resolve) => setTimeout(resolve, REST_MS))
});

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => desk.hear(data));
desk.open().catch(reportError);
