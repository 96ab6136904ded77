import { expect, test } from 'vitest';
import { createDesk, messageIn, storeThread, threadOf } from '../../../tests/mailbox/records.ts';
import { RECENT_MESSAGES, toDigest } from '../post/digest.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { readNewest } from './recent.ts';

const messages = Array.from({ length: RECENT_MESSAGES + 10 }, (_, i) =>
	messageIn('roof', i + 1, { isUnread: false })
);

async function read(some: readonly MessageRecord[], fields: Partial<ThreadRecord> = {}) {
	const desk = createDesk();
	const digest = toDigest(some);
	const thread = threadOf('roof', some, { ...(digest && { digest }), ...fields });
	await storeThread(desk, thread, some);
	const { messages: found, isWhole } = await readNewest(desk.store, thread);
	const texts = found.map(({ mail }) => mail.text);
	return { isWhole, texts: new Set(texts) };
}

const textsOf = (some: readonly MessageRecord[]) => new Set(some.map(({ mail }) => mail.text));

test('of a long thread as many as a screen shows, of a short one all', async () => {
	const newest = textsOf(messages.slice(-RECENT_MESSAGES));
	expect(await read(messages)).toEqual({ isWhole: false, texts: newest });
	const few = messages.slice(0, RECENT_MESSAGES);
	expect(await read(few)).toEqual({ isWhole: true, texts: textsOf(few) });
});

test('all where an older one is unread', async () => {
	const [first, ...rest] = messages;
	if (first === undefined) throw new Error('many messages');
	const unread = [{ ...first, isUnread: true }, ...rest];
	expect(await read(unread)).toEqual({ isWhole: true, texts: textsOf(messages) });
});

test('more of them when more are asked for, also where the row says nothing', async () => {
	const desk = createDesk();
	const old = threadOf('roof', messages);
	await storeThread(desk, old, messages);
	const textsUpTo = async (limit: number) => {
		const { messages: found, isWhole } = await readNewest(desk.store, old, limit);
		return { isWhole, texts: textsOf(found) };
	};
	const most = RECENT_MESSAGES + 5;
	expect(await textsUpTo(most)).toEqual({ isWhole: false, texts: textsOf(messages.slice(-most)) });
	const newest = textsOf(messages.slice(-RECENT_MESSAGES));
	expect(await textsUpTo(RECENT_MESSAGES)).toEqual({ isWhole: false, texts: newest });
	expect(await textsUpTo(1000)).toEqual({ isWhole: true, texts: textsOf(messages) });
});
