/** A file's tree has the one shape that its size gives; all else is a lie, and costs little. */

import { expect, test } from 'vitest';
import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId, idToCid, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import { listBlocks, storeManifest } from './manifest.ts';

function createStore() {
	const blocks = new Map<BlockId, Uint8Array>();
	let reads = 0;
	return {
		blocks,
		reads: () => reads,
		put: async (list: readonly { id: BlockId; data: Uint8Array }[]) => {
			for (const { id, data } of list) blocks.set(id, data);
		},
		get: async (id: BlockId) => {
			reads++;
			return blocks.get(id) ?? null;
		}
	};
}

const chunksOf = (count: number) =>
	Array.from({ length: count }, (_, at) =>
		cidToBlockId(cidOfRaw(Uint8Array.of(at, at >> 8, at >> 16)))
	);

/** Puts a node, whatever it says; its CID. */
async function node(
	store: ReturnType<typeof createStore>,
	fields: { depth: number; size: number; links: readonly BlockId[] }
) {
	const data = encodeObject('manifest', { ...fields, links: fields.links.map(idToCid) });
	const cid = cidOfObject(data);
	await store.put([{ id: cidToBlockId(cid), data }]);
	return cid;
}

test.each([0, 1, 3, LIMITS.manifestFanout, LIMITS.manifestFanout + 2])(
	'a tree of %i chunks is read back in order',
	async (count) => {
		const store = createStore();
		const size = Math.max(0, count * LIMITS.chunkBytes - 5);
		const chunks = chunksOf(count);
		const nodes = await storeManifest(store, chunks, size);
		const root = nodes.at(-1);
		if (root === undefined) throw new Error('no root');
		const listing = await listBlocks(store.get, { manifest: idToCid(root), size });
		expect(listing).toMatchObject({ kind: 'whole', chunks });
		expect(new Set(listing.nodes)).toEqual(new Set(nodes));
	}
);

test('a part that is missing leaves the other part', async () => {
	const store = createStore();
	const chunks = chunksOf(LIMITS.manifestFanout + 2);
	const size = chunks.length * LIMITS.chunkBytes;
	const [first, , root] = await storeManifest(store, chunks, size);
	if (first === undefined || root === undefined) throw new Error('a tree of two levels');
	store.blocks.delete(first);
	const listing = await listBlocks(store.get, { manifest: idToCid(root), size });
	expect(listing).toMatchObject({ kind: 'absent', chunks: chunks.slice(-2) });
});

test.each([
	['a length that is not the message’s', { depth: 0, size: 9, links: 1 }],
	['too few chunks', { depth: 0, size: 10, links: 0 }],
	['too many chunks', { depth: 0, size: 10, links: 2 }],
	['a depth that its size has not', { depth: 1, size: 10, links: 1 }]
])('%s is a lie', async (_, { links, ...fields }) => {
	const store = createStore();
	const manifest = await node(store, { ...fields, links: chunksOf(links) });
	const listing = await listBlocks(store.get, { manifest, size: 10 });
	expect(listing.kind).toBe('damaged');
});

test('a tree that names itself over and over costs one read', async () => {
	const store = createStore();
	let below = await node(store, { depth: 0, size: 0, links: [] });
	for (const depth of [1, 2, 3]) {
		const links = Array.from({ length: LIMITS.manifestFanout }, () => cidToBlockId(below));
		below = await node(store, { depth, size: LIMITS.fileBytes, links });
	}
	const listing = await listBlocks(store.get, { manifest: below, size: LIMITS.fileBytes });
	expect(listing.kind).toBe('damaged');
	expect(store.reads()).toBe(1);
});

test('a few blocks that are named over and over are a lie, and are listed once', async () => {
	const store = createStore();
	const { manifestFanout, chunkBytes } = LIMITS;
	const times = <T>(count: number, link: T) => Array.from({ length: count }, () => link);
	const [chunk] = chunksOf(1);
	if (chunk === undefined) throw new Error('a chunk');
	const size = manifestFanout * chunkBytes;
	const leaf = await node(store, { depth: 0, size, links: times(manifestFanout, chunk) });
	const links = times(63, cidToBlockId(leaf));
	const manifest = await node(store, { depth: 1, size: 63 * size, links });
	const listing = await listBlocks(store.get, { manifest, size: 63 * size });
	expect(listing).toMatchObject({ kind: 'damaged', chunks: [chunk] });
	expect(store.reads()).toBe(2);
});

test('a chunk that stands at two places of a file is a lie', async () => {
	const store = createStore();
	const [one, two] = chunksOf(2);
	if (one === undefined || two === undefined) throw new Error('two chunks');
	const size = 3 * LIMITS.chunkBytes;
	const manifest = await node(store, { depth: 0, size, links: [one, two, one] });
	expect((await listBlocks(store.get, { manifest, size })).kind).toBe('damaged');
});
