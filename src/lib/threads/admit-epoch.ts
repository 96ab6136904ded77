/**
 * An epoch entry → its place in the fold: find the list key, open the body, check who made it, and
 * judge its list by its own past. Nothing but epoch entries enters the verdict, so that those who can
 * read no other body, newcomers and restored devices, come to the same one.
 */

import type { CID } from 'multiformats/cid';
import { vouch } from '../crypto/envelope.ts';
import { stateDecoder, type StateBody } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import { coreOf, type EntryBundle, type EpochHeader } from '../wire/entry.ts';
import { cidToBlockId, cidToEntryId, type EntryId } from '../wire/ids.ts';
import { cardDecoder, rootRecordDecoder } from '../wire/identity.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { certifier, hasClosed, ownBody, see, type Admission } from './admission.ts';
import { hasBit, type Bits } from './bits.ts';
import type { EpochFact, Fold } from './fold.ts';
import { judgeEpoch } from './judge.ts';
import { commitToList, joinToSign, listBodyKey, listKey, toSecret } from './keys.ts';
import {
	readList,
	seedSigOf,
	type EpochList,
	type Listed,
	type ListedIdentity,
	type RootHex
} from './list.ts';
import { epochFacts, foldBefore, listEpochs, nodeOf, type Content } from './log.ts';
import { nearestEpochs } from './parents.ts';
import { writerName } from './replica.ts';
import { isSigned, openBody } from './seal.ts';
import { takeVouch } from './vouches.ts';
import type { EpochSecrets } from './secrets.ts';
import { openWrap } from './wraps.ts';

export interface EpochPlace {
	readonly id: EntryId;
	readonly cid: CID;
	readonly header: EpochHeader;
	readonly bundle: EntryBundle;
	readonly mark: number;
	readonly before: Bits;
}

/**
 * `sealed` where no key opens it yet, or where an ancestor epoch is not readable; its list keys are
 * learned all the same.
 */
export async function admitEpoch(admission: Admission, place: EpochPlace): Promise<Content> {
	const { bundle, header } = place;
	if (bundle.body === null) return { kind: 'absent' };
	await takeWrap(admission, place);
	const read = await readState(admission, place);
	if (read === null) return { kind: 'sealed', bundle };
	if (!read.ok) return refused(read.reason);
	const { body } = read.value;
	await takeListKeys(admission, body);
	if (header.thread !== undefined && hasClosed(admission, place.before)) {
		return { kind: 'sealed', bundle };
	}
	const checked = await checkState(admission, place, read.value);
	if (!checked.ok) return refused(checked.reason);
	const { fact, join } = checked.value;
	const members = new Map(fact.list.members.map((member) => [member.root, member]));
	const maker = members.get(fact.list.maker);
	believeMaker(admission, place, body, maker);
	await takeVouch(admission, body, join, maker?.identity ?? null);
	see(admission, body, join, members);
	return { kind: 'epoch', fact, clock: body.clock };
}

function refused(reason: Refusal): Content {
	return { kind: 'refused', reason };
}

interface Read {
	readonly body: StateBody;
	/** As it was sealed; `null`: we have just made it, and its signature. */
	readonly plain: Uint8Array | null;
}

/** `null`: no key. */
async function readState(
	admission: Admission,
	{ id, header, bundle }: Pick<EpochPlace, 'id' | 'header' | 'bundle'>
): Promise<Result<Read> | null> {
	const { secrets, suite, thread } = admission;
	const own = ownBody(admission, id);
	if (own?.t === 'state') return accept({ body: own, plain: null });
	const key = secrets.get(id)?.listKey;
	if (key === undefined || bundle.body === null) return null;
	const first = header.thread === undefined;
	const bodyKey = await listBodyKey(suite, toSecret(key), header.salt, first ? null : thread);
	const plain = await openBody(suite, bodyKey, coreOf(header, bundle.header), bundle.body);
	if (!plain.ok) return plain;
	const body = stateDecoder.decode(plain.value);
	return body.ok ? accept({ body: body.value, plain: plain.value }) : body;
}

/**
 * From the newest epoch to the oldest: each readable body tells the list keys of those before it, so
 * that one way down opens a whole history to a newcomer.
 */
