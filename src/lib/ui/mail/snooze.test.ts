import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snoozeSentence, snoozeTimes } from './snooze.ts';

/** Saturday. */
const at = (day: number, hour: number) => new Date(2025, 10, day, hour, 5).getTime();
const names = (now: number) => snoozeTimes(now).map(({ name }) => name);

test('what makes sense at each time of the week', () => {
	expect(names(at(19, 9))).toEqual([
		...['Later today', 'This evening', 'Tomorrow morning', 'This weekend', 'Next week']
	]);
	expect(names(at(19, 22))).toEqual(['Tomorrow morning', 'This weekend', 'Next week']);
	expect(names(at(21, 22))).toEqual(['Tomorrow morning', 'Next week']);
	expect(names(at(22, 22))).toEqual(['Tomorrow morning', 'Next week', 'Next weekend']);
	expect(names(at(23, 22))).toEqual(['Tomorrow morning', 'Next weekend']);
});

test('every time lies ahead, and each is later than the one before', () => {
	fc.assert(
		fc.property(fc.integer({ min: at(1, 0), max: at(30, 0) }), (now) => {
			const times = snoozeTimes(now).map((one) => one.at);
			expect(times.every((time, index) => time > (times[index - 1] ?? now))).toBe(true);
		})
	);
});

test('in words', () => {
	const eight = new Date(2025, 10, 22, 8).getTime();
	expect(snoozeSentence(eight, at(22, 7))).toBe('Until 08:00');
	expect(snoozeSentence(eight, at(21, 7))).toBe('Until tomorrow 08:00');
	expect(snoozeSentence(eight, at(19, 7))).toBe('Until Sat 22 Nov, 08:00');
	expect(snoozeSentence(eight, eight)).toBe('Snoozed until now');
});

test('another year is named', () => {
	expect(snoozeSentence(new Date(2029, 10, 22, 8).getTime(), at(19, 9))).toContain('2029');
});
