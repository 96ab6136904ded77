import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { createDatabase, type Database } from './database.ts';
import { createReader } from './reader.ts';

const place = (at: number) => Uint8Array.of(1, at);

async function fill(name: string): Promise<Database> {
	const database = createDatabase(name, () => undefined);
	await database.write('rows', 'relaxed', async ({ store }) => {
		for (let at = 0; at < 50; at++) await store.put(Uint8Array.of(at), place(at));
	});
	return database;
}

it('reads what is asked for meanwhile in one transaction', async () => {
	const database = await fill('meanwhile');
	const read = vi.spyOn(database, 'read');
	const readRow = createReader(database);
	const rows = await Promise.all(Array.from({ length: 51 }, (_, at) => readRow(place(at))));
	expect(rows.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, at) => Uint8Array.of(at)));
	expect(rows[50]).toBeNull();
	expect(read).toHaveBeenCalledTimes(2);
	expect(await readRow(place(7))).toEqual(Uint8Array.of(7));
	expect(read).toHaveBeenCalledTimes(3);
});

it('tells of a row that cannot be read only who asked for it', async () => {
	const get = (key: Uint8Array) =>
		key[1] === 3 ? Promise.reject(new Error('not readable')) : Promise.resolve(key);
	const database = {
		read: <T>(_: string, work: (transaction: never) => Promise<T>) =>
			work({ store: { get } } as never)
	};
	const readRow = createReader(database);
	const rows = await Promise.allSettled([1, 2, 3, 4].map((at) => readRow(place(at))));
	const states = rows.map(({ status }) => status);
	expect(states).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
	expect(await readRow(place(5))).toEqual(place(5));
});