export async function followListKeys(admission: Admission): Promise<void> {
	for (const { id, header, content } of listEpochs(admission.view).reverse()) {
		if (content.kind !== 'sealed' || header.t !== 'epoch') continue;
		const read = await readState(admission, { id, header, bundle: content.bundle });
		if (read?.ok === true) await takeListKeys(admission, read.value.body);
	}
}

/**
 * What the wrap for me holds becomes a secret of this replica, once. Our own storage gives the secrets
 * that it has: a wrap that a newer prekey opens there would open entries that nobody has verified.
 */
async function takeWrap(
	{ ports, me, secrets, now, view, searched, isTrusted }: Admission,
	{ id, header, bundle }: EpochPlace
): Promise<void> {
	const had = secrets.get(id);
	const isDone = had?.secret !== undefined || had?.endedAt !== undefined || searched.has(id);
	if (isTrusted || isDone || bundle.wraps.length === 0) return;
	searched.set(id, null);
	const opened = await openWrap(ports, me, header, bundle.wraps);
	if (opened?.ok !== true) {
		const twin = listEpochs(view).find((node) => isTwin(node.header, header));
		const known = twin === undefined ? undefined : secrets.get(twin.id);
		if (known?.secret !== undefined) secrets.set(id, known);
		return;
	}
	const { secret, seed, slot, contact } = opened.value.payload;
	const key = await listKey(ports.suite, toSecret(secret));
	const list = await commitToList(ports.suite, key, header.salt);
	if (!equal(list, header.listCommit)) return;
	const known: EpochSecrets = { secret, listKey: key.reveal(), storedAt: now };
	secrets.set(id, { ...known, joinSeed: seed, slot, contact });
	searched.set(id, opened.value);
}

/**
 * The wraps are no part of what the maker signs: a member could publish the same epoch again without
 * the wrap for me. Its secret is the one that I have.
 */
function isTwin(known: { readonly t: string; readonly commit?: unknown }, header: EpochHeader) {
	const { commit } = known;
	return known.t === 'epoch' && commit instanceof Uint8Array && equal(commit, header.commit);
}

/** The envelope's author and the list's maker are one: then this writer key is surely theirs. */
function believeMaker(
	{ sure, searched }: Admission,
	{ id }: EpochPlace,
	{ cert, writer }: StateBody,
	maker: Listed | undefined
): void {
	const card = maker?.identity?.card;
	const wrap = searched.get(id);
	if (card !== undefined && wrap != null && vouch(wrap.envelope, card).ok)
		sure.add(writerName(cert.root, writer));
}

interface Checked {
	readonly fact: EpochFact;
	/** The key that certifies the maker's device. */
	readonly join: string;
}

async function checkState(
	admission: Admission,
	place: EpochPlace,
	read: Read
): Promise<Result<Checked>> {
	const { body } = read;
	const { id, cid, mark, before, header } = place;
	const past = foldBefore(admission.view, before);
	if ((past === null) !== (header.thread === undefined)) return refuse('wrong-shape');
	if (!namesAncestor(admission, place)) return refuse('wrong-shape');
	if (!(await carriesListKeys(admission, place, body))) return refuse('list-mismatch');
	const identities = await readIdentities(admission, body);
	if (!identities.ok) return identities;
	const list = await withProvedJoins(admission, body, readList(body, identities.value), past);
	const join = await checkMaker(admission, place, read, list, past);
	if (!join.ok) return join;
	const changes = judgeEpoch(list, past);
	if (!changes.ok) return changes;
	const maker = past?.members.get(list.maker) ?? memberOf(list, list.maker);
	const makerSeq = maker?.record.seq ?? 0;
	const ends = past === null ? body.ends : undefined;
	const fact = {
		...{ id, cid, mark, before, list, changes: changes.value, makerSeq },
		...(ends !== undefined && { ends })
	};
	return accept({ fact, join: join.value });
}

function memberOf(list: EpochList, root: RootHex): Listed | undefined {
	return list.members.find((member) => member.root === root);
}

function namesAncestor({ view }: Admission, { header, before }: EpochPlace): boolean {
	if (header.epoch === undefined) return true;
	const named = nodeOf(view, cidToEntryId(header.epoch));
	return named?.header.t === 'epoch' && named.mark !== null && hasBit(before, named.mark);
}

