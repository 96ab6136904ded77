/**
 * A batch of entries on its way into a replica: what waits for its parents, what is taken, and what a
 * key that came late makes readable.
 */

import type { CID } from 'multiformats/cid';
import { toHex } from '../wire/bytes.ts';
import { cidToEntryId, idToCid, type EntryId } from '../wire/ids.ts';
import { headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import { beginAdmission, hasClosed, type Admission } from './admission.ts';
import { admitEntry, joinFactOf } from './admit-entry.ts';
import { admitEpoch, followListKeys } from './admit-epoch.ts';
import {
	emptyLog,
	epochFacts,
	listNodes,
	marksBefore,
	nodeAt,
	nodeOf,
	placeOf,
	pushNode,
	replaceNodes,
	type Content,
	type LogNode
} from './log.ts';
import { MapDraft } from './draft.ts';
import type { UnpackedEntry, UnpackedMessage } from './packed.ts';
import { PackedHeader, PackedMessage } from './packed-node.ts';
import { nearestEpochs } from './parents.ts';
import type { OwnEntry } from './own.ts';
import type { Replica } from './replica.ts';
import { extendStanding } from './standing.ts';
import type { Me, OpenOptions, RefusedBundle, ThreadPorts } from './thread.ts';
import { unite, wait, withPending, type Arrived, type Waiting } from './waiting.ts';

export interface Batch extends Waiting {
	readonly admission: Admission;
	readonly thread: CID;
	/** Of this batch and before. */
	readonly invalid: MapDraft<EntryId, Refusal>;
	readonly refused: RefusedBundle[];
	readonly kept: Map<EntryId, EntryBundle>;
	readonly opened: EntryId[];
	standing: Replica['standing'];
	/** Plain entries whose bodies came late, by place: put into the log together, by `putCompleted`. */
	readonly completed: Map<number, LogNode>;
	/** Must the fold be computed from scratch? */
	isFoldStale: boolean;
	/** Was all that is here looked at again, with more keys? */
	isReopened: boolean;
	/** Secrets that are known and were used on all that is sealed. */
	usedKeys: number;
}

export async function beginBatch(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	options: OpenOptions,
	refused: RefusedBundle[],
	own: OwnEntry | null = null
): Promise<Batch> {
	const admission = await beginAdmission(ports, me, replica, options, own);
	const batch: Batch = {
		admission,
		thread: replica.thread,
		pending: new Map(),
		waiting: new Map(),
		invalid: new MapDraft(replica.refused),
		refused,
		kept: new Map(),
		opened: [],
		completed: new Map(),
		standing: replica.standing,
		isFoldStale: false,
		isReopened: false,
		usedKeys: countKeys(admission)
	};
	for (const [id, bundle] of replica.pending) {
		const header = headerDecoder.decode(bundle.header);
		if (header.ok) wait(batch, { id, cid: idToCid(id), header: header.value, bundle });
	}
	return batch;
}

/** New: waits for its parents. Here already: may bring the body or the wrap that was missing. */
export async function receiveOne(batch: Batch, arrived: Arrived): Promise<void> {
	const { admission, pending, invalid, thread } = batch;
	const { id, cid, header } = arrived;
	const isOfThread =
		header.thread === undefined ? cid.equals(thread) : header.thread.equals(thread);
	if (!isOfThread) {
		batch.refused.push({ id, reason: 'foreign-thread', forGood: true });
		return;
	}
	const node = nodeOf(admission.view, id);
	const known = invalid.get(id);
	if (known !== undefined) batch.refused.push({ id, reason: known, forGood: true });
	if (known !== undefined && (node !== null || header.t === 'epoch')) return;
	if (node !== null && batch.completed.has(placeOf(admission.view, id) ?? -1)) return;
	if (node !== null) return complete(batch, node, arrived);
	const item = withPending(batch, arrived);
	if (isReady(batch, item)) return takeWithChildren(batch, item);
	if (!pending.has(id) && pending.size >= LIMITS.pendingEntries) {
		batch.refused.push({ id, reason: 'too-many-missing', forGood: false });
		return;
	}
	if (pending.get(id)?.bundle !== item.bundle) batch.kept.set(id, item.bundle);
	wait(batch, item);
}

function isReady({ admission, invalid }: Batch, { header }: Arrived): boolean {
	return header.parents.map(cidToEntryId).every((parent) => {
		return placeOf(admission.view, parent) !== null || invalid.has(parent);
	});
}

/** The entry, and all that waited for it alone. */
async function takeWithChildren(batch: Batch, first: Arrived): Promise<void> {
	const ready = [first];
	for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
		batch.pending.delete(next.id);
		await take(batch, next);
		for (const child of batch.waiting.get(next.id) ?? []) {
			const item = batch.pending.get(child);
			if (item !== undefined && isReady(batch, item)) ready.push(item);
		}
		batch.waiting.delete(next.id);
	}
}

