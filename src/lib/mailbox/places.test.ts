import { expect, test, vi } from 'vitest';
import {
	createDesk,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { sealFile } from '../post/files.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import type { TextEntry } from '../threads/entries.ts';
import { idToCid, type ThreadId } from '../wire/ids.ts';
import { fetchedPart, readFileBlocks } from './file-blocks.ts';
import { leaveBlocks, sweepLeftovers } from './leftovers.ts';
import { filingOf } from './filed.ts';
import { fileThreads } from './filing.ts';
import { deleteForever, moveThreads, setRead } from './places.ts';

const ROOF = threadIdOf('roof');
const DAY_MS = 24 * 60 * 60 * 1000;

async function placeOf(desk: Desk) {
	return (await desk.store.get('thread', [ROOF]))?.place;
}

async function unreadOf(desk: Desk) {
	const messages = await desk.store.list('message', [ROOF]);
	return {
		row: (await desk.store.get('thread', [ROOF]))?.unread,
		messages: messages.filter(({ isUnread }) => isUnread).map(({ mail }) => mail.text)
	};
}

/** Of these threads, which nobody sealed, by their rows. */
async function textsIn(desk: Desk, thread: ThreadId): Promise<TextEntry[]> {
	const messages = await desk.store.list('message', [thread]);
	return messages.map(({ entry }) => ({ entry, message: null }));
}

async function* bytesOf(size: number) {
	yield new Uint8Array(size).fill(7);
}

test('moving is taken back, unless the thread has moved on', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	await storeThread(desk, threadOf('roof', messages), messages);
	const undo = await moveThreads(desk, [ROOF], 'trash');
	expect(await placeOf(desk)).toBe('trash');
	await undo();
	expect(await placeOf(desk)).toBe('inbox');
	const late = await moveThreads(desk, [ROOF], 'trash');
	await moveThreads(desk, [ROOF], 'archive');
	await late();
	expect(await placeOf(desk)).toBe('archive');
});

test('read marks all, unread the newest of the others', async () => {
	const desk = createDesk();
	const messages = [
		messageIn('roof', 1),
		messageIn('roof', 2),
		messageIn('roof', 3, { from: 'alice' })
	];
	await storeThread(desk, threadOf('roof', messages), messages);
	await setRead(desk, [ROOF], true);
	expect(await unreadOf(desk)).toEqual({ row: 0, messages: [] });
	await setRead(desk, [ROOF], false);
	expect(await unreadOf(desk)).toEqual({ row: 1, messages: ['text 2'] });
});

test('deleting forever takes texts and files, and leaves what the thread goes on with', async () => {
	const desk = createDesk();
	const sealed = await sealFile(desk, desk.blocks, bytesOf(600_000));
	const { key, sha256, size, manifest } = sealed;
	const file = { name: 'a', type: 'b', key, sha256, size, manifest: idToCid(manifest) };
	const messages = [messageIn('roof', 1, { mail: { attachments: [file] } })];
	await storeThread(desk, threadOf('roof', messages), messages);
	await deleteForever(desk, [ROOF], () => textsIn(desk, ROOF));
	expect(await desk.store.list('message', [ROOF])).toEqual([]);
	const entries = await desk.store.list('entry', [ROOF]);
	expect(entries.map(({ body }) => body)).toEqual([null]);
	expect(await desk.store.get('thread', [ROOF])).toMatchObject({ count: 0, unread: 0 });
	for (const id of sealed.blocks) expect(await desk.blocks.has(id)).toBe(false);
});

test('what was said of a deleted thread is not said of what comes later', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	const marks = { labels: ['a'], isStarred: true, isPinned: true, isMuted: true } as const;
	await storeThread(
		desk,
		threadOf('roof', messages, { ...marks, place: 'trash', snoozedUntil: 5 }),
		messages
	);
	const undo = await fileThreads(desk, [ROOF], { removeLabels: ['a'] });
	await deleteForever(desk, [ROOF], () => Promise.resolve([]));
	const unmarked = { place: 'trash', labels: [], isStarred: false, isPinned: false };
	const filing = async () => {
		const row = await desk.store.get('thread', [ROOF]);
		return row && filingOf(row);
	};
	expect(await filing()).toEqual({ ...unmarked, isMuted: false, snoozedUntil: null });
	await undo();
	expect(await filing()).toMatchObject(unmarked);
});

test('emptying the trash leaves alone what has come back meanwhile', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1)];
	await storeThread(desk, threadOf('roof', messages, { place: 'trash' }), messages);
	await moveThreads(desk, [ROOF], 'inbox');
	const textsOf = () => Promise.resolve([]);
	expect(await deleteForever(desk, [ROOF], textsOf, { onlyIn: 'trash' })).toEqual([]);
	expect(await desk.store.list('message', [ROOF])).toHaveLength(1);
	await moveThreads(desk, [ROOF], 'trash');
	expect(await deleteForever(desk, [ROOF], textsOf, { onlyIn: 'trash' })).toEqual([ROOF]);
});

