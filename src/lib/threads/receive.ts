/**
 * Taking bundles in: the receiving half of a thread, and the way back from storage. Any order, any
 * repetition; what waits for its parents is kept, what is invalid is named, the rest joins the set.
 *
 * size, version, shape, hash (here) → authentication, admission (`admit-epoch`, `admit-entry`) → fold
 */

import { compare } from '../wire/bytes.ts';
import { cidOfObject, sha256ToObjectCid } from '../wire/codec.ts';
import {
	entryIdOf,
	headerDecoder,
	noteEntryId,
	type EntryBundle,
	type Header
} from '../wire/entry.ts';
import { cidToEntryId, cidToThreadId, type EntryId } from '../wire/ids.ts';
import { secretsById, sureSet, type Admission } from './admission.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import {
	beginBatch,
	hasNewKeys,
	putCompleted,
	putPacked,
	receiveOne,
	reopen,
	type Batch
} from './batch.ts';
import { listNodes, nodeAt, nodeOf } from './log.ts';
import { isHere, entryIdsOf } from './entries.ts';
import type { OwnEntry } from './own.ts';
import type { UnpackedEntry } from './packed.ts';
import { changeEntries, NO_ENTRIES, type EntrySet } from './print.ts';
import { emptyReplica, type Replica } from './replica.ts';
import { checkBodyHash } from './seal.ts';
import { NO_SECRETS, type EpochSecrets, type ThreadSecrets } from './secrets.ts';
import { learnedFrom, type Snapshot } from './snapshot.ts';
import { computeStanding } from './standing.ts';
import type { Me, Opened, OpenOptions, RefusedBundle, ThreadPorts, ThreadState } from './thread.ts';
import type { Arrived } from './waiting.ts';

/** Bundles between two breaths: each takes some tenths of a millisecond. */
const BREATH = 8;
/** A sealed body: the largest padded one, and its tag. */
const SEALED_BYTES = LIMITS.bodyBytes + 16;

/**
 * `state`: `null` where nothing of the thread is here yet. See `Opened` for what comes back. Nothing
 * is kept before there is an epoch that we can read: a newcomer's first bundles come in one call,
 * from the first epoch to the one that was wrapped to it.
 */
export async function openBundles(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState | null,
	bundles: readonly EntryBundle[],
	options: OpenOptions = {}
): Promise<Opened> {
	const { breathe } = options;
	const { arrived, refused } = await readAll(ports, bundles, breathe);
	const start = state?.replica ?? findReplica(arrived, options);
	if (start === null) return nothingYet(arrived, refused);
	const batch = await beginBatch(ports, me, start, options, refused);
	for (const [at, item] of arrived.entries()) {
		if (at % BREATH === BREATH - 1) await breathe?.();
		await receiveOne(batch, item);
	}
	putCompleted(batch);
	if (hasNewKeys(batch)) await reopen(batch);
	return finish(batch, start);
}

/**
 * A thread as storage gives it: what the snapshot has, and what came since. `null`: they do not fit; then
 * all have to be read.
 *
 * @param packed its entries (`entriesOfSnapshot`)
 * @param bundles those of them that are to be read, and all that came since
 */
export async function openSnapshot(
	ports: ThreadPorts,
	me: Me,
	{ snapshot, packed }: { readonly snapshot: Snapshot; readonly packed: readonly UnpackedEntry[] },
	bundles: readonly EntryBundle[],
	options: OpenOptions
): Promise<ThreadState | null> {
	const { arrived } = await readAll(ports, bundles, options.breathe);
	const empty = findReplica(arrived, options);
	if (empty === null) return null;
	const start = { ...empty, ...learnedFrom(snapshot) };
	const batch = await beginBatch(ports, me, start, options, []);
	const byId = new Map(arrived.map((item) => [item.id, item]));
	for (const [place, entry] of packed.entries()) {
		const item = byId.get(entry.id);
		if (entry.message !== null) putPacked(batch, entry, entry.message);
		else if (item !== undefined) await receiveOne(batch, item);
		if (batch.admission.view.length !== place + 1) return null;
		byId.delete(entry.id);
	}
	// What comes is packed upon it.
	const read = packed.filter(({ message }) => message === null).length;
	batch.admission.view.log.packed = { ...snapshot, read };
	for (const item of byId.values()) await receiveOne(batch, item);
	putCompleted(batch);
	if (hasNewKeys(batch)) await reopen(batch);
	return finish(batch, start).state;
}

