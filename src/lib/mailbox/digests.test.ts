import { expect, test } from 'vitest';
import {
	createDesk,
	deliveryTo,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { toDigest } from '../post/digest.ts';
import { putMessage } from '../post/delivery.ts';
import { digestOf as digestIn, toListed } from '../post/listed.ts';
import { StorageFull, type Change, type MailStore } from '../post/ports.ts';
import { adoptDigests, knownDigest, NO_DIGESTS, readDigests } from './digests.ts';
import { ThreadTable } from './thread-table.ts';

function watched(store: MailStore) {
	const reads: string[] = [];
	const list: MailStore['list'] = (table, prefix) => {
		reads.push(`list ${prefix?.[0] ?? 'all'}`);
		return store.list(table, prefix);
	};
	const get: MailStore['get'] = (table, key) => {
		reads.push(`get ${key[0] ?? ''}`);
		return store.get(table, key);
	};
	return { reads, store: { get, list, update: store.update } };
}

async function listed(store: Pick<MailStore, 'list'>) {
	return (await store.list('thread')).map(toListed);
}

test('a digest that a row has is not made again, but what is on its way is looked up', async () => {
	const desk = createDesk();
	const { reads, store } = watched(desk.store);
	const still = [messageIn('still', 1)];
	const moving = [
		messageIn('moving', 2, { from: 'alice', deliveries: [deliveryTo('bob', 'kept')] })
	];
	await storeThread(desk, threadOf('still', still, digestOf(still)), still);
	await storeThread(desk, threadOf('moving', moving, digestOf(moving)), moving);
	const readAll = async () => readDigests(store, await listed(desk.store));
	const stateOf = async (digests: Awaited<ReturnType<typeof readAll>>) => {
		const rows = await desk.store.list('thread', [threadIdOf('moving')]);
		return rows.map((row) => knownDigest(digests, toListed(row))?.last.deliveries[0]?.state)[0];
	};

	expect(await stateOf(await readAll())).toBe('kept');
	expect(reads.splice(0)).toEqual([`get ${threadIdOf('moving')}`]);
	const deliveries = [deliveryTo('bob', 'delivered')];
	const arrived = messageIn('moving', 2, { from: 'alice', deliveries });
	await desk.store.commit([putMessage(arrived.thread, arrived)]);
	expect(await stateOf(await readAll())).toBe('delivered');
	reads.length = 0;
	expect(await stateOf(await readAll())).toBe('delivered');
	expect(reads).toEqual([]);
});

function digestOf(messages: readonly ReturnType<typeof messageIn>[]) {
	const digest = toDigest(messages);
	return digest === null ? {} : { digest };
}

test.each([3, 40])('%i rows of an older version get theirs, once', async (count) => {
	const desk = createDesk();
	for (let i = 0; i < count; i++) {
		const name = `thread ${String(i)}`;
		const messages = [messageIn(name, 2), messageIn(name, 1)];
		await storeThread(desk, threadOf(name, messages), messages);
	}
	const { reads, store } = watched(desk.store);
	const digests = await readDigests(store, await listed(desk.store));
	expect([...digests.values()].map(({ last }) => last.preview)).toEqual(
		Array(count).fill('text 2')
	);
	expect(reads).toHaveLength(count === 3 ? 3 : 1);
	reads.length = 0;
	const threads = await listed(desk.store);
	expect(await readDigests(store, threads)).toEqual(NO_DIGESTS);
	expect(threads.map((thread) => digestIn(thread)?.last.preview)).toEqual(
		Array(count).fill('text 2')
	);
	expect(reads).toEqual([]);
});

test('a row that has changed meanwhile keeps what it says', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	const old = threadOf('roof', messages);
	await storeThread(desk, { ...old, version: 2, unread: 0 }, messages);
	await readDigests(desk.store, [toListed(old)]);
	const row = await desk.store.get('thread', [old.id]);
	expect(row).toEqual({ ...old, version: 2, unread: 0 });
});

