import { describe, expect, test } from 'vitest';
import { LIMITS } from '../wire/limits.ts';
import { endOf, oddityOf } from './ends.ts';

const DATE = 1_760_000_000_000;
const HOUR = 3_600_000;

describe('the end of a message', () => {
	test.each([
		['none', {}, null, null],
		['its own', { ends: DATE + HOUR }, null, DATE + HOUR],
		['so long after its date, by the thread', {}, { after: HOUR }, DATE + HOUR],
		['the day of the thread', {}, { at: DATE + 1 }, DATE + 1],
		['its own where that is sooner', { ends: DATE + 5 }, { after: HOUR }, DATE + 5],
		["the thread's where that is sooner", { ends: DATE + HOUR }, { after: 5 }, DATE + 5],
		['the first of both of a thread', {}, { after: HOUR, at: DATE + 7 }, DATE + 7],
		['long past', {}, { at: 5 }, 5],
		['none of its own before its date', { ends: DATE - 1 }, null, null],
		['none of its own at its date', { ends: DATE }, null, null],
		['none beyond the year 9999', { ends: LIMITS.endMs + 1 }, null, null],
		["the thread's where its own is none", { ends: 1 }, { after: HOUR }, DATE + HOUR],
		['none where the thread names none that can be', {}, { after: Number.MAX_SAFE_INTEGER }, null]
	])('is %s', (_name, mail, rule, end) => {
		expect(endOf({ date: DATE, ...mail }, rule)).toBe(end);
	});

	test.each([
		[{}, null],
		[{ ends: DATE + 1 }, null],
		[{ ends: LIMITS.endMs }, null],
		[{ ends: DATE }, 'wrong-shape'],
		[{ ends: LIMITS.endMs + 1 }, 'future-clock']
	])('%o is odd for %s', (mail, reason) => {
		expect(oddityOf({ date: DATE, ...mail })).toBe(reason);
	});
});
