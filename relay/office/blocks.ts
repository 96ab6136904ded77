/**
 * Blocks: ciphertext under the quota of whoever put it. A block that several put is stored once and
 * paid by each; it goes when the last lets go of it.
 */

import type { CID } from 'multiformats/cid';
import { equal } from '../../src/lib/wire/bytes.ts';
import { DAG_CBOR, RAW } from '../../src/lib/wire/codec.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { blockDecoder, cidsDecoder, encodeObject, type Block } from '../../src/lib/wire/office.ts';
import { readFrames } from '../../src/lib/wire/frame.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import { book } from './usage.ts';

/** All of the request's blocks are on disk when it resolves, or none. */
export async function keepBlocks(
	office: Office,
	root: string,
	body: Uint8Array
): Promise<Result<null>> {
	const decoded = readBlocks(body);
	if (!decoded.ok) return decoded;
	const blocks = new Map(decoded.value.map((block) => [block.cid.toString(), block]));
	for (const { cid, data } of blocks.values()) {
		const digest = await office.verifier.sha256(data);
		if (!equal(digest, cid.multihash.digest)) return refuse('wrong-hash');
	}
	return store(office, root, blocks);
}

function readBlocks(body: Uint8Array): Result<Block[]> {
	const frames = readFrames(body, blockDecoder.maxBytes);
	if (!frames.ok) return frames;
	if (frames.value.length > LIMITS.blocksPerRequest) return refuse('too-large');
	const blocks: Block[] = [];
	for (const frame of frames.value) {
		const block = blockDecoder.decode(frame);
		if (!block.ok) return block;
		const { code } = block.value.cid;
		if (code !== DAG_CBOR && code !== RAW) return refuse('wrong-shape');
		blocks.push(block.value);
	}
	return accept(blocks);
}

function store(office: Office, root: string, blocks: ReadonlyMap<string, Block>): Result<null> {
	const time = office.now();
	const changes: Change[] = [];
	let added = 0;
	for (const [id, { data }] of blocks) {
		const cost = data.length + BOUNDS.rowBytes;
		if (!office.store.has('ref', [root, id])) added += cost;
		if (!office.store.has('block', [id])) changes.push({ table: 'block', key: [id], put: data });
		changes.push(
			{ table: 'ref', key: [root, id], put: { size: cost, time } },
			{ table: 'holder', key: [id, root], put: true }
		);
	}
	const booked = book(office, root, { bytes: added });
	return booked.ok ? commit(office.store, [...changes, booked.value]) : booked;
}

/** The CIDs of a question, for `findBlocks`. */
export function readCids(body: Uint8Array): Result<readonly CID[]> {
	const decoded = cidsDecoder.decode(body);
	return decoded.ok ? accept(decoded.value.cids) : decoded;
}

/** One after the other, so that memory holds one; missing ones are left out. */
export function* findBlocks(
	{ store }: Pick<Office, 'store'>,
	cids: readonly CID[]
): Generator<{ readonly cid: CID; readonly data: Uint8Array }> {
	for (const cid of cids) {
		const data = store.get('block', [cid.toString()]);
		if (data !== null) yield { cid, data };
	}
}

/**
 * Those of them that this address does not keep here: nobody learns what others keep. Of the rest the
 * term begins anew, as if they had come again.
 */
export function missingBlocks(office: Office, root: string, body: Uint8Array): Result<Uint8Array> {
	const asked = readCids(body);
	if (!asked.ok) return asked;
	const time = office.now();
	const cids: CID[] = [];
	const renewed: Change[] = [];
	for (const cid of asked.value) {
		const key = [root, cid.toString()];
		const ref = office.store.get('ref', key);
		if (ref === null) cids.push(cid);
		else renewed.push({ table: 'ref', key, put: { ...ref, time } });
	}
	const written = renewed.length === 0 ? accept(null) : commit(office.store, renewed);
	return written.ok ? accept(encodeObject('cids', { cids })) : written;
}

/** Withdraws: what is not here is no error. */
export function deleteBlocks(office: Office, root: string, body: Uint8Array): Result<null> {
	const cids = readCids(body);
	if (!cids.ok) return cids;
	return release(office, root, [...new Set(cids.value.map(String))]);
}

/** Lets go of blocks for one address, and of those that nobody else holds. */
export function release(office: Office, root: string, ids: readonly string[]): Result<null> {
	const changes: Change[] = [];
	let freed = 0;
	for (const id of ids) {
		const ref = office.store.get('ref', [root, id]);
		if (ref === null) continue;
		freed += ref.size;
		changes.push(
			{ table: 'ref', key: [root, id], remove: true },
			{ table: 'holder', key: [id, root], remove: true }
		);
		const holders = office.store.list('holder', [id], { limit: 2 });
		if (holders.length < 2) changes.push({ table: 'block', key: [id], remove: true });
	}
	const booked = book(office, root, { bytes: -freed });
	return booked.ok && freed > 0 ? commit(office.store, [...changes, booked.value]) : accept(null);
}
