import { expect, test } from 'vitest';
import { dayGroup, formatSize, shortTime, statusTime } from './when.ts';

const now = new Date(2025, 10, 22, 11, 0).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

test('times get coarser with age', () => {
	expect(shortTime(at(2025, 10, 22, 10, 42), now)).toBe('10:42');
	expect(shortTime(at(2025, 10, 21, 23, 59), now)).toBe('Fri');
	expect(shortTime(at(2025, 10, 16, 8, 0), now)).toBe('Sun');
	expect(shortTime(at(2025, 10, 15, 8, 0), now)).toBe('15 Nov');
	expect(shortTime(at(2024, 4, 3, 8, 0), now)).toBe('3 May 2024');
	expect(statusTime(at(2025, 10, 21, 9, 5), now)).toBe('Fri 09:05');
	expect(statusTime(at(2025, 10, 22, 9, 5), now)).toBe('09:05');
});

test('a clock that is ahead shows a time of today', () => {
	expect(shortTime(now + 60_000, now)).toBe('11:01');
	expect(dayGroup(now + 86_400_000, now)).toBe('Today');
});

test('days are calendar days', () => {
	const past = (minutes: number) => dayGroup(at(2025, 10, 22, 0, 10) - minutes * 60_000, now);
	expect([past(0), past(20), past(1500)]).toEqual(['Today', 'Yesterday', 'This week']);
	expect(dayGroup(at(2025, 9, 3, 8, 0), now)).toBe('October');
	expect(dayGroup(at(2024, 9, 3, 8, 0), now)).toBe('October 2024');
});

test('sizes', () => {
	expect(
		[0, 1, 999, 1000, 18_400, 999_499, 999_500, 1_234_567, 412_000_000, 2.5e9].map(formatSize)
	).toEqual([
		'0 bytes',
		'1 byte',
		'999 bytes',
		'1 kB',
		'18 kB',
		'999 kB',
		'1.0 MB',
		'1.2 MB',
		'412 MB',
		'2.5 GB'
	]);
});
