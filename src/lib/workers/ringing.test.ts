import { expect, test } from 'vitest';
import {
	createDesk,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { answerRing, isRingWord, ring, type Bellman } from './ringing.ts';

const ROOF = threadIdOf('roof');
const WORD = {
	type: 'ring',
	thread: ROOF,
	title: 'Bob',
	body: 'roof',
	archive: 'Archive',
	read: 'Mark as read'
} as const;

/** `pages`: which have the focus. */
async function create(pages: readonly boolean[] = []) {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	await storeThread(desk, threadOf('roof', messages), messages);
	const done: string[] = [];
	const bellman: Bellman = {
		registration: {
			showNotification: (title, options) => {
				done.push(`show ${title} ${String(options?.tag === ROOF)}`);
				return Promise.resolve();
			},
			getNotifications: () => Promise.resolve([])
		},
		clients: {
			matchAll: () =>
				Promise.resolve(
					pages.map((focused) => ({
						focused,
						postMessage: (word: unknown) => void done.push(JSON.stringify(word)),
						focus: () => Promise.resolve(void done.push('focus'))
					}))
				),
			openWindow: (url) => Promise.resolve(void done.push(`open ${url}`))
		},
		baseUrl: 'https://mail.example.org/app/',
		layDesk: () => Promise.resolve({ desk, close: () => void done.push('close') })
	};
	const row = async () => desk.store.get('thread', [ROOF]);
	return { bellman, done, row };
}

test('nobody is told who has the app in front', async () => {
	for (const [pages, shown] of [
		[[], 1],
		[[false, false], 1],
		[[false, true], 0]
	] as const) {
		const { bellman, done } = await create(pages);
		await ring(bellman, WORD);
		expect(done).toHaveLength(shown);
	}
});

test('its buttons work without a page, and put the desk away', async () => {
	const { bellman, done, row } = await create();
	await answerRing(bellman, 'read', ROOF);
	expect(await row()).toMatchObject({ unread: 0, place: 'inbox' });
	await answerRing(bellman, 'archive', ROOF);
	expect(await row()).toMatchObject({ unread: 0, place: 'archive' });
	expect(done).toEqual(['close', 'close']);
});

test('pressed, it opens the conversation where a window is, else in a new one', async () => {
	const there = await create([false]);
	await answerRing(there.bellman, '', ROOF);
	const fragment = `#/thread/${ROOF}`;
	expect(there.done).toEqual([JSON.stringify({ type: 'go', fragment }), 'focus']);
	const none = await create();
	await answerRing(none.bellman, '', ROOF);
	expect(none.done).toEqual([`open https://mail.example.org/app/${fragment}`]);
});

test('words that are none are not heeded', async () => {
	expect(isRingWord(WORD)).toBe(true);
	for (const word of [null, 'ring', { type: 'ring' }, { ...WORD, thread: 7 }]) {
		expect(isRingWord(word)).toBe(false);
	}
	const { bellman, done } = await create();
	await answerRing(bellman, 'archive', 'no thread');
	expect(done).toEqual([]);
});
