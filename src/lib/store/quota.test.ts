import { describe, expect, it } from 'vitest';
import { createQuota, findStorage, type StorageScope } from './quota.ts';

const DISK = { isFull: false };

describe('the quota', () => {
	it('passes on what the browser says', async () => {
		const storage = {
			estimate: async () => ({ usage: 1, quota: 2 }),
			persisted: async () => false,
			persist: async () => true
		};
		const quota = createQuota({ isFull: true }, storage);
		expect(await quota.estimate()).toEqual({ usedBytes: 1, quotaBytes: 2 });
		expect([await quota.isPersisted(), await quota.persist()]).toEqual([false, true]);
		expect(quota.isFull).toBe(true);
	});

	it('answers where the browser says nothing', async () => {
		const quota = createQuota(DISK, {});
		expect(await quota.estimate()).toEqual({ usedBytes: 0, quotaBytes: 0 });
		expect([await quota.isPersisted(), await quota.persist()]).toEqual([false, false]);
		expect(await quota.isFleeting()).toBe(false);
	});

	it('cannot ask in a worker, and tells what is', async () => {
		const quota = createQuota(DISK, { persisted: async () => true });
		expect(await quota.persist()).toBe(true);
	});

	it('finds what this platform has', () => {
		expect(findStorage()).toBeTypeOf('object');
	});
});

describe('storage that ends with the window', () => {
	it.each([
		['Firefox, private', true, refusing('SecurityError')],
		['Safari, private', true, refusing('UnknownError')],
		['Safari 18.4, private', true, granting(1_000_000_000)],
		['a browser without files', false, refusing('NotSupportedError')],
		['an ordinary window', false, granting(10_737_418_240)]
	])('%s: %s', async (_, isFleeting, storage) => {
		expect(await createQuota(DISK, storage).isFleeting()).toBe(isFleeting);
	});
});

function granting(quota: number): StorageScope {
	return { estimate: async () => ({ usage: 0, quota }) };
}

function refusing(name: string): StorageScope {
	return {
		getDirectory: () => Promise.reject(new DOMException('no', name))
	};
}
