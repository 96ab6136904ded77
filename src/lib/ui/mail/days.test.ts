import { expect, test } from 'vitest';
import type { Row } from '../../app/view.ts';
import { groupByDay, keyOf } from './days.ts';

const now = new Date(2025, 10, 22, 11, 0).getTime();

function row(id: string, hoursAgo: number): Row {
	return {
		id,
		kind: 'thread',
		people: [],
		isOutgoing: false,
		count: 1,
		subject: '',
		line: { kind: 'preview', text: '' },
		time: now - hoursAgo * 3_600_000,
		isUnread: false,
		hasAttachment: false,
		labels: [],
		marks: { isStarred: false, isPinned: false, isMuted: false, snoozedUntil: null }
	};
}

test('a heading stands before the first row of each day', () => {
	const items = groupByDay([row('a', 1), row('b', 2), row('c', 20), row('d', 24 * 60)], now);
	expect(items.map((item) => (item.kind === 'day' ? item.title : item.id))).toEqual([
		'Today',
		'a',
		'b',
		'Yesterday',
		'c',
		'September',
		'd'
	]);
});

test('keys are unique even when rows are out of order', () => {
	const items = groupByDay([row('a', 1), row('b', 30), row('c', 1), row('d', 30)], now);
	expect(new Set(items.map(keyOf)).size).toBe(items.length);
});

test('what is pinned stands first, under its own heading', () => {
	const pinned = { ...row('a', 90), marks: { ...row('a', 90).marks, isPinned: true } };
	const items = groupByDay([pinned, row('b', 1)], now, true);
	expect(items.map((item) => (item.kind === 'day' ? item.title : item.id))).toEqual([
		...['Pinned', 'a', 'Today', 'b']
	]);
});
