/** Starts the worker that holds the search index. */
export function startSearchWorker(): Worker {
	return new Worker(new URL('../workers/search.ts', import.meta.url), { type: 'module' });
}
