import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StorageFull, type Change, type OfficeStore } from '../office/ports.ts';
import { createMemoryStore } from './memory.ts';
import { openDiskStore, StoreInUseError } from './sqlite.ts';

function temporaryFile(): string {
	const folder = mkdtempSync(join(tmpdir(), 'defms-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	return join(folder, 'office.db');
}

function openTemporary(): OfficeStore {
	const store = openDiskStore(temporaryFile());
	onTestFinished(() => store.close());
	return store;
}

const put = (root: string, device: string, time: number): Change => ({
	table: 'device',
	key: [root, device],
	put: { time }
});
const block = (id: string, data: Uint8Array): Change => ({ table: 'block', key: [id], put: data });

describe.each([
	['in memory', createMemoryStore],
	['on disk', openTemporary]
])('a store %s', (_, open) => {
	test('gives back rows and blocks', () => {
		const store = open();
		store.commit([
			put('a', 'x', 1),
			block('b', Uint8Array.of(1, 2)),
			block('e', new Uint8Array(0))
		]);
		expect(store.get('device', ['a', 'x'])).toEqual({ time: 1 });
		expect(store.get('block', ['b'])).toEqual(Uint8Array.of(1, 2));
		expect(store.get('block', ['e'])).toEqual(new Uint8Array(0));
		expect(store.get('device', ['a', 'y'])).toBeNull();
		expect(store.has('block', ['b'])).toBe(true);
		expect(store.has('device', ['b'])).toBe(false);
	});

	test('lists by whole parts, in order, in pages', () => {
		const store = open();
		store.commit(['a', 'a1', 'ab', 'b'].map((root) => put(root, 'x', 1)));
		store.commit([put('a', 'z', 3), put('a', 'y', 2)]);
		const keys = (page?: { limit: number; after?: string[] }) =>
			store.list('device', ['a'], page).map(({ key }) => key.join('/'));
		expect(keys()).toEqual(['a/x', 'a/y', 'a/z']);
		expect(keys({ limit: 2 })).toEqual(['a/x', 'a/y']);
		expect(keys({ limit: 2, after: ['a', 'y'] })).toEqual(['a/z']);
		expect(store.list('device', []).length).toBe(6);
		expect(store.list('slot', [])).toEqual([]);
	});

	test('keeps nothing of a commit that fails in the middle, and takes the next', () => {
		const store = open();
		const unwritable = put('a', 'y', NaN);
		expect(() => store.commit([put('a', 'x', 1), unwritable])).toThrow();
		expect(store.list('device', [])).toEqual([]);
		store.commit([put('a', 'x', 1)]);
		expect(store.list('device', []).length).toBe(1);
	});

	test('does what a map does, whatever comes', () => {
		const key = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'z'));
		const change = fc.record({ key, time: fc.option(fc.nat()) });
		fc.assert(
			fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 20 }), (commits) => {
				const store = createIfMemory(open);
				const model = new Map<string, number>();
				for (const { key: old } of store.list('device', [])) {
					store.commit([{ table: 'device', key: old, remove: true }]);
				}
				for (const changes of commits) {
					store.commit(
						changes.map(({ key: [root, device], time }) =>
							time === null
								? { table: 'device', key: [root, device], remove: true }
								: put(root, device, time)
						)
					);
					for (const { key: parts, time } of changes) {
						if (time === null) model.delete(parts.join('/'));
						else model.set(parts.join('/'), time);
					}
				}
				const held = store
					.list('device', [])
					.map(({ key: parts, row }) => [parts.join('/'), row.time]);
				expect(held).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
			}),
			{ numRuns: 50 }
		);
	});
});

/** One disk store serves all runs of a property: opening a file is slow. */
const opened = new Map<() => OfficeStore, OfficeStore>();
function createIfMemory(open: () => OfficeStore): OfficeStore {
	const store = opened.get(open) ?? open();
	opened.set(open, store);
	return store;
}

test('what was committed is there after it was opened anew', () => {
	const file = temporaryFile();
	const first = openDiskStore(file);
	first.commit([put('a', 'x', 1)]);
	first.commit([put('a', 'y', 2)], { isLazy: true });
	first.close();
	const second = openDiskStore(file);
	expect(second.list('device', ['a']).map(({ row }) => row.time)).toEqual([1, 2]);
	second.close();
});

test('only one process may have it', () => {
	const file = temporaryFile();
	const first = openDiskStore(file);
	expect(() => openDiskStore(file)).toThrow(StoreInUseError);
	first.close();
});

test('a full disk keeps what was there, all of it and nothing else, and goes on', () => {
	const store = openDiskStore(temporaryFile(), { maxBytes: 400_000 });
	onTestFinished(() => store.close());
	store.commit([put('a', 'x', 1)]);
	const large = [put('a', 'x', 2), put('a', 'y', 2), block('b', new Uint8Array(262_144).fill(7))];
	store.commit(large);
	const more = [put('a', 'x', 3), block('c', new Uint8Array(262_144).fill(8))];
	expect(() => store.commit(more)).toThrow(StorageFull);
	expect(store.get('device', ['a', 'x'])).toEqual({ time: 2 });
	expect(store.has('block', ['c'])).toBe(false);
	store.commit([{ table: 'block', key: ['b'], remove: true }]);
	store.commit(more);
	expect(store.get('device', ['a', 'x'])).toEqual({ time: 3 });
});
