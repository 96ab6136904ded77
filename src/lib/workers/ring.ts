/** Worker: writes the key ring's file in place, which nothing but a worker can. One order at a time. */

import { systemRandom } from '../crypto/random.ts';
import { obey, type RingAnswer, type RingOrder } from '../store/ring-file.ts';

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', ({ data }: MessageEvent<RingOrder>) => {
	void work(data).then((answer) => self.postMessage(answer));
});

async function work(order: RingOrder): Promise<RingAnswer> {
	let disk: FileSystemSyncAccessHandle | null = null;
	try {
		const folder = await self.navigator.storage.getDirectory();
		const file = await folder.getFileHandle(order.file, { create: 'claim' in order });
		if (!('createSyncAccessHandle' in file)) return { ok: false, isNever: true };
		disk = await file.createSyncAccessHandle();
		return obey(disk, order, systemRandom);
	} catch (error) {
		const name = error instanceof DOMException ? error.name : '';
		// No file: nothing to wipe. A refusal by policy lasts; all else (no room, held) passes.
		if (name === 'NotFoundError') return { ok: true, bytes: new Uint8Array(), places: [] };
		return { ok: false, isNever: name === 'SecurityError' || name === 'NotSupportedError' };
	} finally {
		disk?.close();
	}
}