/**
 * The inner door, for what we have just sealed ourselves: an `OwnEntry` is whole, decoded and signed, so
 * it begins where the others have been read. What the thread says of it is asked as of any entry.
 *
 * @param epoch of a new epoch: its secrets
 */
export async function takeIn(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState | null,
	own: OwnEntry,
	epoch: EpochSecrets | null
): Promise<Opened> {
	const { arrived } = own;
	const start = state?.replica ?? findReplica([arrived], {});
	if (start === null) return nothingYet([arrived], []);
	const known = start.secrets;
	const secrets =
		epoch === null ? known : { ...known, epochs: { ...known.epochs, [arrived.id]: epoch } };
	const replica = { ...start, secrets };
	const batch = await beginBatch(ports, me, replica, { trusted: true }, [], own);
	await receiveOne(batch, arrived);
	if (hasNewKeys(batch)) await reopen(batch);
	return finish(batch, replica);
}

async function readAll(
	ports: ThreadPorts,
	bundles: readonly EntryBundle[],
	breathe: OpenOptions['breathe']
) {
	const arrived: Arrived[] = [];
	const refused: RefusedBundle[] = [];
	for (const [at, bundle] of bundles.entries()) {
		if (at % BREATH === BREATH - 1) await breathe?.();
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
	return entryIdOf(header);
}

async function readOne({ suite }: ThreadPorts, bundle: EntryBundle): Promise<Result<Arrived>> {
	const { body, wraps } = bundle;
	if (body !== null && body.length > SEALED_BYTES) return refuse('too-large');
	if (wraps.length > LIMITS.wrapBlocks) return refuse('too-large');
	if (wraps.some((block) => block.length > LIMITS.blockBytes)) return refuse('too-large');
	const header = headerDecoder.decode(bundle.header);
	if (!header.ok) return header;
	const [isWhole, digest] = await Promise.all([
		body === null ? null : checkBodyHash(suite, header.value, body),
		suite.hashBlock(bundle.header)
	]);
	if (isWhole?.ok === false) return isWhole;
	const cid = sha256ToObjectCid(digest);
	const whole = { ...bundle, wraps: wraps.filter((block) => isNamed(header.value, block)) };
	const id = cidToEntryId(cid);
	noteEntryId(bundle.header, id);
	return accept({ id, cid, header: header.value, bundle: whole });
}

/** Any block may be sent along: those that the header does not name are dropped. */
function isNamed(header: Header, block: Uint8Array): boolean {
	if (header.t !== 'epoch') return false;
	const cid = cidOfObject(block);
	return header.wraps.some((ref) => ref.block.equals(cid));
}

/** The first epoch gives the thread its id and its origin: without it nothing can be read. */
function findReplica(
	arrived: readonly Arrived[],
	{ secrets, refused = new Map() }: OpenOptions
): Replica | null {
	const first = arrived.find(({ header }) => header.t === 'epoch' && header.thread === undefined);
	if (first === undefined) return null;
	const empty = emptyReplica(first.cid, cidToThreadId(first.cid), first.header.salt);
	const replica = { ...empty, refused };
	return secrets === undefined ? replica : { ...replica, secrets };
}

function nothingYet(arrived: readonly Arrived[], refused: readonly RefusedBundle[]): Opened {
	const known = new Set(arrived.map(({ id }) => id));
	const parents = arrived.flatMap(({ header }) => header.parents);
	const missing = parents.map(cidToEntryId).filter((id) => !known.has(id));
	const waiting = arrived.map(({ id }): RefusedBundle => {
		return { id, reason: 'missing-parent', forGood: false };
	});
	return {
		state: null,
		kept: [],
		opened: [],
		refused: [...refused, ...waiting],
		missing: [...new Set(missing)],
		secrets: NO_SECRETS
	};
}

function finish(batch: Batch, start: Replica): Opened {
	const { admission, pending, invalid, refused, kept, opened } = batch;
	const { view, marks, joins, closed, certificates, vouched, believed, clock } = admission;
	const standing = batch.isFoldStale ? computeStanding(view) : batch.standing;
	if (standing.fold === null) return notForMe(batch);
	const secrets = secretsAfter(admission, start.secrets);
	const replica: Replica = {
		...start,
		view,
		standing,
		marks,
		joins,
		closed: closed.all,
		pending: bundlesIn(pending),
		refused: invalid.all,
		secrets,
		certificates: certificates.all,
		vouched: vouched.all,
		believed: believed.all,
		clock
	};
	const present = presentAfter(batch, start, replica);
	const state = toState({ ...replica, present });
	return { state, kept: [...kept.values()], opened, refused, missing: state.missing, secrets };
}

/** The same object where nothing was learned: what was concluded from it still holds. */
function secretsAfter({ secrets, sure }: Admission, start: ThreadSecrets): ThreadSecrets {
	const isSame = secrets.all === secretsById(start);
	if (isSame && sure.all === sureSet(start)) return start;
	return {
		epochs: isSame ? start.epochs : Object.fromEntries(secrets.all),
		sureWriters: [...sure.all]
	};
}

/** A key that came late may say of any entry that its body is wanted. */
function presentAfter(batch: Batch, { present, view }: Replica, replica: Replica): EntrySet {
	const isIn = (id: EntryId) => isHere(replica, id);
	if (batch.isReopened || view.length === 0) {
		return changeEntries(NO_ENTRIES, entryIdsOf(replica), isIn);
	}
	const changed = new Set(batch.kept.keys());
	for (const { id, forGood } of batch.refused) if (forGood && id !== null) changed.add(id);
	return changeEntries(present, changed, isIn);
}

/** No epoch opens: we were never a member, or our keys are gone. */
function notForMe(batch: Batch): Opened {
	const { admission, pending, refused } = batch;
	const sealed = listNodes(admission.view).map(({ id }): RefusedBundle => {
		return { id, reason: 'no-wrap-for-me', forGood: false };
	});
	// The epoch that opens these may be among the ancestors that have not come.
	const waiting = [...pending.keys()].map((id): RefusedBundle => {
		return { id, reason: 'missing-parent', forGood: false };
	});
	return {
		state: null,
		kept: [],
		opened: [],
		refused: [...refused, ...sealed, ...waiting],
		missing: findMissing({
			view: admission.view,
			refused: batch.invalid.all,
			pending: bundlesIn(pending)
		}),
		secrets: NO_SECRETS
	};
}

function toState(replica: Replica): ThreadState {
	const { view, standing, pending } = replica;
	const heads = standing.heads
		.map((place) => nodeAt(view, place).cid)
		.sort((a, b) => compare(a.bytes, b.bytes))
		.map(cidToEntryId);
	const missing = pending.size === 0 ? [] : findMissing(replica);
	return { id: replica.id, heads, missing, size: view.length, replica };
}

function bundlesIn(pending: Batch['pending']): Replica['pending'] {
	return new Map([...pending].map(([id, { bundle }]) => [id, bundle]));
}

function findMissing({
	view,
	pending,
	refused
}: Pick<Replica, 'view' | 'pending' | 'refused'>): EntryId[] {
	const missing = new Set<EntryId>();
	for (const bundle of pending.values()) {
		const header = headerDecoder.decode(bundle.header);
		for (const parent of header.ok ? header.value.parents : []) {
			const id = cidToEntryId(parent);
			if (nodeOf(view, id) === null && !pending.has(id) && !refused.has(id)) missing.add(id);
		}
	}
	return [...missing];
}
