/**
 * Helia's blockstore over our object store: the public blocks, avatars and published things. Mail
 * stands under another kind, so that Bitswap cannot serve it (protocol §5).
 */

import type { HeliaInit } from 'helia';
import { CID } from 'multiformats/cid';
import { decode as decodeDigest } from 'multiformats/hashes/digest';
import { concat } from '../wire/bytes.ts';
import { RAW } from '../wire/codec.ts';
import { BLOCK_KINDS } from './block-store.ts';
import type { Database } from './database.ts';
import { placesUnder } from './rows.ts';

type Binary = Uint8Array<ArrayBuffer>;

export type Blockstore = NonNullable<HeliaInit['blockstore']>;
type Input = Parameters<Blockstore['put']>[1];

/** Helia looks at the name. */
class NotFoundError extends Error {
	override readonly name = 'NotFoundError';
}

export function createHeliaBlockstore(database: Database): Blockstore {
	const readBlock = (cid: CID) => database.read('blocks', ({ store }) => store.get(place(cid)));
	const writeBlock = async (cid: CID, input: Input): Promise<CID> => {
		const bytes = await collect(input);
		await database.write('blocks', 'relaxed', ({ store }) => store.put(bytes, place(cid)));
		return cid;
	};
	const removeBlock = (cid: CID) =>
		database.write('blocks', 'relaxed', ({ store }) => store.delete(place(cid)));

	async function* get(cid: CID) {
		const block = await readBlock(cid);
		if (block === undefined) throw new NotFoundError(`no block ${cid.toString()}`);
		yield block;
	}
	return {
		has: async (cid) => (await readBlock(cid)) !== undefined,
		get,
		put: writeBlock,
		delete: removeBlock,
		async *getMany(cids) {
			for await (const cid of cids) yield { cid, bytes: get(cid) };
		},
		async *putMany(pairs) {
			for await (const { cid, bytes } of pairs) yield await writeBlock(cid, bytes);
		},
		async *deleteMany(cids) {
			for await (const cid of cids) {
				await removeBlock(cid);
				yield cid;
			}
		},
		async *getAll() {
			const range = placesUnder(Uint8Array.of(BLOCK_KINDS.public));
			for (const key of await database.read('blocks', ({ store }) => store.getAllKeys(range))) {
				const cid = placeToCid(key);
				yield { cid, bytes: get(cid) };
			}
		}
	};
}

function place(cid: CID): Binary {
	return concat(Uint8Array.of(BLOCK_KINDS.public), cid.multihash.bytes);
}

/** The codec is not stored: as in Helia's other stores it comes back as raw. */
function placeToCid(key: Binary): CID {
	return CID.createV1(RAW, decodeDigest(new Uint8Array(key).slice(1)));
}

async function collect(input: Input): Promise<Binary> {
	if (input instanceof Uint8Array) return Uint8Array.from(input);
	const parts: Uint8Array[] = [];
	for await (const part of input) parts.push(part);
	return concat(...parts);
}
