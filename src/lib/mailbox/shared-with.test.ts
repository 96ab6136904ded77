import { expect, test } from 'vitest';
import {
	addressOf,
	createDesk,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf,
	type Name
} from '../../../tests/mailbox/records.ts';
import { toListed } from '../post/listed.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { filesWith, threadsWith } from './shared-with.ts';

const bob = addressOf('bob');
const among = (...names: readonly Name[]) => ({ members: names.map(addressOf) });

function fileOf(name: string) {
	return {
		...{ name, type: 'text/plain', size: 1, sha256: new Uint8Array(32) },
		...{ manifest: cidOfRaw(Uint8Array.of(1)), key: new Uint8Array(32) }
	};
}

test('conversations with somebody: the newest first, side threads as what they stand behind', () => {
	const one = (name: string, at: number, fields: Partial<ThreadRecord>) =>
		toListed(threadOf(name, [messageIn(name, at)], fields));
	const threads = [
		one('old', 1, among('alice', 'bob')),
		one('others', 2, among('alice', 'carol')),
		one('blind', 3, { ...among('alice', 'carol') }),
		one('side', 4, { ...among('alice', 'bob'), sideOf: threadIdOf('blind') }),
		one('trash', 5, { ...among('alice', 'bob'), place: 'trash' }),
		one('archive', 6, { ...among('alice', 'bob', 'carol'), place: 'archive' })
	];
	const names = threadsWith(threads, [bob]).map(({ subject }) => subject);
	expect(names).toEqual(['archive', 'blind', 'old']);
});

test('files: theirs and mine, none of a third person, and no more is read than is shown', async () => {
	const desk = createDesk();
	const threads: ThreadRecord[] = [];
	const put = async (name: string, messages: readonly MessageRecord[]) => {
		const thread = threadOf(name, messages, among('alice', 'bob', 'carol'));
		threads.push(thread);
		await storeThread(desk, thread, messages);
	};
	const withFiles = (...names: string[]) => ({ mail: { attachments: names.map(fileOf) } });
	await put('old', [messageIn('old', 1, withFiles('old.txt'))]);
	await put('new', [
		messageIn('new', 2, withFiles('a.txt', 'b.txt')),
		messageIn('new', 3, { ...withFiles('mine.txt'), from: 'alice' }),
		messageIn('new', 4, { ...withFiles('hers.txt'), from: 'carol' })
	]);
	let read = 0;
	const list: typeof desk.store.list = (table, prefix) => {
		read++;
		return desk.store.list(table, prefix);
	};
	const namesOf = async (limit: number) => {
		const { files, hasMore } = await filesWith({ list }, threads.map(toListed), [bob], limit);
		const names = files.map(({ message, index }) => message.mail.attachments[index]?.name);
		return { names, hasMore };
	};
	expect(await namesOf(2)).toEqual({ names: ['mine.txt', 'a.txt'], hasMore: true });
	expect(read).toBe(1);
	expect(await namesOf(9)).toEqual({
		names: ['mine.txt', 'a.txt', 'b.txt', 'old.txt'],
		hasMore: false
	});
});
