import { createKeyRing } from '../../src/lib/store/key-ring.ts';
import { createRingFile } from '../../src/lib/store/ring-file.ts';
import RingWorker from '../../src/lib/workers/ring.ts?worker';
import { describeKeyRing } from './key-ring.ts';

let profiles = 0;

describeKeyRing('this browser', () => {
	const name = `profile ${String(profiles++)}`;
	const removeFile = async () => {
		const folder = await navigator.storage.getDirectory();
		await folder.removeEntry(`${name}-ring`).catch(() => undefined);
	};
	return {
		open: () => createKeyRing(() => createRingFile(name, () => new RingWorker())),
		lose: removeFile,
		end: removeFile
	};
});
