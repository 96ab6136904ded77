import { expect, test } from 'vitest';
import { marksOf } from './brought-marks.ts';

function marks(fields: Readonly<Record<string, string>>, path: string, isInMbox = true) {
	const { place, isUnread, isStarred } = marksOf(new Map(Object.entries(fields)), path, isInMbox);
	return { place, isUnread, isStarred };
}

const READ = { place: 'archive', isUnread: false, isStarred: false };

test('an mbox says what was read', () => {
	expect(marks({ status: 'RO' }, 'Work.mbox')).toEqual(READ);
	expect(marks({ status: 'O', 'x-status': 'F' }, 'Work.mbox')).toEqual({
		...READ,
		isUnread: true,
		isStarred: true
	});
	expect(marks({ 'x-mozilla-status': '0008' }, 'Work')).toEqual({
		...READ,
		place: 'trash',
		isUnread: true
	});
});

test('what a stranger wrote into their mail decides nothing', () => {
	const theirs = { status: 'O', 'x-status': 'DF' };
	expect(marks(theirs, 'a.eml', false)).toEqual(READ);
	expect(marks({ ...theirs, 'x-gmail-labels': 'Inbox' }, 'All.mbox')).toEqual({
		...READ,
		place: 'inbox'
	});
	expect(marks({ ...theirs, 'x-mozilla-status': '0001' }, 'Inbox')).toEqual({
		...READ,
		place: 'inbox'
	});
	// Of an mbox nobody knows who wrote it: nothing is thrown away for it.
	expect(marks(theirs, 'Work.mbox').place).toBe('archive');
	expect(marks(theirs, 'Mail/cur/1:2,S', false)).toEqual({ ...READ, place: 'inbox' });
});
