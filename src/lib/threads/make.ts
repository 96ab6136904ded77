/**
 * Making entries: a thread, a message in it, a change of its members. Whatever is made is judged by
 * the same code that judges what others make, so that we never hold what we would refuse.
 */

import { toHex } from '../wire/bytes.ts';
import type { EntryBundle } from '../wire/entry.ts';
import {
	bytesToMessageId,
	messageIdToBytes,
	MESSAGE_ID_BYTES,
	type EntryId,
	type MessageId
} from '../wire/ids.ts';
import { rootRecordDecoder } from '../wire/identity.ts';
import type { ArchivedMessage } from './archive.ts';
import { isOutdated } from './fold.ts';
import { makeEntry, makeJoin, refused } from './make-entry.ts';
import { makeEpoch, makeFirstEpoch } from './make-epoch.ts';
import { signOnRecord } from './on-record.ts';
import type { OwnEntry } from './own.ts';
import { NOTHING_ASKED, type Ask } from './plan.ts';
import { takeIn } from './receive.ts';
import type { EpochSecrets } from './secrets.ts';
import type {
	Draft,
	MakeResult,
	Me,
	NewThread,
	NotMade,
	Person,
	ThreadPorts,
	ThreadState
} from './thread.ts';
import { epochToWriteIn, pastOf } from './write-in.ts';

/** The first epoch and its first message. */
export async function createThread(
	ports: ThreadPorts,
	me: Me,
	thread: NewThread
): Promise<MakeResult> {
	const first = await makeFirstEpoch(ports, me, thread);
	if (!first.ok) return first;
	const taken = await takeOwn(ports, me, null, first.own, first.secrets);
	if (!taken.ok) return taken;
	return writeMessage(ports, me, { ...taken, bundles: [first.own.bundle] }, thread.draft);
}

/**
 * The message, and before it, in the same transaction, what it needs: a new epoch if one is due, our
 * `join` if we have not joined. `people`: the newest cards that the caller has.
 */
export async function appendMessage(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	draft: Draft,
	people: readonly Person[]
): Promise<MakeResult> {
	const ready = await prepare(ports, me, state, people, draft.notIn);
	return ready.ok ? writeMessage(ports, me, ready, draft) : ready;
}

/**
 * Takes an own message back, for those who have not fetched it: holders drop its body. Who has it is
 * told so.
 */
export async function withdrawMessage(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	target: MessageId,
	people: readonly Person[]
): Promise<MakeResult> {
	const ready = await prepare(ports, me, state, people);
	if (!ready.ok) return ready;
	const fields = { t: 'withdraw', target: messageIdToBytes(target) };
	return writePlain(ports, me, ready, fields);
}

/** With a new epoch, where one is due, or where the chosen one is `notIn`. */
async function prepare(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	people: readonly Person[],
	notIn?: EntryId
): Promise<(Work & { readonly ok: true }) | NotMade> {
	const fault = faultOf(me, state);
	if (fault !== null) return fault;
	const work = { state, bundles: [] };
	if (!mayWrite(me, state)) return refused('not-allowed');
	const choice = epochToWriteIn(state, ports.now(), people);
	if (choice.kind === 'write' && choice.epoch !== notIn) return { ...work, ok: true };
	return addEpoch(ports, me, work, people, NOTHING_ASKED);
}

/** Messages from before, for those who were added since. */
export async function appendArchive(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	messages: readonly ArchivedMessage[]
): Promise<MakeResult> {
	return writePlain(ports, me, { state, bundles: [] }, { t: 'archive', messages });
}

/** An entry that is no message. */
async function writePlain(
	ports: ThreadPorts,
	me: Me,
	work: Work,
	fields: Readonly<Record<string, unknown>>
): Promise<MakeResult> {
	const ready = await addJoin(ports, me, work);
	if (!ready.ok) return ready;
	const id = ports.random(MESSAGE_ID_BYTES);
	const made = await makeEntry(ports, me, ready.state.replica, id, fields);
	if (!made.ok) return made;
	const taken = await takeOwn(ports, me, ready.state, made);
	if (!taken.ok) return taken;
	return toMade({ ...taken, bundles: [...ready.bundles, made.bundle] }, null);
}

/** From here on: newcomers read what is written after it. */
export function addMembers(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	added: readonly Person[],
	people: readonly Person[]
): Promise<MakeResult> {
	const add = added.map(({ root }) => toHex(root));
	return change(ports, me, state, [...people, ...added], { ...NOTHING_ASKED, add });
}

/** By the creator alone. */
export function removeMember(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	root: Uint8Array,
	people: readonly Person[]
): Promise<MakeResult> {
	return change(ports, me, state, people, { ...NOTHING_ASKED, remove: [toHex(root)] });
}

/** `not-allowed` for the last member: there is nobody to tell. */
export function leave(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	people: readonly Person[]
): Promise<MakeResult> {
	return change(ports, me, state, people, { ...NOTHING_ASKED, leave: true });
}

