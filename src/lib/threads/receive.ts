/**
 * Taking bundles in: the receiving half of a thread, and the way back from storage. Any order, any
 * repetition; what waits for its parents is kept, what is invalid is named, the rest joins the set.
 *
 * size, version, shape, hash (here) → authentication, admission (`admit-epoch`, `admit-entry`) → fold
 */

import type { CID } from 'multiformats/cid';
import { compare, toHex } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import { headerDecoder, type EntryBundle, type Header } from '../wire/entry.ts';
import { cidToEntryId, cidToThreadId, idToCid, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, type Refusal, type Result } from '../wire/refusal.ts';
import { beginAdmission, type Admission } from './admission.ts';
import { admitEntry } from './admit-entry.ts';
import { admitEpoch } from './admit-epoch.ts';
import type { Bits } from './bits.ts';
import {
	emptyLog,
	foldBefore,
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
import { emptyReplica, type Replica } from './replica.ts';
import { checkBodyHash } from './seal.ts';
import { NO_SECRETS } from './secrets.ts';
import { computeStanding, extendStanding } from './standing.ts';
import type { Me, Opened, OpenOptions, RefusedBundle, ThreadPorts, ThreadState } from './thread.ts';

/** `state`: `null` where nothing of the thread is here yet. See `Opened` for what comes back. */
export async function openBundles(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState | null,
	bundles: readonly EntryBundle[],
	options: OpenOptions = {}
): Promise<Opened> {
	const { arrived, refused } = await readAll(ports, bundles);
	const start = state?.replica ?? findReplica(arrived, options);
	if (start === null) return nothingYet(arrived, refused);
	const batch = await beginBatch(ports, me, start, options.trusted === true, refused);
	for (const item of arrived) await receiveOne(batch, item);
	await takeReady(batch);
	if (batch.hasNewKeys()) await reopen(batch);
	return finish(batch, start);
}

interface Arrived {
	readonly id: EntryId;
	readonly cid: CID;
	readonly header: Header;
	readonly bundle: EntryBundle;
}

async function readAll(ports: ThreadPorts, bundles: readonly EntryBundle[]) {
	const arrived: Arrived[] = [];
	const refused: RefusedBundle[] = [];
	for (const bundle of bundles) {
		const read = await readOne(ports, bundle);
		if (read.ok) {
			arrived.push(read.value);
		} else {
			// Nobody can name bytes that are no header; a body may come whole from another holder.
			const id = headerDecoder.decode(bundle.header).ok ? idOf(bundle) : null;
			refused.push({ id, reason: read.reason, forGood: false });
		}
	}
	return { arrived, refused };
}

function idOf({ header }: EntryBundle): EntryId {
	return cidToEntryId(cidOfObject(header));
}

async function readOne({ suite }: ThreadPorts, bundle: EntryBundle): Promise<Result<Arrived>> {
	const header = headerDecoder.decode(bundle.header);
	if (!header.ok) return header;
	if (bundle.body !== null) {
		const isWhole = await checkBodyHash(suite, header.value, bundle.body);
		if (!isWhole.ok) return isWhole;
	}
	const cid = cidOfObject(bundle.header);
	return accept({ id: cidToEntryId(cid), cid, header: header.value, bundle });
}

/** The first epoch gives the thread its id and its origin: without it nothing can be read. */
function findReplica(
	arrived: readonly Arrived[],
	{ secrets, refused = {} }: OpenOptions
): Replica | null {
	const first = arrived.find(({ header }) => header.t === 'epoch' && header.thread === undefined);
	if (first === undefined) return null;
	const empty = emptyReplica(first.cid, cidToThreadId(first.cid), first.header.salt);
	const replica = { ...empty, refused: new Set(Object.keys(refused) as EntryId[]) };
	return secrets === undefined ? replica : { ...replica, secrets };
}

function nothingYet(arrived: readonly Arrived[], refused: readonly RefusedBundle[]): Opened {
	const known = new Set(arrived.map(({ id }) => id));
	const parents = arrived.flatMap(({ header }) => header.parents);
	const missing = parents.map(cidToEntryId).filter((id) => !known.has(id));
	const waiting = arrived.map(({ id }) => toRefused(id, 'missing-parent', false));
	return {
		state: null,
		kept: [],
		opened: [],
		refused: [...refused, ...waiting],
		missing: [...new Set(missing)],
		secrets: NO_SECRETS
	};
}

function toRefused(id: EntryId, reason: Refusal, forGood: boolean): RefusedBundle {
	return { id, reason, forGood };
}

/** One batch at work. */
interface Batch {
	readonly admission: Admission;
	readonly thread: CID;
	readonly pending: Map<EntryId, Arrived>;
	readonly invalid: Set<EntryId>;
	readonly refused: RefusedBundle[];
	readonly kept: Set<EntryId>;
	readonly opened: EntryId[];
	standing: Replica['standing'];
	/** Must the fold be computed from scratch? */
	isFoldStale: boolean;
	hasNewKeys(): boolean;
}

async function beginBatch(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	isTrusted: boolean,
	refused: RefusedBundle[]
): Promise<Batch> {
	const admission = await beginAdmission(ports, me, replica, isTrusted);
	const keysBefore = admission.secrets.size;
	const pending = new Map<EntryId, Arrived>();
	for (const [id, bundle] of replica.pending) {
		const header = headerDecoder.decode(bundle.header);
		if (header.ok) pending.set(id, { id, cid: idToCid(id), header: header.value, bundle });
	}
	return {
		admission,
		thread: replica.thread,
		pending,
		invalid: new Set(replica.refused),
		refused,
		kept: new Set(),
		opened: [],
		standing: replica.standing,
		isFoldStale: false,
		hasNewKeys: () => admission.secrets.size > keysBefore
	};
}

/** New: waits for its parents. Here already: may bring the body or the wrap that was missing. */
async function receiveOne(batch: Batch, item: Arrived): Promise<void> {
	const { admission, pending, invalid } = batch;
	if (!isOfThread(batch, item)) {
		batch.refused.push(toRefused(item.id, 'foreign-thread', true));
		return;
	}
	if (invalid.has(item.id)) return;
	const node = nodeOf(admission.view, item.id);
	if (node !== null) {
		await complete(batch, node, item);
		return;
	}
	const parents = item.header.parents.map(cidToEntryId);
	if (parents.every((id) => nodeOf(admission.view, id) !== null)) {
		await take(batch, item);
		return;
	}
	if (pending.size >= LIMITS.pendingEntries) {
		batch.refused.push(toRefused(item.id, 'too-many-missing', false));
		return;
	}
	if (!pending.has(item.id)) batch.kept.add(item.id);
	pending.set(item.id, item);
}

function isOfThread({ thread }: Batch, { cid, header }: Arrived): boolean {
	return header.thread === undefined ? cid.equals(thread) : header.thread.equals(thread);
}

async function complete(
	batch: Batch,
	node: LogNode,
	{ id, header, bundle }: Arrived
): Promise<void> {
	const { kind } = node.content;
	const isBetter = (kind === 'absent' && bundle.body !== null) || kind === 'sealed';
	if (!isBetter) return;
	const { admission } = batch;
	const place = placeOf(admission.view, id) ?? 0;
	const content = await admit(admission, { ...node, header }, bundle);
	if (content.kind === 'absent' || content.kind === 'sealed') {
		if (content.kind === kind) return;
	}
	admission.view = replaceNodes(admission.view, new Map([[place, { ...node, content }]]));
	batch.kept.add(id);
	await reopen(batch);
}

/** All that waited and now has its parents, in whichever order that frees. */
async function takeReady(batch: Batch): Promise<void> {
	const { pending, admission, invalid } = batch;
	for (let isMoving = true; isMoving;) {
		isMoving = false;
		for (const item of [...pending.values()]) {
			const parents = item.header.parents.map(cidToEntryId);
			const isReady = parents.every((id) => nodeOf(admission.view, id) !== null || invalid.has(id));
			if (!isReady) continue;
			pending.delete(item.id);
			isMoving = true;
			await take(batch, item);
		}
	}
}

async function take(batch: Batch, item: Arrived): Promise<void> {
	const { admission, invalid } = batch;
	const { id, cid, header, bundle } = item;
	const places = header.parents.map((parent) => placeOf(admission.view, cidToEntryId(parent)));
	const parents = places.filter((place) => place !== null);
	const before = marksBefore(admission.view, parents);
	const node = { id, cid, header, parents, before, mark: null };
	const content: Content =
		parents.length < places.length || hasInvalid(admission, parents)
			? { kind: 'refused', reason: 'missing-parent' }
			: await admit(admission, node, bundle);
	if (content.kind === 'refused') {
		invalid.add(id);
		batch.kept.delete(id);
		batch.refused.push(toRefused(id, content.reason, true));
		return;
	}
	append(admission, { ...node, content });
	batch.kept.add(id);
	if (content.kind === 'epoch' || content.kind === 'entry') batch.opened.push(id);
	if (content.kind === 'entry' && !batch.isFoldStale) {
		batch.standing = extendStanding(admission.view, batch.standing);
	}
	if (header.t === 'epoch') batch.isFoldStale = true;
}

function hasInvalid({ view }: Admission, parents: readonly number[]): boolean {
	return parents.some((place) => nodeAt(view, place).content.kind === 'refused');
}

type Placed = Pick<LogNode, 'id' | 'cid' | 'header' | 'before'>;

function admit(admission: Admission, node: Placed, bundle: EntryBundle): Promise<Content> {
	const { id, cid, header, before } = node;
	if (header.t === 'entry') return admitEntry(admission, header, bundle, before);
	return admitEpoch(admission, { id, cid, header, bundle, before, mark: admission.marks });
}

/** Epochs and readable joins get the next mark. */
function append(admission: Admission, node: LogNode): void {
	const { content, header, before } = node;
	const join = content.kind === 'entry' && content.body.t === 'join' ? content.body : null;
	const mark = header.t === 'epoch' || join !== null ? admission.marks++ : null;
	if (header.t === 'epoch' && mark !== null && content.kind !== 'epoch') admission.closed.add(mark);
	if (join !== null && mark !== null) {
		const root = toHex(join.root);
		const seed = foldBefore(admission.view, before)?.members.get(root)?.seed ?? null;
		const key = toHex(join.join);
		if (seed !== null) admission.joins.push({ mark, root, join: key, seed, seedSig: join.seedSig });
	}
	const placed =
		content.kind === 'epoch' && mark !== null ? withMark(content, mark, before) : content;
	admission.view = pushNode(admission.view, { ...node, mark, content: placed });
}

function withMark(
	content: Extract<Content, { kind: 'epoch' }>,
	mark: number,
	before: Bits
): Content {
	return { ...content, fact: { ...content.fact, mark, before } };
}

/**
 * From the first entry on again: a key came late, so what was sealed may be readable, and marks and
 * pasts change with it. Rare; takes the time of the whole log.
 */
async function reopen(batch: Batch): Promise<void> {
	const { admission } = batch;
	for (let keys = -1; keys !== admission.secrets.size;) {
		keys = admission.secrets.size;
		const nodes = listNodes(admission.view);
		admission.view = emptyLog();
		admission.marks = 0;
		admission.joins.length = 0;
		admission.closed.clear();
		for (const node of nodes) {
			const before = marksBefore(admission.view, node.parents);
			const content = await admitAgain(batch, { ...node, before });
			append(admission, { ...node, before, content });
		}
	}
	batch.isFoldStale = true;
}

async function admitAgain(batch: Batch, node: LogNode): Promise<Content> {
	const { admission } = batch;
	if (hasInvalid(admission, node.parents)) return { kind: 'refused', reason: 'missing-parent' };
	if (node.content.kind !== 'sealed') return node.content;
	const content = await admit(admission, node, node.content.bundle);
	if (content.kind === 'epoch' || content.kind === 'entry') batch.opened.push(node.id);
	return content;
}

function finish(batch: Batch, start: Replica): Opened {
	const { admission, pending, invalid, refused, kept, opened } = batch;
	const { view, marks, joins, closed, certificates, vouched, clock } = admission;
	const standing = batch.isFoldStale ? computeStanding(view) : batch.standing;
	const secrets = {
		epochs: Object.fromEntries(admission.secrets),
		sureWriters: [...admission.sure]
	};
	if (standing.fold === null) return notForMe(batch);
	const replica: Replica = {
		...start,
		view,
		standing,
		marks,
		joins,
		closed: [...closed],
		pending: new Map([...pending].map(([id, { bundle }]) => [id, bundle])),
		refused: invalid,
		secrets,
		certificates,
		vouched,
		clock
	};
	const state = toState(replica);
	return { state, kept: [...kept], opened, refused, missing: state.missing, secrets };
}

/** No epoch opens: we were never a member, or our keys are gone. */
function notForMe({ admission, pending, refused }: Batch): Opened {
	const ids = [...listNodes(admission.view).map(({ id }) => id), ...pending.keys()];
	const sealed = ids.map((id) => toRefused(id, 'no-wrap-for-me', false));
	return {
		state: null,
		kept: [],
		opened: [],
		refused: [...refused, ...sealed],
		missing: [],
		secrets: NO_SECRETS
	};
}

export function toState(replica: Replica): ThreadState {
	const { view, standing, pending, refused } = replica;
	const heads = standing.heads
		.map((place) => nodeAt(view, place).cid)
		.sort((a, b) => compare(a.bytes, b.bytes))
		.map(cidToEntryId);
	const missing = new Set<EntryId>();
	for (const bundle of pending.values()) {
		const header = headerDecoder.decode(bundle.header);
		for (const parent of header.ok ? header.value.parents : []) {
			const id = cidToEntryId(parent);
			if (nodeOf(view, id) === null && !pending.has(id) && !refused.has(id)) missing.add(id);
		}
	}
	return { id: replica.id, heads, missing: [...missing], size: view.length, replica };
}
