import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPerson } from '../../tests/relay/person.ts';
import { createWorld } from '../../tests/relay/world.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { encodeObject, type Block } from '../../src/lib/wire/office.ts';
import { createMemoryStore } from '../store/memory.ts';
import { deleteBlocks } from './blocks.ts';
import { BOUNDS } from './bounds.ts';
import { StorageFull } from './ports.ts';
import { countTotals } from './totals.ts';

const URL = 'http://o.test';
const FULL = { ok: false, reason: 'disk-full' };

function makeBlock(size: number): Block {
	const data = Uint8Array.from(randomBytes(size));
	return { v: 1, t: 'block', cid: cidOfRaw(data), data };
}

test('takes so many addresses and no more, also after a restart, and counts the refusal', async () => {
	const world = createWorld();
	world.start(URL, { accounts: 2 });
	const office = world.offices(URL);
	const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
	const mallory = await createPerson('Mallory');
	for (const each of [alice, bob]) await each.join(office);
	expect(await office.publish(mallory.address, await mallory.bundle(1))).toEqual(FULL);
	expect(world.refusals).toEqual(['disk-full']);
	world.start(URL, { accounts: 2 });
	expect(await office.publish(mallory.address, await mallory.bundle(1))).toEqual(FULL);
	const newer = await alice.bundle(alice.rootSeq + 10, 'Alicia');
	expect(await office.publish(alice.address, newer)).toMatchObject({ ok: true });
	expect(world.office(URL).totals.accounts).toBe(2);
});

test('keeps so many bytes for all addresses together, and takes more once some are freed', async () => {
	const world = createWorld();
	const totalBytes = 2 * (1000 + BOUNDS.rowBytes);
	world.start(URL, { totalBytes });
	const office = world.offices(URL);
	const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
	for (const each of [alice, bob]) await each.join(office);
	const block = makeBlock(1000);
	expect(await office.keep(alice.account, [block])).toMatchObject({ ok: true });
	expect(await office.keep(bob.account, [makeBlock(1000)])).toMatchObject({ ok: true });
	expect(await office.keep(bob.account, [makeBlock(1)])).toEqual(FULL);
	world.start(URL, { totalBytes });
	expect(world.office(URL).totals.bytes).toBe(totalBytes);
	expect(await office.keep(bob.account, [makeBlock(1)])).toEqual(FULL);
	const freed = encodeObject('cids', { cids: [block.cid] });
	deleteBlocks(world.office(URL), toHex(alice.account.root), freed);
	expect(await office.keep(bob.account, [makeBlock(1000)])).toMatchObject({ ok: true });
});

test('a commit that fails is not counted', () => {
	const kept = createMemoryStore();
	const full = {
		...kept,
		commit: () => {
			throw new StorageFull();
		}
	};
	const usage = { bytes: 10, slots: 0, tokens: 0, sends: 0 };
	const { store, totals } = countTotals(full);
	expect(() => store.commit([{ table: 'usage', key: ['r'], put: usage }])).toThrow(StorageFull);
	expect(totals).toEqual({ accounts: 0, bytes: 0 });
});