async function change(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	people: readonly Person[],
	ask: Ask
): Promise<MakeResult> {
	const fault = faultOf(me, state);
	if (fault !== null) return fault;
	let work: Work = { state, bundles: [] };
	// Whoever goes is not in the list that it makes, so its join key has to stand in the one before.
	const isUnlisted = pastOf(state.replica)?.fold.members.get(toHex(me.root))?.join === null;
	if (ask.leave && isUnlisted) {
		const listed = await addEpoch(ports, me, work, people, NOTHING_ASKED);
		if (!listed.ok) return listed;
		work = listed;
	}
	const changed = await addEpoch(ports, me, work, people, ask);
	if (!changed.ok) return changed;
	return toMade(changed, null);
}

/** `older-than-known`: a newer root record of ours is known; another member has to carry it in. */
function faultOf(me: Me, { replica }: ThreadState): NotMade | null {
	const past = pastOf(replica);
	const root = toHex(me.root);
	const self = past?.fold.members.get(root);
	if (past === null || self === undefined) return refused('not-a-member');
	const isNewer = ownSeq(me.record) > self.record.seq;
	return isNewer || isOutdated(past.fold, root) ? refused('older-than-known') : null;
}

const ownSeqs = new WeakMap<Uint8Array, number>();

/** Of our own root record, which is read once. */
function ownSeq(record: Uint8Array): number {
	const known = ownSeqs.get(record);
	if (known !== undefined) return known;
	const own = rootRecordDecoder.decode(record);
	const seq = own.ok ? own.value.seq : 0;
	ownSeqs.set(record, seq);
	return seq;
}

function mayWrite(me: Me, { replica }: ThreadState): boolean {
	const fold = pastOf(replica)?.fold;
	return fold?.rules.write !== 'creator' || fold.creator === toHex(me.root);
}

/** What was made so far, and the state after it. */
interface Work {
	readonly state: ThreadState;
	readonly bundles: readonly EntryBundle[];
}

async function addEpoch(
	ports: ThreadPorts,
	me: Me,
	{ state, bundles }: Work,
	people: readonly Person[],
	ask: Ask
): Promise<(Work & { readonly ok: true }) | NotMade> {
	const epoch = await makeEpoch(ports, me, state, people, ask);
	if (!epoch.ok) return epoch;
	const after = await takeOwn(ports, me, state, epoch.own, epoch.secrets);
	return after.ok ? { ...after, bundles: [...bundles, epoch.own.bundle] } : after;
}

async function writeMessage(
	ports: ThreadPorts,
	me: Me,
	work: Work,
	{ mail, id, onRecord }: Draft
): Promise<MakeResult> {
	const ready = await addJoin(ports, me, work);
	if (!ready.ok) return ready;
	const { replica } = ready.state;
	const message = id === undefined ? ports.random(MESSAGE_ID_BYTES) : messageIdToBytes(id);
	const sig = onRecord && (await signOnRecord(onRecord, replica.thread, mail));
	const fields = { t: 'message', mail, record: sig };
	const made = await makeEntry(ports, me, replica, message, fields);
	if (!made.ok) return made;
	const taken = await takeOwn(ports, me, ready.state, made);
	if (!taken.ok) return taken;
	const written = toMade({ ...taken, bundles: [...ready.bundles, made.bundle] }, message);
	return sig === undefined || !written.ok
		? written
		: { ...written, testimony: { sig, record: me.record, card: me.card } };
}

async function addJoin(
	ports: ThreadPorts,
	me: Me,
	work: Work
): Promise<(Work & { readonly ok: true }) | NotMade> {
	const join = await makeJoin(ports, me, work.state.replica);
	if (join === null) return { ...work, ok: true };
	if (!join.ok) return join;
	const taken = await takeOwn(ports, me, work.state, join);
	return taken.ok ? { ...taken, bundles: [...work.bundles, join.bundle] } : taken;
}

function toMade({ state, bundles }: Work, message: Uint8Array | null): MakeResult {
	const { secrets } = state.replica;
	const id = message === null ? null : bytesToMessageId(message);
	return { ok: true, bundles, state, secrets, message: id, testimony: null };
}

/**
 * Refuses `unknown-writer`: somebody who could choose our seed has joined in our name, and the list
 * names that key as ours.
 */
async function takeOwn(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState | null,
	own: OwnEntry,
	epoch: EpochSecrets | null = null
): Promise<{ readonly ok: true; readonly state: ThreadState } | NotMade> {
	const { id } = own.arrived;
	const taken = await takeIn(ports, me, state, own, epoch);
	const [fault] = taken.refused;
	if (fault?.reason === 'unknown-writer') return refused('unknown-writer');
	if (taken.state === null || fault !== undefined || !taken.opened.includes(id)) {
		throw new Error(`we refuse our own entry: ${fault?.reason ?? 'unreadable'}`);
	}
	return { ok: true, state: taken.state };
}