test('what this tab writes is adopted, and says the same as what is read', async () => {
	const desk = createDesk();
	const first = messageIn('roof', 1, { from: 'alice', deliveries: [deliveryTo('bob', 'kept')] });
	await storeThread(desk, threadOf('roof', [first], digestOf([first])), [first]);
	const listed = (await desk.store.list('thread')).map(toListed);
	const table = new ThreadTable(listed);
	let adopted = await readDigests(desk.store, listed);
	desk.store.subscribe((_, writes) => {
		table.adopt(writes ?? []);
		adopted = (writes && adoptDigests(adopted, writes, (id) => table.find(id))) ?? NO_DIGESTS;
	});
	const arrived = { ...first, deliveries: [deliveryTo('bob', 'delivered')] };
	await desk.store.commit([putMessage(first.thread, arrived)]);
	const answer = messageIn('roof', 2);
	// The row was not told of the delivery.
	const both = [first, answer];
	await storeThread(desk, threadOf('roof', both, digestOf(both)), [answer]);
	const other = messageIn('new', 9);
	await storeThread(desk, threadOf('new', [other], digestOf([other])), [other]);
	await desk.store.commit([{ table: 'thread', key: [threadIdOf('new')], remove: true }]);
	await new Promise((resolve) => setTimeout(resolve));
	const threads = (await desk.store.list('thread')).map(toListed);
	expect(table.all).toEqual(threads);
	const shown = (digests: typeof adopted) => threads.map((row) => knownDigest(digests, row));
	const [before, keys] = [shown(adopted), [...adopted.keys()]];
	expect(before).toEqual(shown(await readDigests(desk.store, threads)));
	expect(before[0]?.mine?.deliveries[0]?.state).toBe('delivered');
	expect(keys).toEqual([first.thread]);
});

test('a message whose thread has no digest in memory has to be read', () => {
	const put = messageIn('roof', 1);
	expect(adoptDigests(NO_DIGESTS, [putMessage(put.thread, put)], () => undefined)).toBeNull();
});

test('of what only the row knows nothing is kept besides', async () => {
	const message = messageIn('brought', 1);
	const put = threadOf('brought', [message], digestOf([message]));
	const table = new ThreadTable([toListed(put)]);
	const writes: Change[] = [{ table: 'thread', key: [put.id], put }, putMessage(put.id, message)];
	const adopted = adoptDigests(NO_DIGESTS, writes, (id) => table.find(id));
	expect(adopted).toEqual(NO_DIGESTS);
	expect(table.all.map((thread) => knownDigest(NO_DIGESTS, thread)?.last.preview)).toEqual([
		'text 1'
	]);
});

test('what is to end shows its words in the list, and not in the row of its thread', async () => {
	const desk = createDesk();
	const message = { ...messageIn('roof', 1), endsAt: 9_000_000_000_000 };
	const digest = digestOf([message]);
	expect(digest.digest?.last).toMatchObject({ preview: '', mail: { subject: '' } });
	await storeThread(desk, threadOf('roof', [message], digest), [message]);
	const threads = await desk.store.list('thread');
	const read = await readDigests(desk.store, threads.map(toListed));
	expect(read.get(message.thread)?.last.preview).not.toBe('');
	const row: Change[] = threads.map((put) => ({ table: 'thread', key: [put.id], put }));
	const table = new ThreadTable(threads.map(toListed));
	const find = table.find.bind(table);
	const both = [...row, putMessage(message.thread, message)];
	expect(adoptDigests(NO_DIGESTS, both, find)).toEqual(read);
	expect(adoptDigests(NO_DIGESTS, row, find)).toBeNull();
	expect((await desk.store.list('thread'))[0]?.digest?.last.preview).toBe('');
});

test('without room for it, it is shown all the same', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	await storeThread(desk, threadOf('roof', messages), messages);
	const update = () => Promise.reject(new StorageFull('no room'));
	const store = { ...watched(desk.store).store, update };
	const digests = await readDigests(store, await listed(desk.store));
	expect(digests.get(threadIdOf('roof'))?.last.preview).toBe('text 1');
});
