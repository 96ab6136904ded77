/** Files that the person chose a place for, in a real browser. */

import { afterEach, expect, test, vi } from 'vitest';
import { pickFile } from './save.ts';

afterEach(() => {
	vi.unstubAllGlobals();
});

async function chosen(name: string): Promise<FileSystemFileHandle> {
	const folder = await navigator.storage.getDirectory();
	const handle = await folder.getFileHandle(name, { create: true });
	vi.stubGlobal('showSaveFilePicker', () => Promise.resolve(handle));
	return handle;
}

async function picked(name: string) {
	const file = await pickFile(name);
	if (file === null || file === 'cancelled') throw new Error('it was chosen');
	return file;
}

const text = async (handle: FileSystemFileHandle) => (await handle.getFile()).text();

test('what was written stands there when it is kept', async () => {
	const handle = await chosen('kept.txt');
	const file = await picked('kept.txt');
	await file.sink.write(new TextEncoder().encode('one, '));
	await file.sink.write(new TextEncoder().encode('two'));
	await file.keep();
	expect(await text(handle)).toBe('one, two');
	expect(file.name).toBe('kept.txt');
});

test('what was stopped leaves the file that stood there, and none where there was none', async () => {
	const handle = await chosen('old.txt');
	const before = await handle.createWritable();
	await before.write('as it was');
	await before.close();
	const over = await picked('old.txt');
	await over.sink.write(new TextEncoder().encode('half'));
	await over.discard();
	expect(await text(handle)).toBe('as it was');

	await chosen('new.txt');
	const fresh = await picked('new.txt');
	await fresh.sink.write(new TextEncoder().encode('half'));
	await fresh.discard();
	const folder = await navigator.storage.getDirectory();
	await expect(folder.getFileHandle('new.txt')).rejects.toThrow();
});

test('a person who does not want to is no browser that cannot', async () => {
	const refuse = (name: string) => () => Promise.reject(new DOMException('no', name));
	vi.stubGlobal('showSaveFilePicker', refuse('AbortError'));
	expect(await pickFile('a')).toBe('cancelled');
	vi.stubGlobal('showSaveFilePicker', refuse('SecurityError'));
	expect(await pickFile('a')).toBeNull();
	vi.stubGlobal('showSaveFilePicker', undefined);
	expect(await pickFile('a')).toBeNull();
});
