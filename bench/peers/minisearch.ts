/** The peer: MiniSearch, in memory; nothing is stored. */
import MiniSearch from 'minisearch';
import { createCorpus } from '../search/corpus.ts';

const api = {
	/** ms until so many mails are indexed. */
	index(count: number): number {
		const corpus = createCorpus(0);
		const mails = Array.from({ length: count }, (_, id) => ({ id, text: corpus.mail(id) }));
		const index = new MiniSearch({ fields: ['text'] });
		const start = performance.now();
		index.addAll(mails);
		return performance.now() - start;
	}
};

Object.assign(globalThis, { api });
