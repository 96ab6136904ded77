import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EMPTY_DRAFT, NOW } from '../../../tests/mailbox/records.ts';
import { LONGEST_HOLD_MS } from '../post/held.ts';
import { HoldClock, LONGEST_MS } from './hold-clock.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const held = (heldUntil: number) => ({ ...EMPTY_DRAFT, heldUntil });

function setUp() {
	const post = vi.fn(async (_id: string): Promise<unknown> => null);
	const onTrouble = vi.fn();
	return { post, onTrouble, clock: new HoldClock({ post, onTrouble, now: () => Date.now() }) };
}

test('it rings when it is due, and what was overdue at the start rings at once', async () => {
	const { post, clock } = setUp();
	clock.mind([held(NOW + 10_000), { ...held(NOW - 1), id: 'overdue' }]);
	await vi.advanceTimersByTimeAsync(0);
	expect(post.mock.calls).toEqual([['overdue']]);
	clock.mind([held(NOW + 10_000)]);
	await vi.advanceTimersByTimeAsync(9_999);
	expect(post).toHaveBeenCalledTimes(1);
	await vi.advanceTimersByTimeAsync(1);
	expect(post).toHaveBeenLastCalledWith('draft');
});

test('what was taken back does not ring; held again, it rings at its new time', async () => {
	const { post, clock } = setUp();
	clock.mind([held(NOW + 10_000)]);
	clock.mind([EMPTY_DRAFT]);
	await vi.advanceTimersByTimeAsync(20_000);
	expect(post).not.toHaveBeenCalled();
	clock.mind([held(NOW + 25_000)]);
	await vi.advanceTimersByTimeAsync(5_000);
	expect(post).toHaveBeenCalledTimes(1);
});

test('what fails is tried again, later and later, and told of until it is no longer held', async () => {
	vi.stubGlobal('reportError', () => undefined);
	const { post, onTrouble, clock } = setUp();
	const noRoom = new Error('no room');
	clock.mind([held(NOW)]);
	const times: number[] = [];
	post.mockImplementation(async () => {
		times.push(Date.now() - NOW);
		throw noRoom;
	});
	await vi.advanceTimersByTimeAsync(3_600_000);
	expect(times.slice(0, 5)).toEqual([0, 5_000, 15_000, 35_000, 75_000]);
	const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
	expect(Math.max(...pauses)).toBe(300_000);
	expect(onTrouble).toHaveBeenLastCalledWith('draft', noRoom);
	clock.mind([EMPTY_DRAFT]);
	expect(onTrouble).toHaveBeenLastCalledWith('draft', null);
	await vi.advanceTimersByTimeAsync(3_600_000);
	expect(post).toHaveBeenCalledTimes(times.length);
	vi.unstubAllGlobals();
});

test('what fails after it was taken back is no trouble any more', async () => {
	vi.stubGlobal('reportError', () => undefined);
	const { post, onTrouble, clock } = setUp();
	post.mockImplementation(async () => {
		clock.mind([EMPTY_DRAFT]);
		throw new Error('no room');
	});
	clock.mind([held(NOW)]);
	await vi.advanceTimersByTimeAsync(3_600_000);
	expect(onTrouble.mock.calls).toEqual([['draft', null]]);
	expect(post).toHaveBeenCalledTimes(1);
	vi.unstubAllGlobals();
});

test('both know the same longest time', () => {
	expect(LONGEST_MS).toBe(LONGEST_HOLD_MS);
});
