import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { messageIn, NOW, threadOf } from '../../../tests/mailbox/records.ts';
import { toListed } from '../post/listed.ts';
import { Waking } from './waking.svelte.ts';

beforeEach(() => {
	vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
	vi.useRealTimers();
});

function snoozed(until: number) {
	return toListed(threadOf('roof', [messageIn('roof', 1)], { snoozedUntil: until }));
}

test('time moves on when a thread comes back, and not before', () => {
	const waking = new Waking();
	waking.watch([snoozed(NOW + 90_000), snoozed(NOW + 120_000)]);
	vi.advanceTimersByTime(89_999);
	expect(waking.now).toBe(NOW);
	vi.advanceTimersByTime(1);
	expect(waking.now).toBe(NOW + 90_000);
});

test('after a sleep of the computer it is soon noticed', () => {
	const waking = new Waking();
	waking.watch([snoozed(NOW + 3_600_000)]);
	vi.setSystemTime(NOW + 7_200_000);
	vi.advanceTimersByTime(30_000);
	expect(waking.now).toBeGreaterThan(NOW + 3_600_000);
});

test('a clock that was ahead and is set right does not wake what is snoozed by it', () => {
	vi.setSystemTime(NOW + 365 * 24 * 3_600_000);
	const waking = new Waking();
	vi.setSystemTime(NOW);
	waking.watch([snoozed(NOW + 3_600_000)]);
	vi.advanceTimersByTime(0);
	expect(waking.now).toBe(NOW);
});

test('where nothing sleeps there is no timer', () => {
	new Waking().watch([snoozed(NOW - 1)]);
	expect(vi.getTimerCount()).toBe(0);
});
