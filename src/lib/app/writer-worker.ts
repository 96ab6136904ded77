/** Starts the worker that writes for this page. */
export function startWriter(): Worker {
	return new Worker(new URL('../workers/writer.ts', import.meta.url), { type: 'module' });
}
