import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, toHex } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import { clockMs, merge, NO_CLOCK, tick } from './clock.ts';

const times = fc.array(fc.nat(2 ** 31), { minLength: 1, maxLength: 20 });

test('every reading is later than the one before, whatever the wall clock does', () => {
	fc.assert(
		fc.property(times, (walls) => {
			let last: Uint8Array = NO_CLOCK;
			for (const wall of walls) {
				const next = tick(last, wall);
				expect(compare(last, next)).toBeLessThan(0);
				expect(clockMs(next)).toBeGreaterThanOrEqual(wall);
				last = next;
			}
		})
	);
});

test('48-bit milliseconds, then a 16-bit count, both big-endian', () => {
	expect(toHex(tick(NO_CLOCK, 0x0123456789ab))).toBe('0123456789ab0000');
	expect(toHex(tick(tick(NO_CLOCK, 0x0123456789ab), 5))).toBe('0123456789ab0001');
});

test('a full count carries into the milliseconds', () => {
	const full = Uint8Array.of(0, 0, 0, 0, 0, 9, 0xff, 0xff);
	expect(toHex(tick(full, 9))).toBe('00000000000a0000');
});

test('a received clock is taken if it is later, unless it is more than 5 minutes ahead', () => {
	const now = 1_000_000_000_000;
	const own = tick(NO_CLOCK, now);
	const later = tick(NO_CLOCK, now + LIMITS.clockAheadMs);
	const tooLate = tick(NO_CLOCK, now + LIMITS.clockAheadMs + 1);
	expect(merge(own, later, now)).toBe(later);
	expect(merge(later, own, now)).toBe(later);
	expect(merge(own, tooLate, now)).toBe(own);
});
