import { expect, test } from 'vitest';
import type { Message } from '../../app/view.ts';
import { ReadTo } from './read-to.ts';

function thread(...unread: readonly boolean[]) {
	const messages = unread.map((isUnread, at): Message => {
		const from = { name: 'Bob', address: 'bob', isMe: false, badge: 'known' } as const;
		return {
			...{ id: String(at), from, to: [], cc: [], bcc: [], date: at, isUnread, isOnRecord: false },
			...{ isWithdrawn: false, endsAt: null, endedAt: null, mayWithdraw: false, attachments: [] },
			...{
				body: { at: 'here', text: '', html: null },
				recipients: [],
				doubt: null,
				keptBy: null,
				isLegacy: false,
				legacyProblem: null
			}
		};
	});
	return { messages, earlier: 0 };
}

test('the line stands above the first unread message, and stays when that is read', () => {
	const readTo = new ReadTo(() => true);
	expect(readTo.newFrom(thread(false, false, true, true))).toBe('2');
	expect(readTo.newFrom(thread(false, false, false, false))).toBe('2');
	expect(readTo.newFrom(thread(false, false, false, false, true))).toBe('2');
});

test('there is no line where all is read, or all is new', () => {
	expect(new ReadTo(() => true).newFrom(thread(false, false))).toBeNull();
	expect(new ReadTo(() => true).newFrom(thread(true, true))).toBeNull();
	expect(new ReadTo(() => true).newFrom({ ...thread(true, true), earlier: 3 })).toBe('0');
});

test('what comes while nobody looks moves it', () => {
	let isLooking = true;
	const readTo = new ReadTo(() => isLooking);
	readTo.newFrom(thread(false, true));
	isLooking = false;
	expect(readTo.newFrom(thread(false, false, false, true))).toBe('3');
	expect(readTo.newFrom(thread(false, false, false, true, true))).toBe('3');
});
