import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimit } from './rate.ts';

test('gives so many at once, then as they come back', () => {
	const limit = createRateLimit(3, 3000);
	const takes = (now: number) => limit.take('a', now);
	expect([takes(0), takes(0), takes(0), takes(0)]).toEqual([true, true, true, false]);
	expect(takes(999)).toBe(false);
	expect(takes(1001)).toBe(true);
	expect(takes(1001)).toBe(false);
	expect(limit.take('b', 1001)).toBe(true);
});

test('never gives more than its count in one period, plus what it began with', () => {
	const asked = fc.array(fc.nat(500), { maxLength: 200 });
	fc.assert(
		fc.property(asked, (pauses) => {
			const limit = createRateLimit(10, 1000);
			let now = 0;
			const granted: number[] = [];
			for (const pause of pauses) {
				now += pause;
				if (limit.take('a', now)) granted.push(now);
			}
			for (const start of granted) {
				const within = granted.filter((at) => at >= start && at < start + 1000);
				expect(within.length).toBeLessThanOrEqual(20);
			}
		})
	);
});

test('forgets the longest unseen when too many are remembered', () => {
	const limit = createRateLimit(1, 1000, 2);
	limit.take('a', 0);
	limit.take('b', 0);
	limit.take('c', 0);
	expect(limit.size).toBe(2);
	expect(limit.take('c', 0)).toBe(false);
	expect(limit.take('a', 0)).toBe(true);
});
