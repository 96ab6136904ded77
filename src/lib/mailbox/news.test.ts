import { expect, test } from 'vitest';
import { messageIn, threadOf } from '../../../tests/mailbox/records.ts';
import type { Change } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { utf8 } from '../wire/bytes.ts';
import { toLegacyThreadId } from '../wire/ids.ts';
import { arrivalsIn, quietedIn } from './news.ts';

/** As a commit writes them. */
function writesOf(
	messages: readonly MessageRecord[],
	thread: Partial<ThreadRecord> = {},
	withEntries = true
): Change[] {
	return [
		...messages.flatMap(({ entry, thread }): Change[] =>
			withEntries
				? [
						{
							table: 'entry',
							key: [thread, entry],
							put: { header: utf8('h'), body: utf8('b'), wraps: [] }
						}
					]
				: []
		),
		...messages.map((put): Change => ({ table: 'message', key: [put.thread, put.id], put })),
		{
			table: 'thread',
			key: [threadOf('roof', messages).id],
			put: threadOf('roof', messages, thread)
		}
	];
}

const texts = (writes: readonly Change[]) =>
	arrivalsIn(writes).map(({ message }) => message.mail.text);

test('the newest of what came tells for its thread', () => {
	const two = [messageIn('roof', 1), messageIn('roof', 2)];
	expect(texts(writesOf(two))).toEqual(['text 2']);
});

test.each([
	['mine', messageIn('roof', 1, { from: 'alice' })],
	['read on another device', messageIn('roof', 1, { isUnread: false })],
	['refused', messageIn('roof', 1, { refused: 'removed' })],
	['ended', messageIn('roof', 1, { endedAt: 1 })],
	['passed on', messageIn('roof', 1, { keptBy: messageIn('roof', 1).from })]
])('%s is no news', (_, message) => {
	expect(texts(writesOf([message]))).toEqual([]);
});

test('what did not come just now, or stands elsewhere, is no news', () => {
	const one = [messageIn('roof', 1)];
	expect(texts(writesOf(one, {}, false))).toEqual([]); // marked as unread
	expect(texts(writesOf(one, { place: 'archive' }))).toEqual([]);
	const later = { latest: { ...threadOf('roof', one).latest, date: messageIn('roof', 2).order } };
	expect(texts(writesOf(one, later))).toEqual([]); // an earlier text that still comes
});

const NOW = 1000;

test.each([
	['read', { unread: 0 }],
	['in the trash', { place: 'trash' as const }],
	['silenced', { isMuted: true as const }],
	['put off', { snoozedUntil: NOW + 1 }]
])('what is %s is told no longer', (_, fields) => {
	const one = [messageIn('roof', 1)];
	expect(quietedIn(writesOf(one, { unread: 1, snoozedUntil: NOW }), NOW)).toEqual([]);
	expect(quietedIn(writesOf(one, { unread: 1, ...fields }), NOW)).toHaveLength(1);
});

test('nor is what is gone; of mail from elsewhere nobody was told', () => {
	const { id } = threadOf('roof', []);
	const legacy = toLegacyThreadId(new Uint8Array(32));
	const gone = [id, legacy].map((key): Change => ({ table: 'thread', key: [key], remove: true }));
	expect(quietedIn(gone, NOW)).toEqual([id]);
});
