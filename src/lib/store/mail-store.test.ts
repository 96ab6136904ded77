import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { StorageFull, type Change } from '../post/ports.ts';
import type { RefusalRecord } from '../post/records.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { createChanges } from './changes.ts';
import { createDatabase, type Database } from './database.ts';
import { createKeyRing } from './key-ring.ts';
import { createMailStore } from './mail-store.ts';
import { LARGE_ROW } from './seen.ts';
import { createStore, type Store } from './store.ts';
import { DamagedRow, openVault } from './vault.ts';
import { createWriter } from './writer.ts';

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe('the mail store on IndexedDB', () => {
	it('asks for strict durability at each commit and update, relaxed for blocks', async () => {
		const asked = vi.spyOn(IDBDatabase.prototype, 'transaction');
		const { mail, blocks } = open();
		await mail.commit([count(1)]);
		await mail.update('refusal', ['expired'], () => [count(2)]);
		await blocks.put([{ id: cidToBlockId(cidOfRaw(Uint8Array.of(1))), data: Uint8Array.of(1) }]);
		const durability = (store: string) =>
			asked.mock.calls
				.filter(([name, mode]) => name === store && mode === 'readwrite')
				.map(([, , options]) => options?.durability);
		expect([durability('rows'), durability('blocks')]).toEqual([['strict', 'strict'], ['relaxed']]);
	});

	it('opens no row that was put in the place of another', async () => {
		const store = open();
		await store.mail.commit([
			{ table: 'setting', key: ['a'], put: { value: 1 } },
			{ table: 'setting', key: ['b'], put: { value: 2 } }
		]);
		await swapTwoRows();
		await expect(store.mail.get('setting', ['a'])).rejects.toThrow(DamagedRow);
		await expect(store.mail.list('setting')).rejects.toThrow(DamagedRow);
	});

	it('counts an update once whose commit succeeded without a word', async () => {
		const database = createDatabase('defms', () => undefined);
		const changes = createChanges('defms');
		onTestFinished(() => changes.close());
		const mail = createMailStore({
			database: { ...database, write: twice(database.write) },
			vault: () => openVault(database),
			ring: createKeyRing(() => null),
			changes,
			reserve: { release: () => Promise.resolve(false) },
			writer: createWriter('defms')
		});
		await mail.commit([count(1)]);
		await mail.update('refusal', ['expired'], (row) => [count((row?.count ?? 0) + 1)]);
		expect((await mail.get('refusal', ['expired']))?.count).toBe(2);
	});

	it('remembers what was written, and reads what is large again', async () => {
		const { mail } = open();
		const reads = vi.spyOn(IDBObjectStore.prototype, 'get');
		for (const [size, count] of [
			[1, 0],
			[LARGE_ROW, 1]
		] as const) {
			await mail.commit([{ table: 'setting', key: ['a'], put: { value: 'x'.repeat(size) } }]);
			reads.mockClear();
			await mail.recall('setting', ['a']);
			expect(reads).toHaveBeenCalledTimes(count);
		}
	});

	it('tells the quota that the disk is full, until it is not', async () => {
		const { mail, quota } = open();
		await mail.commit([count(1)]);
		vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(refuse);
		await expect(mail.commit([count(2)])).rejects.toThrow(StorageFull);
		expect(quota.isFull).toBe(true);
		await mail.commit([count(3)]);
		expect(quota.isFull).toBe(false);
	});

	it('takes the reserve for what makes room, and for nothing else', async () => {
		const { mail, reserve } = open();
		await mail.commit([count(0)]);
		await reserve.lay();
		const { put } = IDBObjectStore.prototype;
		const isFull = vi.spyOn(IDBObjectStore.prototype, 'put');
		isFull.mockImplementationOnce(refuse);
		await expect(mail.commit([count(1)])).rejects.toThrow(StorageFull);
		isFull.mockImplementationOnce(refuse).mockImplementation(put);
		await mail.commit([count(2)], { mayUseReserve: true });
		expect((await mail.get('refusal', ['expired']))?.count).toBe(2);
		// It is gone by now, and the next one has to do without.
		isFull.mockImplementationOnce(refuse);
		await expect(mail.commit([count(3)], { mayUseReserve: true })).rejects.toThrow(StorageFull);
		await reserve.lay();
		expect(await reserve.release()).toBe(true);
		isFull.mockRestore();
	});

	it('throws after it is closed', async () => {
		const store = open();
		await store.mail.commit([count(1)]);
		store.close();
		await expect(store.mail.commit([count(2)])).rejects.toThrow('closed');
	});
});

function open(): Store {
	const store = createStore({ suite: async () => nobleSuite });
	onTestFinished(() => store.close());
	return store;
}

/** As on iOS: the commit is on the disk, the connection is lost, and the work begins again. */
function twice(write: Database['write']): Database['write'] {
	return async (store, durability, work) => {
		await write(store, durability, work);
		return write(store, durability, work);
	};
}

function count(value: number): Change {
	const put: RefusalRecord = { reason: 'expired', count: value, lastAt: 0 };
	return { table: 'refusal', key: ['expired'], put };
}

async function swapTwoRows(): Promise<void> {
	const connection = await request(indexedDB.open('defms'));
	const rows = connection.transaction('rows', 'readwrite').objectStore('rows');
	const keys = await request(rows.getAllKeys());
	const values = await request<unknown[]>(rows.getAll());
	await request(rows.put(values[0], keys[1]));
	await request(rows.put(values[1], keys[0]));
	connection.close();
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		asked.onsuccess = () => resolve(asked.result);
		asked.onerror = () => reject(asked.error!);
	});
}

function refuse(): never {
	throw new DOMException('no room', 'QuotaExceededError');
}
