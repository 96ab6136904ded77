import { createMemoryDisk } from './memory-store.ts';
import { makeFakeProfile } from './store-fake.ts';
import { describeStore } from './store.ts';

describeStore('the double', () => {
	const disk = createMemoryDisk();
	return {
		open: () => disk.open(),
		fill: (isFull) => {
			disk.isFull = isFull;
		},
		end: () => disk.crash()
	};
});

describeStore('IndexedDB without room for a put', () => makeFakeProfile('at-put'));
describeStore('IndexedDB without room for a commit', () => makeFakeProfile('at-commit'));
describeStore('IndexedDB that aborts without room', () => makeFakeProfile('by-abort'));
