/** Asks a worker whether storage has a disk behind it. */

/**
 * Less than this for 15 flushes is no disk, ms: the fastest take ten times as long, memory takes none
 * that the clock shows (a tenth of a millisecond).
 */
const DISK_MS = 0.5;
/** A worker that does not even load says nothing, and the reader waits. */
const PATIENCE_MS = 2000;

/** `false` also where it cannot be found out. Only Chromium needs to be asked: others say it. */
export async function flushesToMemory(): Promise<boolean> {
	if (!('userAgentData' in navigator)) return false;
	const worker = new Worker(new URL('../workers/flush-probe.ts', import.meta.url), {
		type: 'module'
	});
	const signal = AbortSignal.timeout(PATIENCE_MS);
	const answer = await new Promise<unknown>((resolve) => {
		worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data), {
			signal
		});
		worker.addEventListener('error', () => resolve(null), { signal });
		signal.addEventListener('abort', () => resolve(null), { once: true });
	});
	worker.terminate();
	return typeof answer === 'number' && answer < DISK_MS;
}
