import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EMPTY_DRAFT, NOW } from '../../../tests/mailbox/records.ts';
import { LONGEST_HOLD_MS } from '../post/held.ts';
import { HoldClock, LONGEST_MS } from './hold-clock.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const held = (heldUntil: number) => ({ ...EMPTY_DRAFT, heldUntil });

function setUp() {
	const post = vi.fn(async (_id: string): Promise<unknown> => null);
	return { post, clock: new HoldClock({ post, now: () => Date.now() }) };
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

test('what failed is tried again', async () => {
	vi.stubGlobal('reportError', () => undefined);
	const { post, clock } = setUp();
	post.mockRejectedValueOnce(new Error('no room'));
	clock.mind([held(NOW)]);
	await vi.advanceTimersByTimeAsync(0);
	await vi.advanceTimersByTimeAsync(5_000);
	expect(post).toHaveBeenCalledTimes(2);
	vi.unstubAllGlobals();
});

test('both know the same longest time', () => {
	expect(LONGEST_MS).toBe(LONGEST_HOLD_MS);
});
