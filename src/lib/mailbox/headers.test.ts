import { expect, test } from 'vitest';
import {
	createDesk,
	deliveryTo,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { HeaderIndex } from './headers.ts';

test('only threads that changed, or in which something is on its way, are read again', async () => {
	const desk = createDesk();
	const reads: string[] = [];
	const index = new HeaderIndex({
		list: (table, prefix) => {
			reads.push(prefix?.[0] ?? 'all');
			return desk.store.list(table, prefix);
		}
	});
	const still = [messageIn('still', 1)];
	const moving = [
		messageIn('moving', 2, { from: 'alice', deliveries: [deliveryTo('bob', 'kept')] })
	];
	await storeThread(desk, threadOf('still', still), still);
	await storeThread(desk, threadOf('moving', moving), moving);
	const threads = () => desk.store.list('thread');

	await index.refresh(await threads());
	expect(reads).toHaveLength(2);
	reads.length = 0;
	const arrived = messageIn('moving', 2, {
		from: 'alice',
		deliveries: [deliveryTo('bob', 'delivered')]
	});
	await storeThread(desk, threadOf('moving', [arrived]), [arrived]);
	const headers = await index.refresh(await threads());
	expect(reads).toEqual([threadIdOf('moving')]);
	expect(headers.get(threadIdOf('moving'))?.[0]?.deliveries[0]?.state).toBe('delivered');
	reads.length = 0;
	await index.refresh(await threads());
	expect(reads).toEqual([]);
});

test('a large mailbox is read in one sweep, each thread in its order', async () => {
	const desk = createDesk();
	const index = new HeaderIndex(desk.store);
	for (let i = 0; i < 40; i++) {
		const name = `thread ${String(i)}`;
		const messages = [messageIn(name, 2), messageIn(name, 1)];
		await storeThread(desk, threadOf(name, messages), messages);
	}
	const headers = await index.refresh(await desk.store.list('thread'));
	expect(headers.size).toBe(40);
	for (const some of headers.values()) {
		expect(some.map(({ preview }) => preview)).toEqual(['text 1', 'text 2']);
	}
});

test('a thread that is gone is forgotten', async () => {
	const desk = createDesk();
	const index = new HeaderIndex(desk.store);
	const messages = [messageIn('roof', 1)];
	await storeThread(desk, threadOf('roof', messages), messages);
	expect((await index.refresh(await desk.store.list('thread'))).size).toBe(1);
	expect((await index.refresh([])).size).toBe(0);
});

test('what this tab writes is adopted, and says the same as what is read', async () => {
	const desk = createDesk();
	const index = new HeaderIndex(desk.store);
	const first = [messageIn('roof', 1), messageIn('roof', 3)];
	await storeThread(desk, threadOf('roof', first), first);
	await index.refresh(await desk.store.list('thread'));
	const adopted: unknown[] = [];
	desk.store.subscribe((_, writes) => adopted.push(writes && index.adopt(writes)));
	const between = messageIn('roof', 2);
	const latest = messageIn('roof', 4);
	await storeThread(desk, threadOf('roof', [...first, between]), [between]);
	await storeThread(desk, threadOf('roof', [...first, between, latest]), [latest]);
	await desk.store.commit([
		{ table: 'message', key: [latest.thread, first[0]?.id ?? ''], remove: true }
	]);
	await storeThread(desk, threadOf('new', [messageIn('new', 9)]), [messageIn('new', 9)]);
	await new Promise((resolve) => setTimeout(resolve));
	const read = await new HeaderIndex(desk.store).refresh(await desk.store.list('thread'));
	expect(adopted).not.toContain(null);
	expect(adopted.at(-1)).toEqual(read);
	expect(read.get(threadIdOf('roof'))).toHaveLength(3);
});

test('a message of a thread that is not in memory has to be read', async () => {
	const desk = createDesk();
	const index = new HeaderIndex(desk.store);
	const put = messageIn('roof', 1);
	expect(index.adopt([{ table: 'message', key: [put.thread, put.id], put }])).toBeNull();
});
