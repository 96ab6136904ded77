/** Starts the worker that writes the key ring; in pages, for a service worker cannot start one. */
export function startRingWorker(): Worker {
	return new Worker(new URL('../workers/ring.ts', import.meta.url), { type: 'module' });
}
