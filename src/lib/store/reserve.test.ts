import { expect, test } from 'vitest';
import { openFake } from '../../../tests/conformance/store-fake.ts';
import { createDatabase } from './database.ts';
import { createHeliaBlockstore } from './helia-blockstore.ts';
import { createReserve } from './reserve.ts';

const MIB = 1_048_576;

function openReserve(estimate: { usedBytes: number; quotaBytes: number }) {
	const database = createDatabase(crypto.randomUUID(), () => undefined);
	return createReserve(database, { estimate: () => Promise.resolve(estimate) });
}

test('it does not take the last room', async () => {
	const small = openReserve({ usedBytes: 90 * MIB, quotaBytes: 100 * MIB });
	await small.lay();
	expect(await small.release()).toBe(false);
	const large = openReserve({ usedBytes: 50 * MIB, quotaBytes: 100 * MIB });
	await large.lay();
	expect(await large.release()).toBe(true);
	expect(await large.release()).toBe(false);
});

test('where the browser tells nothing of its room, it is laid', async () => {
	const reserve = openReserve({ usedBytes: 0, quotaBytes: 0 });
	await reserve.lay();
	expect(await reserve.release()).toBe(true);
});

test('nobody takes it for a block', async () => {
	const store = openFake({ name: crypto.randomUUID() });
	await store.reserve.lay();
	const found = [];
	for await (const each of createHeliaBlockstore(store.database).getAll()) found.push(each);
	expect(found).toEqual([]);
	store.close();
});
