import { expect, test } from 'vitest';
import { orSoon } from './soon.ts';

test('the outcome where it comes in time, else the other one', async () => {
	expect(await orSoon(Promise.resolve('done'), 1000, 'later')).toBe('done');
	expect(await orSoon(new Promise(() => undefined), 1, 'later')).toBe('later');
});

test('what fails in time is thrown, what fails later is reported', async () => {
	await expect(orSoon(Promise.reject(new Error('broken')), 1000, null)).rejects.toThrow('broken');
	const reported: unknown[] = [];
	globalThis.reportError = (error) => void reported.push(error);
	const { promise, reject } = Promise.withResolvers<null>();
	await orSoon(promise, 1, null);
	reject(new Error('late'));
	await promise.catch(() => undefined);
	expect(reported).toEqual([new Error('late')]);
});
