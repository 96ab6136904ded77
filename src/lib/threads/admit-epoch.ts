/**
 * An epoch entry → its place in the fold: find the list key, open the body, check who made it, and
 * judge its list by its own past. Nothing but the entry and its ancestors enters the verdict.
 */

import type { CID } from 'multiformats/cid';
import { stateDecoder, type StateBody } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import type { EntryBundle, EpochHeader } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';
import { cardDecoder, rootRecordDecoder } from '../wire/identity.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { vouch } from '../crypto/envelope.ts';
import { hasClosed, joinKeyBefore, see, type Admission } from './admission.ts';
import type { Bits } from './bits.ts';
import type { Fold } from './fold.ts';
import { judgeEpoch } from './judge.ts';
import {
	certificateToSign,
	commitToList,
	joinToSign,
	listBodyKey,
	listKey,
	toSecret
} from './keys.ts';
import { readList, seedSigOf, type EpochList, type ListedIdentity, type RootHex } from './list.ts';
import { foldBefore, nodeOf, type Content } from './log.ts';
import { isSigned, openBody } from './seal.ts';
import type { EpochSecrets } from './secrets.ts';
import { openWrap, type OpenedWrap } from './wraps.ts';

export interface EpochPlace {
	readonly id: EntryId;
	readonly cid: CID;
	readonly header: EpochHeader;
	readonly bundle: EntryBundle;
	readonly mark: number;
	readonly before: Bits;
}

/** `sealed` where no key opens it yet, or where an ancestor epoch is not readable. */
export async function admitEpoch(admission: Admission, place: EpochPlace): Promise<Content> {
	const { bundle, header, id } = place;
	if (bundle.body === null) return { kind: 'absent' };
	const isFirst = header.thread === undefined;
	if (!isFirst && hasClosed(admission, place.before)) return { kind: 'sealed', bundle };
	const wrap = await takeWrap(admission, place);
	const key = admission.secrets.get(id)?.listKey;
	if (key === undefined) return { kind: 'sealed', bundle };
	const thread = isFirst ? null : admission.thread;
	const bodyKey = await listBodyKey(admission.suite, toSecret(key), header.salt, thread);
	const opened = await openBody(admission.suite, bodyKey, header, bundle.body);
	const body = opened.ok ? stateDecoder.decode(opened.value) : opened;
	if (!body.ok) return refused(body.reason);
	const fact = await checkState(admission, place, body.value);
	if (!fact.ok) return refused(fact.reason);
	await takeListKeys(admission, body.value);
	if (wrap !== null) vouchForMaker(admission, wrap, body.value, fact.value.list);
	see(admission, body.value);
	return { kind: 'epoch', fact: fact.value, clock: body.value.clock };
}

function refused(reason: Refusal): Content {
	return { kind: 'refused', reason };
}

/** What the wrap for me holds becomes a secret of this replica, once. */
async function takeWrap(
	{ ports, me, secrets, now }: Admission,
	{ id, header, bundle }: EpochPlace
): Promise<OpenedWrap | null> {
	if (secrets.get(id)?.secret !== undefined) return null;
	const opened = await openWrap(ports, me, header, bundle.wraps);
	if (opened?.ok !== true) return null;
	const { secret, seed, slot, contact } = opened.value.payload;
	const key = await listKey(ports.suite, toSecret(secret));
	const list = await commitToList(ports.suite, key, header.salt);
	if (!equal(list, header.listCommit)) return null;
	const known: EpochSecrets = { secret, listKey: key.reveal(), storedAt: now };
	secrets.set(id, { ...known, joinSeed: seed, slot, contact });
	return opened.value;
}

/** The envelope's author and the list's maker are one: then this writer key is surely theirs. */
function vouchForMaker(
	admission: Admission,
	{ envelope }: OpenedWrap,
	body: StateBody,
	list: EpochList
): void {
	const maker = list.members.find(({ root }) => root === list.maker);
	const card = maker?.identity?.card;
	if (card !== undefined && vouch(envelope, card).ok) admission.sure.add(toHex(body.writer));
}

