/**
 * Making entries: a thread, a message in it, a change of its members. Whatever is made is taken in by
 * the same code that takes in what others make, so that we never hold what we would refuse.
 */

import type { Signer } from '../crypto/suite.ts';
import type { Secret } from '../crypto/secret.ts';
import { randomSecret } from '../crypto/random.ts';
import type { Certificate, Vouch } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import { encodePlain } from '../wire/codec.ts';
import { entryIdOf, headerCore, type EntryBundle } from '../wire/entry.ts';
import {
	bytesToMessageId,
	idToCid,
	messageIdToBytes,
	MESSAGE_ID_BYTES,
	type EntryId
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import { tick } from './clock.ts';
import { chooseEpoch } from './epoch-choice.ts';
import type { EpochFact, Fold, FoldMember } from './fold.ts';
import { certificateToSign, entryKey, joinSigner, joinToSign, toSecret, vouchFor } from './keys.ts';
import { foldBefore, nodeAt } from './log.ts';
import { makeEpoch, makeFirstEpoch, type NewEpoch } from './make-epoch.ts';
import { chooseParents } from './parents.ts';
import { NOTHING_ASKED, type Ask } from './plan.ts';
import { openBundles } from './receive.ts';
import type { Replica } from './replica.ts';
import { sealBody } from './seal.ts';
import type {
	Draft,
	EpochChoice,
	MakeResult,
	Me,
	NewThread,
	NotMade,
	Person,
	ThreadPorts,
	ThreadState
} from './thread.ts';

/** The first epoch and its first message. */
export async function createThread(
	ports: ThreadPorts,
	me: Me,
	thread: NewThread
): Promise<MakeResult> {
	const first = await makeFirstEpoch(ports, me, thread);
	if (!first.ok) return first;
	const state = await takeOwn(ports, me, null, first);
	return writeMessage(ports, me, state, thread.draft, [first.bundle]);
}

/**
 * The message, and before it, in the same transaction, what it needs: our `join` if we have not
 * joined, a new epoch if one is due. `people`: the newest cards that the caller has.
 */
export async function appendMessage(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	draft: Draft,
	people: readonly Person[]
): Promise<MakeResult> {
	const ready = await prepare(ports, me, state, people, NOTHING_ASKED);
	return ready.ok ? writeMessage(ports, me, ready.state, draft, ready.bundles) : ready;
}

/** From here on: newcomers read what is written after it. */
export function addMembers(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	people: readonly Person[]
): Promise<MakeResult> {
	const add = people.map(({ root }) => toHex(root));
	return change(ports, me, state, people, { ...NOTHING_ASKED, add });
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
	const ready = await prepare(ports, me, state, people, ask);
	if (!ready.ok) return ready;
	const { bundles, state: after } = ready;
	return { ok: true, bundles, state: after, secrets: after.replica.secrets, message: null };
}

/** Which epoch the next entry of this replica goes to, or why a new one is due. */
export function epochToWriteIn(
	{ replica }: ThreadState,
	nowMs: number,
	people: readonly Person[] = [],
	checked: ReadonlyMap<string, number> = new Map()
): EpochChoice {
	const { fold, epochs } = pastOf(replica);
	if (fold === null) return { kind: 'due', why: 'none-fits' };
	const hasNewRecord = people.some(({ root }) => {
		const member = fold.members.get(toHex(root));
		return member !== undefined && (checked.get(toHex(root)) ?? 0) > member.record.seq;
	});
	if (hasNewRecord) return { kind: 'due', why: 'card-key-changed' };
	const secrets = replica.secrets.epochs;
	const chosen = chooseEpoch(epochs, fold, (id) => secrets[id]?.secret !== undefined);
	if (chosen === null) return { kind: 'due', why: 'none-fits' };
	const ageMs = nowMs - (secrets[chosen.id]?.storedAt ?? nowMs);
	if (ageMs > LIMITS.epochAgeMs) return { kind: 'due', why: 'too-old' };
	return { kind: 'write', epoch: chosen.id };
}

type Ready =
	| { readonly ok: true; readonly state: ThreadState; readonly bundles: readonly EntryBundle[] }
	| NotMade;

async function prepare(
	ports: ThreadPorts,
	me: Me,
	start: ThreadState,
	people: readonly Person[],
	ask: Ask
): Promise<Ready> {
	const bundles: EntryBundle[] = [];
	let state = start;
	const joined = await joinIfNew(ports, me, state);
	if (joined !== null && !joined.ok) return joined;
	if (joined !== null) {
		bundles.push(joined.bundle);
		state = await takeOwn(ports, me, state, joined);
	}
	const records = await recordSequences(ports, people);
	const choice = epochToWriteIn(state, ports.now(), people, records);
	if (choice.kind === 'write' && ask === NOTHING_ASKED) return { ok: true, state, bundles };
	const epoch = await makeEpoch(ports, me, state, people, ask);
	if (!epoch.ok) return epoch;
	bundles.push(epoch.bundle);
	return { ok: true, state: await takeOwn(ports, me, state, epoch), bundles };
}

async function recordSequences(
	ports: ThreadPorts,
	people: readonly Person[]
): Promise<ReadonlyMap<string, number>> {
	const sequences = new Map<string, number>();
	for (const { root, record, card } of people) {
		const identity = await ports.checkIdentity(record, card);
		if (identity !== null) sequences.set(toHex(root), identity.record.seq);
	}
	return sequences;
}

/** What we made, through the door by which everything comes in. */
async function takeOwn(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState | null,
	made: { readonly bundle: EntryBundle; readonly secrets?: NewEpoch['secrets'] }
): Promise<ThreadState> {
	const id = entryIdOf(made.bundle.header);
	const known = state?.replica.secrets ?? { epochs: {}, sureWriters: [] };
	const secrets =
		made.secrets === undefined
			? known
			: { ...known, epochs: { ...known.epochs, [id]: made.secrets } };
	const before = state === null ? null : { ...state, replica: { ...state.replica, secrets } };
	const opened = await openBundles(ports, me, before, [made.bundle], { secrets, trusted: true });
	const [refused] = opened.refused;
	if (opened.state === null || refused !== undefined) {
		throw new Error(`we refuse our own entry: ${refused?.reason ?? 'unreadable'}`);
	}
	return opened.state;
}

async function writeMessage(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	{ mail, id }: Draft,
	before: readonly EntryBundle[]
): Promise<MakeResult> {
	const message = id === undefined ? ports.random(MESSAGE_ID_BYTES) : messageIdToBytes(id);
	const made = await makeEntry(ports, me, state, message, { t: 'message', mail });
	if (!made.ok) return made;
	const after = await takeOwn(ports, me, state, made);
	return {
		ok: true,
		bundles: [...before, made.bundle],
		state: after,
		secrets: after.replica.secrets,
		message: bytesToMessageId(message)
	};
}

type MadeEntry = { readonly ok: true; readonly bundle: EntryBundle } | NotMade;

function refused(reason: Refusal): NotMade {
	return { ok: false, kind: 'refused', reason };
}

/** `null` where we have joined already. */
async function joinIfNew(
	ports: ThreadPorts,
	me: Me,
	{ replica, ...state }: ThreadState
): Promise<MadeEntry | null> {
	const { fold } = pastOf(replica);
	const member = fold?.members.get(toHex(me.root));
	if (member === undefined) return refused('not-a-member');
	if (member.join !== null || hasJoined(replica, member)) return null;
	const seed = await findSeed(ports, replica, member);
	if (seed === null) return refused('no-wrap-for-me');
	const join = await joinSigner(ports.suite, me.joinSecret, replica.origin);
	const seedSig = await seed.sign(joinToSign(replica.origin, me.root, join.publicKey));
	const id = ports.random(MESSAGE_ID_BYTES);
	const fields = { t: 'join', root: me.root, join: join.publicKey, seedSig };
	return makeEntry(ports, me, { ...state, replica }, id, fields);
}

function hasJoined({ joins }: Replica, { root, seed }: FoldMember): boolean {
	return joins.some((join) => join.root === root && join.seed === seed);
}

async function findSeed(
	{ suite }: ThreadPorts,
	{ secrets }: Replica,
	{ seed }: FoldMember
): Promise<Signer | null> {
	for (const { joinSeed } of Object.values(secrets.epochs)) {
		if (joinSeed === undefined) continue;
		const signer = await suite.signer(toSecret(joinSeed));
		if (toHex(signer.publicKey) === seed) return signer;
	}
	return null;
}

async function makeEntry(
	ports: ThreadPorts,
	me: Me,
	state: ThreadState,
	id: Uint8Array,
	fields: Readonly<Record<string, unknown>>
): Promise<MadeEntry> {
	const { replica } = state;
	const { fold, epochs, parents } = pastOf(replica);
	if (fold?.members.has(toHex(me.root)) !== true) return refused('not-a-member');
	const epoch = chooseForEntry(replica, fold, epochs);
	if (epoch === null) return refused('no-wrap-for-me');
	const writer = await me.writer(replica.origin);
	const core = {
		v: 1 as const,
		t: 'entry' as const,
		thread: replica.thread,
		parents: parents.map((place) => nodeAt(replica.view, place).cid),
		epoch: idToCid(epoch.id),
		salt: ports.random(32)
	};
	const key = await entryKey(ports.suite, epoch.secret, core.salt, replica.thread);
	const sealed = await sealBody(ports.suite, writer, key, headerCore(core), {
		...fields,
		v: 1,
		id,
		clock: tick(replica.clock, ports.now()),
		writer: writer.publicKey,
		cert: await certify(ports, me, replica.origin, writer),
		vouches: await vouchToNew(ports, me, replica, fold, writer)
	});
	if (!sealed.ok) return refused(sealed.reason);
	const body = await ports.suite.sha256(sealed.value);
	return {
		ok: true,
		bundle: { header: encodePlain({ ...core, body }), body: sealed.value, wraps: [] }
	};
}

/** A `join` may go to an epoch that lists its writer by a seed, though the fold has moved on. */
function chooseForEntry(
	{ secrets }: Replica,
	fold: Fold,
	epochs: readonly EpochFact[]
): { readonly id: EntryId; readonly secret: Secret } | null {
	const hasSecret = (id: EntryId) => secrets.epochs[id]?.secret !== undefined;
	const chosen =
		chooseEpoch(epochs, fold, hasSecret) ??
		epochs.filter(({ id, mark }) => hasSecret(id) && !fold.voids.has(mark)).at(-1);
	const secret = chosen === undefined ? undefined : secrets.epochs[chosen.id]?.secret;
	return chosen === undefined || secret === undefined
		? null
		: { id: chosen.id, secret: toSecret(secret) };
}

/** What a new entry has before it: its parents, their epochs, and the fold of these. */
export function pastOf({ view, standing }: Replica) {
	const { places, before, epochs } = chooseParents(view, standing.heads);
	return { parents: places, before, epochs, fold: foldBefore(view, before) };
}

export async function certify(
	{ suite }: ThreadPorts,
	me: Me,
	origin: Uint8Array,
	writer: Signer
): Promise<Certificate> {
	const join = await joinSigner(suite, me.joinSecret, origin);
	const key = { root: me.root, writer: writer.publicKey, peer: me.peer };
	return { ...key, sig: await join.sign(certificateToSign(origin, key)) };
}

/** An authenticator for each member that has none of this writer key yet. */
async function vouchToNew(
	{ suite }: ThreadPorts,
	me: Me,
	{ origin, vouched }: Replica,
	fold: Fold,
	writer: Signer
): Promise<Vouch[]> {
	const vouches: Vouch[] = [];
	for (const { root, identity } of fold.members.values()) {
		if (root === toHex(me.root) || vouched.has(root) || identity === null) continue;
		const to = identity.card.root;
		const names = { origin, writer: writer.publicKey, writerRoot: me.root, readerRoot: to };
		const mac = await vouchFor(suite, me.auth, identity.card.auth, names);
		if (mac !== null) vouches.push({ to, mac });
	}
	return vouches;
}

export function drawSecret({ random }: ThreadPorts): Secret {
	return randomSecret(random, 32);
}
