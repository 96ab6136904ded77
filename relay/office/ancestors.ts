/**
 * "What came before these heads, that I do not have?" A walk over the headers that are stored here;
 * it ends at what is not stored, at what the asker has, and at a bound.
 */

import type { CID } from 'multiformats/cid';
import { sha256ToRawCid } from '../../src/lib/wire/codec.ts';
import { epochHeaderDecoder, headerDecoder } from '../../src/lib/wire/entry.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { ancestorsDecoder, encodeObject, type Ancestors } from '../../src/lib/wire/office.ts';
import { accept, type Result } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import type { Office } from './office.ts';
import type { OfficeStore } from './ports.ts';

/** Room for what a bundle holds besides its wraps. */
const BUNDLE_HEAD_BYTES = 1024;

export function readQuestion(body: Uint8Array): Result<Pick<Ancestors, 'heads' | 'have'>> {
	const decoded = ancestorsDecoder.decode(body);
	return decoded.ok ? accept(decoded.value) : decoded;
}

/** `bundle-of-entry` objects, parents first, at most `ancestorsPerAnswer`, the oldest. */
export async function* findAncestors(
	office: Office,
	question: Pick<Ancestors, 'heads' | 'have'>
): AsyncGenerator<Uint8Array> {
	const ids = await office.walks.run(() => findIds(office, question));
	for (const id of ids) {
		const bundle = bundleOf(office, id);
		if (bundle !== null) yield bundle;
	}
}

async function findIds(
	office: Office,
	{ heads, have }: Pick<Ancestors, 'heads' | 'have'>
): Promise<string[]> {
	const had = await walk(office, have, new Map());
	const found = await walk(office, heads, had);
	const ids: string[] = [];
	for (const id of parentsFirst(found)) {
		if (ids.push(id) === LIMITS.ancestorsPerAnswer) break;
	}
	return ids;
}

type Walked = Map<string, readonly string[]>;

/** Every stored header at or below the starts, with its parents; does not pass `stops`. */
async function walk(office: Office, starts: readonly CID[], stops: Walked): Promise<Walked> {
	const walked: Walked = new Map();
	const queue = starts.map(String);
	for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
		if (walked.has(id) || stops.has(id)) continue;
		const parents = parentsOf(office, id);
		if (parents === null) continue;
		if (walked.size === BOUNDS.walk) break;
		walked.set(id, parents);
		queue.push(...parents);
		if (walked.size % BOUNDS.walkStep === 0) await office.breathe();
	}
	return walked;
}

function parentsOf(office: Office, id: string): readonly string[] | null {
	if (!office.store.has('block', [id])) return null;
	return office.parents.of(id, () => {
		const data = office.store.get('block', [id]);
		const header = data === null ? null : headerDecoder.decode(data);
		return header?.ok === true ? header.value.parents.map(String) : null;
	});
}

/** Each after all of its parents that were walked; without recursion, since chains are long. */
function* parentsFirst(walked: Walked): Generator<string> {
	const given = new Set<string>();
	for (const start of [...walked.keys()].reverse()) {
		const stack = [start];
		for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
			const waiting = (walked.get(id) ?? []).filter((each) => walked.has(each) && !given.has(each));
			if (waiting.length > 0 && !given.has(id)) {
				stack.push(...waiting);
				continue;
			}
			stack.pop();
			if (given.has(id)) continue;
			given.add(id);
			yield id;
		}
	}
}

/** `null` where it was deleted since the walk. */
function bundleOf({ store }: Office, id: string): Uint8Array | null {
	const header = store.get('block', [id]);
	const decoded = header === null ? null : headerDecoder.decode(header);
	if (header === null || decoded?.ok !== true) return null;
	const stored = store.get('block', [sha256ToRawCid(decoded.value.body).toString()]);
	const body = stored !== null && stored.length <= LIMITS.bodyBytes + 64 ? stored : null;
	const room = LIMITS.frameBytes - BUNDLE_HEAD_BYTES - header.length - (body?.length ?? 0);
	return encodeObject('bundle-of-entry', { header, body, wraps: wrapsOf(store, header, room) });
}

/** The first that fit into the frame; a member whose wrap is in another asks for it by CID. */
function wrapsOf(store: OfficeStore, header: Uint8Array, room: number): Uint8Array[] {
	const epoch = epochHeaderDecoder.decode(header);
	const wraps: Uint8Array[] = [];
	let left = room;
	for (const { block } of epoch.ok ? epoch.value.wraps : []) {
		const data = store.get('block', [block.toString()]);
		if (data === null || data.length > left) continue;
		left -= data.length;
		wraps.push(data);
	}
	return wraps;
}
