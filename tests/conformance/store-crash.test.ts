/** What the double adds to the ports: power that goes away. The simulator stands on it. */

import { describe, expect, it } from 'vitest';
import type { Change, MailStore } from '../../src/lib/post/ports.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import { createMemoryDisk } from './memory-store.ts';

describe('power that goes away', () => {
	it.each([0, 1, 2, 3])('after %i writes', async (count) => {
		const disk = createMemoryDisk();
		const { mail } = disk.open();
		const heard: string[] = [];
		const crashed = new Promise<void>((resolve) => disk.crashAfter(count, resolve));
		void writeThree(mail, heard);
		await crashed;
		expect(heard).toEqual(['a', 'b', 'c'].slice(0, Math.max(0, count - 1)));
		expect(await namesOn(disk.open().mail)).toEqual(['a', 'b', 'c'].slice(0, count));
	});

	it('answers nothing to those who were there, and all to those who come', async () => {
		const disk = createMemoryDisk();
		const before = disk.open();
		await before.mail.commit([setting('a')]);
		const answered: string[] = [];
		void before.mail.get('setting', ['a']).then(() => answered.push('asked before'));
		disk.crash();
		void before.mail.commit([setting('b')]).finally(() => answered.push('asked after'));
		const { mail } = disk.open();
		await mail.commit([setting('c')]);
		expect(await namesOn(mail)).toEqual(['a', 'c']);
		expect(answered).toEqual([]);
	});

	it('takes no half of a commit', async () => {
		const disk = createMemoryDisk();
		const { mail } = disk.open();
		const crashed = new Promise<void>((resolve) => disk.crashAfter(0, resolve));
		void mail.commit([setting('a'), setting('b')]);
		await crashed;
		expect(await namesOn(disk.open().mail)).toEqual([]);
	});

	it.each([0, 1, 2])('keeps %i of the blocks that no commit has followed', async (kept) => {
		const disk = createMemoryDisk((count) => Math.min(kept, count - 1));
		const { mail, blocks } = disk.open();
		const list = [0, 1, 2].map((byte) => {
			const data = Uint8Array.of(byte);
			return { id: cidToBlockId(cidOfRaw(data)), data };
		});
		await blocks.put(list.slice(0, 1));
		await mail.commit([setting('a')]);
		await blocks.put(list.slice(1));
		disk.crash();
		const after = disk.open().blocks;
		const has = await Promise.all(list.map(({ id }) => after.has(id)));
		expect(has).toEqual([true, kept > 0, kept > 1]);
	});

	it('is followed by no change that a listener hears', async () => {
		const disk = createMemoryDisk();
		const { mail } = disk.open();
		const heard: unknown[] = [];
		mail.subscribe((changed) => heard.push(changed));
		const crashed = new Promise<void>((resolve) => disk.crashAfter(1, resolve));
		void mail.commit([setting('a')]);
		await crashed;
		await disk.open().mail.commit([setting('b')]);
		expect(heard).toEqual([]);
	});
});

async function writeThree(mail: MailStore, heard: string[]): Promise<void> {
	for (const name of ['a', 'b', 'c']) {
		await mail.update('setting', [name], () => [setting(name)]);
		heard.push(name);
	}
}

function setting(name: string): Change {
	return { table: 'setting', key: [name], put: { value: name } };
}

async function namesOn(mail: MailStore): Promise<unknown[]> {
	return (await mail.list('setting')).map(({ value }) => value).sort();
}