async function take(batch: Batch, { id, cid, header, bundle }: Arrived): Promise<void> {
	const { admission } = batch;
	if (placeOf(admission.view, id) !== null) return;
	const placed = placeIn(admission, { id, cid, header });
	if (placed === null) {
		forget(batch, id, 'missing-parent');
		return;
	}
	const fault = batch.invalid.get(id) ?? faultOfPast(admission, placed);
	const content = fault === null ? await admit(admission, placed, bundle) : refusedFor(fault);
	if (!settle(batch, placed, content)) return;
	batch.kept.set(id, bundle);
	if (header.t === 'epoch') batch.isFoldStale = true;
	if (content.kind === 'entry' && !batch.isFoldStale) {
		batch.standing = extendStanding(admission.view, batch.standing);
	}
}

/** A message that a snapshot brought, after all that it stands on. Throws a `RangeError` where that is not there. */
export function putPacked(
	{ admission }: Batch,
	{ id, cid }: UnpackedEntry,
	{ id: message, isBlind, writer, epoch, parents }: UnpackedMessage
): void {
	const { view, now } = admission;
	const cids = () => parents.map((place) => nodeAt(view, place).cid);
	append(admission, {
		...{ id, cid, parents, before: marksBefore(view, parents), mark: null },
		header: new PackedHeader(nodeAt(view, epoch).cid, cids),
		content: {
			...{ kind: 'entry', by: toHex(writer.root), seq: writer.seq, seenMs: now, records: [] },
			body: new PackedMessage(message, writer.root, isBlind)
		}
	});
}

/** `null`: it descends from an invalid epoch entry. */
function placeIn(
	{ view }: Admission,
	{ id, cid, header }: Pick<LogNode, 'id' | 'cid' | 'header'>
): Placed | null {
	const places = header.parents.map((parent) => placeOf(view, cidToEntryId(parent)));
	const parents = places.filter((place) => place !== null);
	if (parents.length < places.length) return null;
	return { id, cid, header, parents, before: marksBefore(view, parents) };
}

/**
 * Into the log, if it belongs there. An invalid epoch entry does not, so that nothing can stand on it.
 * An invalid plain entry does: not every member can read it, and all must come to the same verdict on
 * what descends from it.
 */
function settle(batch: Batch, placed: Placed, content: Content): boolean {
	const { id, header } = placed;
	if (content.kind === 'refused') {
		if (header.t === 'epoch') {
			forget(batch, id, content.reason);
			return false;
		}
		remember(batch, id, content.reason);
	}
	append(batch.admission, { ...placed, mark: null, content });
	if (isReadable(content)) batch.opened.push(id);
	return true;
}

function forget(batch: Batch, id: EntryId, reason: Refusal): void {
	batch.kept.delete(id);
	remember(batch, id, reason);
}

function remember({ invalid, refused }: Batch, id: EntryId, reason: Refusal): void {
	if (invalid.has(id)) return;
	invalid.set(id, reason);
	refused.push({ id, reason, forGood: true });
}

function refusedFor(reason: Refusal): Content {
	return { kind: 'refused', reason };
}

function isReadable({ kind }: Content): boolean {
	return kind === 'epoch' || kind === 'entry';
}

type Placed = Pick<LogNode, 'id' | 'cid' | 'header' | 'before' | 'parents'>;

/**
 * More epochs lie side by side behind it than one epoch entry can carry the list keys of. Undecided
 * while one of them is not readable: it may join many, and a holder may withhold its wraps.
 */
function faultOfPast(admission: Admission, { parents, before }: Placed): Refusal | null {
	if (parents.length < 2 || hasClosed(admission, before)) return null;
	const { view } = admission;
	return nearestEpochs(epochFacts(view), before).length > LIMITS.listKeys ? 'too-large' : null;
}

function admit(admission: Admission, node: Placed, bundle: EntryBundle): Promise<Content> {
	const { id, cid, header, before } = node;
	if (header instanceof PackedHeader) throw new Error('it was read before it was packed');
	if (header.t === 'entry') return admitEntry(admission, { id, header, bundle, before });
	return admitEpoch(admission, { id, cid, header, bundle, before, mark: admission.marks });
}