async function checkState(admission: Admission, place: EpochPlace, body: StateBody) {
	const past = foldBefore(admission.view, place.before);
	if ((past === null) !== (place.header.thread === undefined)) return refuse('wrong-shape');
	const identities = await readIdentities(admission, body);
	if (!identities.ok) return identities;
	const list = await withProvedJoins(admission, body, readList(body, identities.value), past);
	const isAuthentic = await checkMaker(admission, place, body, list, past);
	if (!isAuthentic.ok) return isAuthentic;
	const changes = judgeEpoch(list, past);
	if (!changes.ok) return changes;
	const makerSeq =
		past?.members.get(list.maker)?.record.seq ??
		list.members.find(({ root }) => root === list.maker)?.record.seq ??
		0;
	const { id, cid, mark, before } = place;
	return accept({ id, cid, mark, before, list, changes: changes.value, makerSeq });
}

/** Every record and card that the list names stands beside it, and verifies. */
async function readIdentities(
	{ ports, isTrusted }: Admission,
	body: StateBody
): Promise<Result<ReadonlyMap<RootHex, ListedIdentity>>> {
	const records = new Map(body.records.map((bytes) => [cidOfObject(bytes).toString(), bytes]));
	const identities = new Map<RootHex, ListedIdentity>();
	for (const member of body.members) {
		const recordBytes = records.get(member.record.toString());
		const cardBytes = records.get(member.card.toString());
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
	admission: Admission,
	body: StateBody,
	list: EpochList,
	past: Fold | null
): Promise<EpochList> {
	const members = await Promise.all(
		list.members.map(async (member, i) => {
			const seed = past?.members.get(member.root)?.seed ?? null;
			const entry = body.members[i];
			const seedSig = entry === undefined ? null : seedSigOf(entry);
			if (seed === null || member.join === null || seedSig === null) return member;
			const isProved = await admission.suite.verify(
				fromHex(seed) ?? new Uint8Array(),
				joinToSign(
					admission.origin,
					entry?.root ?? new Uint8Array(),
					fromHex(member.join) ?? new Uint8Array()
				),
				seedSig
			);
			return isProved ? { ...member, provedBy: seed } : member;
		})
	);
	return { ...list, members };
}

/** Certificate by the maker's join key, signature by the certified writer key. */
async function checkMaker(
	admission: Admission,
	{ header, before }: EpochPlace,
	body: StateBody,
	list: EpochList,
	past: Fold | null
): Promise<Result<null>> {
	const own = list.members.find(({ root }) => root === list.maker)?.join ?? null;
	const join = past === null ? own : joinKeyBefore(admission, past, list.maker, before);
	if (join === null) return refuse('not-a-member');
	const { cert } = body;
	if (!equal(cert.writer, body.writer)) return refuse('unknown-writer');
	const message = certificateToSign(admission.origin, cert);
	const isCertified = await admission.suite.verify(
		fromHex(join) ?? new Uint8Array(),
		message,
		cert.sig
	);
	if (!isCertified) return refuse('unknown-writer');
	return (await isSigned(admission.suite, header, body)) ? accept(null) : refuse('wrong-signature');
}

/** List keys of ancestors that we were not given: each must be the one that its entry commits to. */
async function takeListKeys(
	{ view, suite, secrets, now }: Admission,
	body: StateBody
): Promise<void> {
	for (const { epoch, key } of body.listKeys) {
		const id = cidToEntryId(epoch);
		const header = nodeOf(view, id)?.header;
		if (header?.t !== 'epoch' || secrets.has(id)) continue;
		const commit = await commitToList(suite, toSecret(key), header.salt);
		if (equal(commit, header.listCommit)) secrets.set(id, { listKey: key, storedAt: now });
	}
}
