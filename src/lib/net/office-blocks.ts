/** Blocks and entries of a post office: what is kept there, and what is taken from there. */

import type { Suite } from '../crypto/suite.ts';
import type { OfficeAccount, Signalled } from '../post/ports.ts';
import { concat } from '../wire/bytes.ts';
import { isDigestOf } from '../wire/codec.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import { frame } from '../wire/frame.ts';
import { cidToBlockId, idToCid, type BlockId, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	blockDecoder,
	cidsDecoder,
	encodeObject,
	entryBundleDecoder,
	type Block
} from '../wire/office.ts';
import { accept, type Result } from '../wire/refusal.ts';
import { EMPTY_BYTES, type Asking, type Http } from './http.ts';
import { parentsOf } from './parents-first.ts';

/** Resolves when all are on the office's disk; the first refusal ends it. */
export async function keepBlocks(
	http: Http,
	account: OfficeAccount,
	blocks: readonly Block[],
	options?: Signalled
): Promise<Result<null>> {
	for (const frames of requestsOf(blocks)) {
		const asking: Asking = {
			method: 'POST',
			path: '/v1/blocks',
			body: () => concat(...frames),
			account
		};
		const answer = await http.ask(asking, EMPTY_BYTES, options);
		if (!answer.ok) return answer;
	}
	return accept(null);
}

/** Frames in groups that one request may carry. */
function* requestsOf(blocks: readonly Block[]): Generator<Uint8Array[]> {
	let frames: Uint8Array[] = [];
	let size = 0;
	for (const { cid, data } of blocks) {
		const next = frame(encodeObject('block', { cid, data }));
		const isFull =
			frames.length === LIMITS.blocksPerRequest || size + next.length > LIMITS.blocksRequestBytes;
		if (isFull) {
			yield frames;
			frames = [];
			size = 0;
		}
		frames.push(next);
		size += next.length;
	}
	if (frames.length > 0) yield frames;
}

/** What the office does not say to be there counts as missing: handing it over once more harms nobody. */
export async function missingBlocks(
	http: Http,
	account: OfficeAccount,
	ids: readonly BlockId[],
	options?: Signalled
): Promise<readonly BlockId[]> {
	const missing: BlockId[] = [];
	for (let i = 0; i < ids.length; i += LIMITS.blocksPerRequest) {
		const asked = ids.slice(i, i + LIMITS.blocksPerRequest);
		const asking: Asking = {
			method: 'POST',
			path: '/v1/blocks/missing',
			body: () => encodeObject('cids', { cids: asked.map(idToCid) }),
			account
		};
		const answer = await http.ask(asking, cidsDecoder.maxBytes, options);
		const said = answer.ok ? cidsDecoder.decode(answer.value) : answer;
		const lacking = said.ok ? new Set(said.value.cids.map(cidToBlockId)) : null;
		missing.push(...asked.filter((id) => lacking === null || lacking.has(id)));
	}
	return missing;
}

/** Each block once, and only what was asked and hashes to its CID. */
export async function* fetchBlocks(
	http: Http,
	suite: Pick<Suite, 'hashBlock'>,
	ids: readonly BlockId[],
	options?: Signalled
): AsyncGenerator<Block> {
	for (let i = 0; i < ids.length; i += LIMITS.blocksPerRequest) {
		const asked = new Set(ids.slice(i, i + LIMITS.blocksPerRequest));
		const cids = [...asked].map(idToCid);
		const asking: Asking = {
			method: 'POST',
			path: '/v1/blocks/get',
			body: () => encodeObject('cids', { cids })
		};
		for await (const payload of http.askFrames(asking, blockDecoder.maxBytes, options)) {
			const block = blockDecoder.decode(payload);
			if (!block.ok) continue;
			const { cid, data } = block.value;
			if (!isDigestOf(cid, await suite.hashBlock(data))) continue;
			if (asked.delete(cidToBlockId(cid))) yield block.value;
		}
	}
}

/**
 * One answer has at most `ancestorsPerAnswer` entries; after a full one we ask on, naming the tips
 * of what came. Each entry comes once, so an office that repeats itself ends the list.
 */
export async function* fetchAncestors(
	http: Http,
	heads: readonly EntryId[],
	have: readonly EntryId[],
	options?: Signalled
): AsyncGenerator<EntryBundle> {
	const came = new Set<EntryId>();
	const tips = new Set<EntryId>();
	for (;;) {
		let answered = 0;
		const named = [...tips, ...have].slice(0, LIMITS.haveHeads);
		for await (const bundle of askAncestors(http, heads, named, options)) {
			const id = entryIdOf(bundle.header);
			if (came.has(id)) continue;
			came.add(id);
			answered++;
			for (const parent of parentsOf(bundle.header)) tips.delete(parent);
			tips.add(id);
			yield bundle;
		}
		if (answered < LIMITS.ancestorsPerAnswer) return;
	}
}

async function* askAncestors(
	http: Http,
	heads: readonly EntryId[],
	have: readonly EntryId[],
	options?: Signalled
): AsyncGenerator<EntryBundle> {
	const fields = { heads: heads.map(idToCid), have: have.map(idToCid) };
	const asking: Asking = {
		method: 'POST',
		path: '/v1/ancestors',
		body: () => encodeObject('ancestors', fields)
	};
	for await (const payload of http.askFrames(asking, entryBundleDecoder.maxBytes, options)) {
		const bundle = entryBundleDecoder.decode(payload);
		if (!bundle.ok) continue;
		const { header, body, wraps } = bundle.value;
		yield { header, body, wraps };
	}
}
