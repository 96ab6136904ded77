import fc from 'fast-check';
import { expect, test } from 'vitest';
import { threadOf, messageIn } from '../../../tests/mailbox/records.ts';
import { filingAfter, marksOf } from './marks.ts';
import type { Marks } from './records.ts';

const marks = fc.record(
	{
		labels: fc.uniqueArray(fc.string(), { minLength: 1 }),
		isStarred: fc.constant(true as const),
		isPinned: fc.constant(true as const),
		isMuted: fc.constant(true as const),
		snoozedUntil: fc.nat()
	},
	{ requiredKeys: [] }
);
const place = fc.constantFrom('inbox', 'archive', 'trash');
const rowWith = (fields: Marks) => threadOf('roof', [messageIn('roof', 1)], fields);

test('without news a row stays filed as it is', () => {
	fc.assert(
		fc.property(marks, place, (set, at) => {
			const row = { ...rowWith(set), place: at };
			expect(filingAfter(row, false)).toEqual({ ...set, place: at });
		})
	);
});

test('news bring a thread back and wake it; a muted one only out of the trash', () => {
	fc.assert(
		fc.property(marks, place, (set, at) => {
			const row = { ...rowWith(set), place: at };
			const { snoozedUntil: _, ...rest } = set;
			const away = at === 'trash' ? 'archive' : at;
			const expected = set.isMuted ? { ...set, place: away } : { ...rest, place: 'inbox' };
			expect(filingAfter(row, true)).toEqual(expected);
		})
	);
});

test('a new thread begins in the inbox', () => {
	expect(filingAfter(null, true)).toEqual({ place: 'inbox' });
	expect(marksOf(rowWith({}))).toEqual({});
});
