import { expect, test } from 'vitest';
import { createMemoryRing } from '../../../tests/conformance/memory-ring.ts';
import { StorageState } from './storage.svelte.ts';

test('nobody is told that what ends is erased before it is known', async () => {
	const storage = new StorageState();
	expect(storage.erases).toBeNull();
	const estimate = { usedBytes: 0, quotaBytes: 0 };
	const quota = {
		isFull: false,
		isFleeting: async () => false,
		isPersisted: async () => false,
		persist: async () => false,
		estimate: async () => estimate
	};
	await storage.watch(quota, { ...createMemoryRing(), erases: async () => false });
	expect(storage.erases).toBe(false);
});
