import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { StorageFull } from '../post/ports.ts';
import { concat, utf8 } from '../wire/bytes.ts';
import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { createBlockStore } from './block-store.ts';
import { createDatabase } from './database.ts';
import { createHeliaBlockstore } from './helia-blockstore.ts';

const BYTES = utf8('the picture of bob');
const CID_OF_BYTES = cidOfRaw(BYTES);

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

describe("Helia's blockstore", () => {
	it('keeps, gives and deletes', async () => {
		const { blockstore } = open();
		expect(await blockstore.put(CID_OF_BYTES, BYTES)).toEqual(CID_OF_BYTES);
		expect(await blockstore.has(CID_OF_BYTES)).toBe(true);
		expect(await collect(blockstore.get(CID_OF_BYTES))).toEqual(BYTES);
		await blockstore.delete(CID_OF_BYTES);
		expect(await blockstore.has(CID_OF_BYTES)).toBe(false);
	});

	it('says by name that it has no such block', async () => {
		const { blockstore } = open();
		await expect(collect(blockstore.get(CID_OF_BYTES))).rejects.toMatchObject({
			name: 'NotFoundError'
		});
	});

	it('takes a block in pieces', async () => {
		const { blockstore } = open();
		await blockstore.put(CID_OF_BYTES, [BYTES.subarray(0, 4), BYTES.subarray(4)]);
		expect(await collect(blockstore.get(CID_OF_BYTES))).toEqual(BYTES);
	});

	it('does many at once', async () => {
		const { blockstore } = open();
		const pairs = ['a', 'b', 'c'].map((text) => ({ cid: cidOfRaw(utf8(text)), bytes: utf8(text) }));
		const cids = pairs.map(({ cid }) => cid);
		expect(await all(blockstore.putMany(pairs))).toEqual(cids);
		const got = await all(blockstore.getMany(cids));
		expect(await Promise.all(got.map(({ bytes }) => collect(bytes)))).toEqual(
			pairs.map(({ bytes }) => bytes)
		);
		expect(await all(blockstore.deleteMany(cids.slice(1)))).toEqual(cids.slice(1));
		expect(await listCids(blockstore)).toEqual([String(cids[0])]);
	});

	it('finds a block under every codec, and lists it as raw', async () => {
		const { blockstore } = open();
		const object = cidOfObject(BYTES);
		await blockstore.put(object, BYTES);
		expect(await blockstore.has(CID.createV1(0x55, object.multihash))).toBe(true);
		expect(await listCids(blockstore)).toEqual([String(cidOfRaw(BYTES))]);
	});

	it('neither shows blocks of mail nor hides its own from their removal', async () => {
		const { blockstore, mailBlocks } = open();
		const id = cidToBlockId(CID_OF_BYTES);
		await mailBlocks.put([{ id, data: BYTES }]);
		expect(await blockstore.has(CID_OF_BYTES)).toBe(false);
		await expect(collect(blockstore.get(CID_OF_BYTES))).rejects.toThrow();
		expect(await listCids(blockstore)).toEqual([]);
		await blockstore.put(CID_OF_BYTES, BYTES);
		await mailBlocks.remove([id]);
		expect(await collect(blockstore.get(CID_OF_BYTES))).toEqual(BYTES);
	});

	it('throws StorageFull as the ports do', async () => {
		const { blockstore, database } = open();
		database.write = () => Promise.reject(new StorageFull('no room'));
		await expect(blockstore.put(CID_OF_BYTES, BYTES)).rejects.toThrow(StorageFull);
	});
});

function open() {
	const database = createDatabase('blocks', () => undefined);
	return {
		database,
		blockstore: createHeliaBlockstore(database),
		mailBlocks: createBlockStore(database)
	};
}

type Blockstore = ReturnType<typeof createHeliaBlockstore>;

async function listCids(blockstore: Blockstore): Promise<string[]> {
	return (await all(blockstore.getAll())).map(({ cid }) => String(cid));
}

async function all<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
	const list: T[] = [];
	for await (const item of items) list.push(item);
	return list;
}

async function collect(parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
	return concat(...(await all(parts)));
}