test('with no room left, deleting forever makes the room that it needs itself', async () => {
	const desk = createDesk();
	const sealed = await sealFile(desk, desk.blocks, bytesOf(600_000));
	const { key, sha256, size, manifest } = sealed;
	const file = { name: 'a', type: 'b', key, sha256, size, manifest: idToCid(manifest) };
	const messages = [messageIn('roof', 1, { mail: { attachments: [file] } })];
	await storeThread(desk, threadOf('roof', messages), messages);
	const [first] = sealed.blocks;
	if (first === undefined) throw new Error('a file has blocks');
	const { update, commit } = desk.store;
	const whereRoom = async <T>(work: () => Promise<T>) => {
		if (await desk.blocks.has(first)) throw new StorageFull('full');
		return work();
	};
	vi.spyOn(desk.store, 'update').mockImplementation((...args) => whereRoom(() => update(...args)));
	vi.spyOn(desk.store, 'commit').mockImplementation((list) => whereRoom(() => commit(list)));
	await deleteForever(desk, [ROOF], () => textsIn(desk, ROOF));
	expect(await desk.store.list('message', [ROOF])).toEqual([]);
	expect(await desk.store.get('thread', [ROOF])).toMatchObject({ count: 0 });
});

test('deleting forever leaves files that something else still names', async () => {
	const desk = createDesk();
	const sealed = await sealFile(desk, desk.blocks, bytesOf(10));
	const { key, sha256, size, manifest, blocks } = sealed;
	const file = { name: 'a', type: 'b', key, sha256, size, manifest: idToCid(manifest) };
	const messages = [messageIn('roof', 1, { mail: { attachments: [file] } })];
	await storeThread(desk, threadOf('roof', messages), messages);
	const kept = { id: 'f', name: 'a', type: '', size, sealed: { key, manifest, sha256, blocks } };
	const draft = { id: 'd', kind: 'new', to: [], cc: [], bcc: [], subject: '' } as const;
	const put = { ...draft, html: '', text: '', files: [kept], savedAt: 0 };
	await desk.store.commit([{ table: 'draft', key: ['d'], put }]);
	await deleteForever(desk, [ROOF], () => textsIn(desk, ROOF));
	for (const id of blocks) expect(await desk.blocks.has(id)).toBe(true);
});

test('leftovers wait for a day, and stay while something names them', async () => {
	const desk = createDesk();
	const sealed = await sealFile(desk, desk.blocks, bytesOf(10));
	const [first] = sealed.blocks;
	if (first === undefined) throw new Error('a file has blocks');
	await leaveBlocks(desk, sealed.blocks);
	await sweepLeftovers(desk);
	expect(await desk.blocks.has(first)).toBe(true);
	const { key, manifest, sha256, blocks } = sealed;
	const file = {
		id: 'f',
		name: 'a',
		type: '',
		size: 10,
		sealed: { key, manifest, sha256, blocks }
	};
	const draft = { id: 'd', kind: 'new', to: [], cc: [], bcc: [], subject: '' } as const;
	const put = { ...draft, html: '', text: '', files: [file], savedAt: 0 };
	await desk.store.commit([{ table: 'draft', key: ['d'], put }]);
	desk.clock.now += DAY_MS;
	await sweepLeftovers(desk);
	expect(await desk.blocks.has(first)).toBe(true);
	await leaveBlocks(desk, sealed.blocks);
	await desk.store.commit([{ table: 'draft', key: ['d'], remove: true }]);
	desk.clock.now += DAY_MS;
	await sweepLeftovers(desk);
	expect(await desk.blocks.has(first)).toBe(false);
});

test('how much of a file is here', async () => {
	const desk = createDesk();
	const sealed = await sealFile(desk, desk.blocks, bytesOf(1_000_000));
	const file = { manifest: idToCid(sealed.manifest), size: sealed.size };
	expect(await fetchedPart(desk.blocks, file)).toBe(1);
	const { chunks } = await readFileBlocks(desk.blocks, file);
	expect(chunks).toHaveLength(4);
	expect(await fetchedPart(desk.blocks, { ...file, size: 999_999 })).toBe('damaged');
	await desk.blocks.remove(chunks.slice(1));
	expect(await fetchedPart(desk.blocks, file)).toBe(0.25);
	await desk.blocks.remove([sealed.manifest]);
	expect(await fetchedPart(desk.blocks, file)).toBe(0);
});
