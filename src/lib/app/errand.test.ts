import { expect, test } from 'vitest';
import { createErrand, type Timer } from './errand.ts';

function setUp(outcomes: readonly boolean[]) {
	const pauses: number[] = [];
	let due: (() => void) | null = null;
	let runs = 0;
	let release: () => void = () => undefined;
	const abort = new AbortController();
	const timer: Timer = (ms, work) => {
		pauses.push(ms);
		due = work;
		return () => {
			due = null;
		};
	};
	const work = async () => {
		await new Promise<void>((resolve) => (release = resolve));
		return outcomes[runs++] ?? true;
	};
	const errand = createErrand(work, { signal: abort.signal, timer, chance: () => 0 });
	const finish = async () => {
		release();
		await new Promise((resolve) => setTimeout(resolve));
	};
	return { errand, abort, pauses, finish, runs: () => runs, wake: () => due?.() };
}

test('asked while it runs, it runs once more, however often', async () => {
	const { errand, finish, runs } = setUp([]);
	errand.ask();
	errand.ask();
	errand.ask();
	await finish();
	await finish();
	await finish();
	expect(runs()).toBe(2);
});

test('what failed is tried again, each time later, and at once when the world has changed', async () => {
	const { errand, finish, pauses, wake, runs } = setUp([false, false, false, false]);
	errand.ask();
	await finish();
	wake();
	await finish();
	wake();
	await finish();
	expect(pauses).toEqual([1_000, 2_000, 4_000]);
	errand.hurry();
	await finish();
	expect(runs()).toBe(4);
	expect(pauses.at(-1)).toBe(1_000);
});

test('nothing begins after the end', async () => {
	const { errand, abort, finish, pauses, wake, runs } = setUp([false]);
	errand.ask();
	await finish();
	expect(pauses).toHaveLength(1);
	abort.abort();
	wake();
	errand.hurry();
	await finish();
	expect(runs()).toBe(1);
});

test('a defect is reported, and tried again as a failure', async () => {
	const reported: unknown[] = [];
	globalThis.reportError = (error) => void reported.push(error);
	const pauses: number[] = [];
	const timer: Timer = (ms) => {
		pauses.push(ms);
		return () => undefined;
	};
	const signal = new AbortController().signal;
	createErrand(() => Promise.reject(new Error('broken')), { signal, timer, chance: () => 1 }).ask();
	await new Promise((resolve) => setTimeout(resolve));
	expect(reported).toHaveLength(1);
	expect(pauses).toEqual([500]);
});
