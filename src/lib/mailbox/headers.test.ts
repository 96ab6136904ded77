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