/** Each nearest ancestor's key, and the right one: else newcomers could not compute this fold. */
async function carriesListKeys(
	{ view, suite }: Admission,
	{ before }: EpochPlace,
	{ listKeys }: StateBody
): Promise<boolean> {
	for (const { id } of nearestEpochs(epochFacts(view), before)) {
		const carried = listKeys.find(({ epoch }) => cidToEntryId(epoch) === id);
		const header = nodeOf(view, id)?.header;
		if (carried === undefined || header?.t !== 'epoch') return false;
		const commit = await commitToList(suite, toSecret(carried.key), header.salt);
		if (!equal(commit, header.listCommit)) return false;
	}
	return true;
}

/** Every record and card that the list names stands beside it, and verifies. */
async function readIdentities(
	{ ports, isTrusted }: Admission,
	body: StateBody
): Promise<Result<ReadonlyMap<RootHex, ListedIdentity>>> {
	const records = new Map<string, Uint8Array>(
		body.records.map((bytes) => [cidToBlockId(cidOfObject(bytes)), bytes])
	);
	const identities = new Map<RootHex, ListedIdentity>();
	for (const member of body.members) {
		const recordBytes = records.get(cidToBlockId(member.record));
		const cardBytes = records.get(cidToBlockId(member.card));
		if (recordBytes === undefined || cardBytes === undefined) return refuse('list-mismatch');
		const identity = isTrusted
			? readIdentity(recordBytes, cardBytes)
			: await ports.checkIdentity(recordBytes, cardBytes);
		if (identity === null) return refuse('wrong-signature');
		if (!equal(identity.card.root, member.root)) return refuse('list-mismatch');
		identities.set(toHex(member.root), { ...identity, recordBytes, cardBytes });
	}
	return accept(identities);
}

function readIdentity(recordBytes: Uint8Array, cardBytes: Uint8Array) {
	const record = rootRecordDecoder.decode(recordBytes);
	const card = cardDecoder.decode(cardBytes);
	return record.ok && card.ok ? { record: record.value, card: card.value } : null;
}

async function withProvedJoins(
	{ suite, origin }: Admission,
	body: StateBody,
	list: EpochList,
	past: Fold | null
): Promise<EpochList> {
	const members = await Promise.all(
		list.members.map(async (member, i) => {
			const entry = body.members[i];
			const seed = past?.members.get(member.root)?.seed ?? null;
			const seedSig = entry === undefined ? null : seedSigOf(entry);
			if (seed === null || entry?.join === undefined || seedSig === null) return member;
			const message = joinToSign(origin, entry.root, entry.join);
			const isProved = await suite.verify(fromHex(seed) ?? new Uint8Array(), message, seedSig);
			return isProved ? { ...member, provedBy: seed } : member;
		})
	);
	return { ...list, members };
}

/**
 * Certificate by the maker's join key, signature by the certified writer key. A maker that is not
 * listed as joined before lists its own join key here, proved by its seed.
 */
async function checkMaker(
	admission: Admission,
	{ header, bundle }: EpochPlace,
	{ body, plain }: Read,
	list: EpochList,
	past: Fold | null
): Promise<Result<string>> {
	const { suite, isTrusted } = admission;
	const before = past?.members.get(list.maker);
	const own = memberOf(list, list.maker);
	if (past !== null && before === undefined) return refuse('not-a-member');
	const isProved = past === null || (own?.provedBy != null && own.provedBy === before?.seed);
	const join = before?.join ?? (isProved ? (own?.join ?? null) : null);
	if (join === null || !equal(body.cert.writer, body.writer)) return refuse('unknown-writer');
	const key = await certifier(admission, body.cert, [join]);
	if (key === null) return refuse('unknown-writer');
	if (isTrusted || plain === null) return accept(key);
	const isRight = await isSigned(suite, coreOf(header, bundle.header), body, plain);
	return isRight ? accept(key) : refuse('wrong-signature');
}

/** List keys of ancestors that we were not given: each must be the one that its entry commits to. */
async function takeListKeys(
	{ view, suite, secrets, now }: Admission,
	{ listKeys }: StateBody
): Promise<void> {
	for (const { epoch, key } of listKeys) {
		const id = cidToEntryId(epoch);
		const header = nodeOf(view, id)?.header;
		if (header?.t !== 'epoch' || secrets.has(id)) continue;
		const commit = await commitToList(suite, toSecret(key), header.salt);
		if (equal(commit, header.listCommit)) secrets.set(id, { listKey: key, storedAt: now });
	}
}