/** Epochs and readable joins get the next mark. */
function append(admission: Admission, node: LogNode): void {
	const { content, header, before } = node;
	const join = joinFactOf(admission, node, admission.marks);
	const mark = header.t === 'epoch' || join !== null ? admission.marks++ : null;
	if (mark !== null && header.t === 'epoch' && content.kind !== 'epoch') admission.closed.add(mark);
	if (join !== null) admission.joins = [...admission.joins, join];
	const placed =
		content.kind === 'epoch' && mark !== null
			? { ...content, fact: { ...content.fact, mark, before } }
			: content;
	admission.view = pushNode(admission.view, { ...node, mark, content: placed });
}

/** The body, or a wrap, of an entry that is here without. */
async function complete(batch: Batch, node: LogNode, arrived: Arrived): Promise<void> {
	const { admission } = batch;
	const { id } = arrived;
	const { kind } = node.content;
	const hasBody = kind === 'absent' && arrived.bundle.body !== null;
	if (!hasBody && !mayHaveWrap(admission, node, arrived)) return;
	const bundle = kind === 'sealed' ? unite(node.content.bundle, arrived.bundle) : arrived.bundle;
	admission.searched.delete(id);
	const content = await admitAgain(admission, node, bundle);
	if (content.kind === kind && !hasNewKeys(batch)) return;
	if (kind === 'absent' && !hasNewKeys(batch) && stands(admission, node, content)) {
		completeAlone(batch, node, content, bundle);
		return;
	}
	const place = placeOf(admission.view, id) ?? 0;
	const sealed: Content = { kind: 'sealed', bundle };
	admission.view = replaceNodes(admission.view, new Map([[place, { ...node, content: sealed }]]));
	batch.kept.set(id, bundle);
	await reopen(batch);
}

/** Does no other entry's past change with it? */
function stands(admission: Admission, node: LogNode, content: Content): boolean {
	return node.header.t === 'entry' && joinFactOf(admission, { ...node, content }, 0) === null;
}

function completeAlone(batch: Batch, node: LogNode, content: Content, bundle: EntryBundle): void {
	const { id } = node;
	if (content.kind === 'refused') remember(batch, id, content.reason);
	batch.completed.set(placeOf(batch.admission.view, id) ?? 0, { ...node, content });
	batch.kept.set(id, bundle);
	if (isReadable(content)) batch.opened.push(id);
}

/** Once for all: the log is copied. */
export function putCompleted(batch: Batch): void {
	if (batch.completed.size === 0) return;
	batch.admission.view = replaceNodes(batch.admission.view, batch.completed);
	batch.completed.clear();
	batch.isFoldStale = true;
}

/** A list key opens an epoch's list, and nothing that is written in it: the wrap may still come. */
function mayHaveWrap(
	{ secrets }: Admission,
	{ id, header, content: { kind } }: LogNode,
	{ bundle: { body, wraps } }: Arrived
): boolean {
	if (header.t !== 'epoch' || wraps.length === 0 || secrets.get(id)?.secret !== undefined) {
		return false;
	}
	return kind === 'sealed' || (kind === 'epoch' && body !== null);
}

export function hasNewKeys({ admission, usedKeys }: Batch): boolean {
	return countKeys(admission) > usedKeys;
}

/** A list key and the secret behind it may come one after the other: each opens more. */
function countKeys({ secrets }: Admission): number {
	let keys = 0;
	for (const { secret } of secrets.all.values()) keys += secret === undefined ? 1 : 2;
	return keys;
}

/**
 * From the first entry on again: a key came late, so what was sealed may be readable, and marks and
 * pasts change with it. Rare; takes the time of the whole log, but opens only what was sealed.
 */
export async function reopen(batch: Batch): Promise<void> {
	const { admission } = batch;
	putCompleted(batch);
	await followListKeys(admission);
	batch.usedKeys = countKeys(admission);
	batch.isReopened = true;
	const nodes = listNodes(admission.view);
	if (!nodes.some(({ content }) => content.kind === 'sealed')) return;
	admission.view = emptyLog();
	admission.marks = 0;
	admission.joins = [];
	admission.closed.clear();
	for (const { content, ...node } of nodes) {
		const placed = placeIn(admission, node);
		if (placed === null) forget(batch, node.id, 'missing-parent');
		else if (content.kind !== 'sealed') append(admission, { ...placed, mark: null, content });
		else settle(batch, placed, await admitAgain(admission, placed, content.bundle));
	}
	batch.isFoldStale = true;
}

/** With more keys or a body: more of its past may be readable than when it came. */
async function admitAgain(
	admission: Admission,
	placed: Placed,
	bundle: EntryBundle
): Promise<Content> {
	const fault = faultOfPast(admission, placed);
	return fault === null ? admit(admission, placed, bundle) : refusedFor(fault);
}
