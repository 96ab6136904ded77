/** A desk whose writes are noticed, the failed ones too: the screen says when there is no room. */

import type { Desk } from '../post/ports.ts';

type Kept = Pick<Desk, 'store' | 'blocks'>;

export function watchWrites({ store, blocks }: Kept, onWrite: () => void): Kept {
	return {
		store: {
			get: (table, key) => store.get(table, key),
			recall: (table, key) => store.recall(table, key),
			presume: (table, key) => store.presume(table, key),
			recallAll: (table) => store.recallAll(table),
			list: (table, prefix) => store.list(table, prefix),
			takesLocks: () => store.takesLocks(),
			commit: (changes, options) => store.commit(changes, options).finally(onWrite),
			update: (table, key, decide, options) =>
				store.update(table, key, decide, options).finally(onWrite),
			subscribe: (listener) => store.subscribe(listener)
		},
		blocks: {
			has: (id) => blocks.has(id),
			get: (id) => blocks.get(id),
			missing: (ids) => blocks.missing(ids),
			put: (list) => blocks.put(list).finally(onWrite),
			remove: (ids) => blocks.remove(ids).finally(onWrite)
		}
	};
}
