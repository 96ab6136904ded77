import { expect, test } from 'vitest';
import { messageIn, NOW, threadOf } from '../../../tests/mailbox/records.ts';
import { toListed, type ListedThread } from '../post/listed.ts';
import type { ThreadRecord } from '../post/records.ts';
import { callsForReading, isIn, newsTime, nextWaking, type ThreadList } from './lists.ts';

const LABELS = [
	{ id: 'house', name: 'House', hue: 'green' },
	{ id: 'roof', name: 'Roof', hue: 'green', parent: 'house' }
] as const;
const LISTS: readonly ThreadList[] = [
	...(['inbox', 'snoozed', 'archive', 'trash', 'starred', 'label/house', 'label/roof'] as const)
];

function row(fields: Partial<ThreadRecord>): ListedThread {
	return toListed(threadOf('roof', [messageIn('roof', 1)], fields));
}

test.each<[Partial<ThreadRecord>, ThreadList[]]>([
	[{}, ['inbox']],
	[{ isStarred: true }, ['inbox', 'starred']],
	[{ isStarred: true, place: 'trash' }, ['trash']],
	[{ snoozedUntil: NOW + 1 }, ['snoozed']],
	[{ snoozedUntil: NOW }, ['inbox']],
	// Until the year 9999: nobody meant that.
	[{ snoozedUntil: 253_402_300_799_000 }, ['inbox']],
	[{ snoozedUntil: NOW + 1, place: 'archive' }, ['archive']],
	[{ labels: ['roof'] }, ['inbox', 'label/house', 'label/roof']],
	[{ labels: ['house'], place: 'archive' }, ['archive', 'label/house']],
	[{ labels: ['gone'] }, ['inbox']]
])('%j stands in %j', (fields, expected) => {
	expect(LISTS.filter((list) => isIn(list, NOW, LABELS)(row(fields)))).toEqual(expected);
});

test('one that came back is news from then on, and a later message is newer', () => {
	const thread = row({ snoozedUntil: NOW + 10 });
	expect(newsTime(thread, NOW)).toBe(NOW + 1);
	expect(newsTime(thread, NOW + 10)).toBe(NOW + 10);
	expect(newsTime(row({ snoozedUntil: NOW - 10 }), NOW + 10)).toBe(NOW + 1);
});

test('what sleeps or is muted is not counted', () => {
	expect(callsForReading(row({}), NOW)).toBe(true);
	expect(callsForReading(row({ isMuted: true }), NOW)).toBe(false);
	expect(callsForReading(row({ snoozedUntil: NOW + 1 }), NOW)).toBe(false);
});

test('the next to come back', () => {
	const threads = [5, 3, 9, -1].map((after) => row({ snoozedUntil: NOW + after }));
	expect(nextWaking(threads, NOW)).toBe(NOW + 3);
	expect(nextWaking(threads, NOW + 9)).toBeNull();
});
