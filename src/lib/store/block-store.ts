/**
 * `BlockStore` on IndexedDB, for blocks of mail: ciphertext, which Helia never sees, because Bitswap
 * serves whatever it is asked for (`helia-blockstore.ts` has the public ones).
 */

import type { BlockStore } from '../post/ports.ts';
import { concat } from '../wire/bytes.ts';
import { idToCid } from '../wire/ids.ts';
import type { BlockId } from '../wire/ids.ts';
import type { Database } from './database.ts';

type Binary = Uint8Array<ArrayBuffer>;

/**
 * First byte of a block's storage key; the multihash follows, for the codec is no part of a block. The
 * reserve (`reserve.ts`) is no block, and stands under this byte alone.
 */
export const BLOCK_KINDS = { mail: 0, public: 1, reserve: 2 } as const;

export function createBlockStore(database: Database): BlockStore {
	const reads = new SharedReads(database);
	return {
		has: (id) =>
			database.read('blocks', async ({ store }) => (await store.getKey(place(id))) !== undefined),
		get: (id) => reads.get(id),
		async missing(ids) {
			const keys = await database.read('blocks', ({ store }) =>
				Promise.all(ids.map((id) => store.getKey(place(id))))
			);
			return ids.filter((_, at) => keys[at] === undefined);
		},
		async put(blocks) {
			if (blocks.length === 0) return;
			const list = blocks.map(({ id, data }) => ({ key: place(id), data: toOrdinary(data) }));
			await database.write('blocks', 'relaxed', ({ store }) =>
				Promise.all(list.map(({ key, data }) => store.put(data, key)))
			);
		},
		async remove(ids) {
			if (ids.length === 0) return;
			const places = ids.map(place);
			await database.write('blocks', 'relaxed', ({ store }) =>
				Promise.all(places.map((key) => store.delete(key)))
			);
		}
	};
}

/** Questions of one turn share a transaction, which costs as much as reading the block. */
class SharedReads {
	readonly #database: Database;
	#asked: BlockId[] = [];
	#answers: Promise<Map<BlockId, Uint8Array | undefined>> | null = null;

	constructor(database: Database) {
		this.#database = database;
	}

	async get(id: BlockId): Promise<Uint8Array | null> {
		this.#asked.push(id);
		this.#answers ??= Promise.resolve().then(() => this.#read());
		return (await this.#answers).get(id) ?? null;
	}

	async #read(): Promise<Map<BlockId, Uint8Array | undefined>> {
		const ids = [...new Set(this.#asked.splice(0))];
		this.#answers = null;
		return this.#database.read('blocks', async ({ store }) => {
			const found = await Promise.all(ids.map((id) => store.get(place(id))));
			return new Map(ids.map((id, at) => [id, found[at]]));
		});
	}
}

/** Over its own buffer alone: IndexedDB would store all of a buffer of which a block is a part. */
function toOrdinary(data: Uint8Array): Binary {
	const { buffer } = data;
	const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === data.length;
	return isWhole ? new Uint8Array(buffer) : Uint8Array.from(data);
}

function place(id: BlockId): Binary {
	return concat(Uint8Array.of(BLOCK_KINDS.mail), idToCid(id).multihash.bytes);
}
