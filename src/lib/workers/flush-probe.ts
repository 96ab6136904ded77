/**
 * Worker: how long this browser takes to bring some bytes to its disk. A private window of Chromium has
 * none, and hides it everywhere else (https://github.com/Joe12387/detectIncognito/pull/62). Says the
 * milliseconds of all flushes together, or `null` where it has no such files.
 */

const FLUSHES = 16;
/** One page of a file system: a smaller write may share one that is on its way. */
const BYTES = 4096;
const NAME = 'flush-probe';

declare const self: DedicatedWorkerGlobalScope;

void measure()
	.catch(() => null)
	.then((ms) => self.postMessage(ms));

async function measure(): Promise<number> {
	const folder = await self.navigator.storage.getDirectory();
	const file = await folder.getFileHandle(NAME, { create: true });
	const access = await file.createSyncAccessHandle();
	try {
		return timeFlushes(access);
	} finally {
		access.close();
		await folder.removeEntry(NAME);
	}
}

function timeFlushes(access: FileSystemSyncAccessHandle): number {
	let sumMs = 0;
	for (let i = 0; i < FLUSHES; i++) {
		access.write(new Uint8Array(BYTES).fill(i), { at: 0 });
		const start = performance.now();
		access.flush();
		// The first makes the file: it takes its time in memory, too.
		if (i > 0) sumMs += performance.now() - start;
	}
	return sumMs;
}
