/**
 * A plain entry → what it says and who says it: open under its epoch, check certificate and signature
 * by its own past (protocol §3).
 */

import { entryBodyDecoder, type EntryBody, type JoinBody } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { coreOf, type EntryBundle, type EntryHeader } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { certifier, hasClosed, joinKeysBefore, ownBody, see, type Admission } from './admission.ts';
import { hasBit, type Bits } from './bits.ts';
import type { EpochFact, Fold, FoldMember } from './fold.ts';
import { entryKey, joinToSign, toSecret } from './keys.ts';
import { epochFacts, foldBefore, listNodes, nodeOf, type Content, type LogNode } from './log.ts';
import { recordOf, type OnRecord } from './on-record.ts';
import type { JoinFact } from './replica.ts';
import { isSigned, openBody } from './seal.ts';
import { takeVouch } from './vouches.ts';

export interface EntryPlace {
	readonly id: EntryId;
	readonly header: EntryHeader;
	readonly bundle: EntryBundle;
	readonly before: Bits;
}

export async function admitEntry(
	admission: Admission,
	{ id, header, bundle, before }: EntryPlace
): Promise<Content> {
	const epochId = cidToEntryId(header.epoch);
	const epoch = nodeOf(admission.view, epochId);
	if (epoch?.mark == null || epoch.header.t !== 'epoch' || !hasBit(before, epoch.mark)) {
		return refused('wrong-shape');
	}
	const gone = admission.gone.get(id);
	if (gone !== undefined) return { kind: 'gone', message: gone };
	if (bundle.body === null) return { kind: 'absent' };
	const past = foldBefore(admission.view, before);
	const read = await readBody(admission, id, header, bundle);
	if (read === null || past === null || hasClosed(admission, before)) {
		return { kind: 'sealed', bundle };
	}
	if (!read.ok) return read.reason === 'unknown-type' ? { kind: 'unknown' } : refused(read.reason);
	const content = await admitBody(admission, read.value, past, before);
	// Its join may stand in an entry that we cannot read: no fault of the writer's.
	const isUndecided =
		content.kind === 'refused' && content.reason === 'unknown-writer' && hasUnread(admission);
	return isUndecided ? { kind: 'sealed', bundle } : content;
}

interface Read {
	readonly body: EntryBody;
	/** Did its writer sign it? Asked when it is known whose key that has to be. */
	readonly isSigned: () => Promise<boolean>;
}

const SIGNED = () => Promise.resolve(true);

/** `null`: no key. */
async function readBody(
	admission: Admission,
	id: EntryId,
	header: EntryHeader,
	bundle: EntryBundle
): Promise<Result<Read> | null> {
	const own = ownBody(admission, id);
	if (own !== null && own.t !== 'state') return accept({ body: own, isSigned: SIGNED });
	const { suite, isTrusted } = admission;
	const core = coreOf(header, bundle.header);
	const known = admission.plain.get(id);
	const plain =
		known === undefined ? await openWith(admission, header, core, bundle) : accept(known);
	if (plain?.ok !== true) return plain;
	const decoded = entryBodyDecoder.decode(plain.value);
	if (!decoded.ok) return decoded;
	const body = decoded.value;
	// What comes from our own sealed storage was checked before.
	return accept({
		body,
		isSigned: isTrusted ? SIGNED : () => isSigned(suite, core, body, plain.value)
	});
}

/** `null`: no key. */
async function openWith(
	{ suite, thread, secrets }: Admission,
	header: EntryHeader,
	core: Uint8Array,
	{ body }: EntryBundle
): Promise<Result<Uint8Array> | null> {
	const secret = secrets.get(cidToEntryId(header.epoch))?.secret;
	if (secret === undefined || body === null) return null;
	const key = await entryKey(suite, toSecret(secret), header.salt, thread);
	return openBody(suite, key, core, body);
}

function refused(reason: Refusal): Content {
	return { kind: 'refused', reason };
}

function hasUnread({ view }: Admission): boolean {
	return listNodes(view).some(
		({ header, content }) =>
			header.t === 'entry' && (content.kind === 'sealed' || content.kind === 'absent')
	);
}

async function admitBody(
	admission: Admission,
	{ body, isSigned }: Read,
	past: Fold,
	before: Bits
): Promise<Content> {
	const by = toHex(body.cert.root);
	const member = past.members.get(by);
	if (member === undefined) return refused('not-a-member');
	const join = await checkWriter(admission, { body, isSigned }, member, before);
	if (!join.ok) return refused(join.reason);
	const isForbidden = past.rules.write === 'creator' && by !== past.creator && body.t !== 'join';
	if (isForbidden) return refused('not-allowed');
	if (body.t === 'message' && !equal(body.mail.from.root, body.cert.root)) {
		return refused('wrong-shape');
	}
	await takeVouch(admission, body, join.value, member.identity);
	see(admission, body, join.value, past.members);
	const records = await readRecords(admission, body, member, before);
	return { kind: 'entry', body, by, seq: member.record.seq, seenMs: admission.now, records };
}

/** An archive's writers may have left, or have other keys now: every list of its past is asked. */
async function readRecords(
	{ ports, thread, view }: Admission,
	body: EntryBody,
	{ identity }: FoldMember,
	before: Bits
): Promise<OnRecord[]> {
	if (body.t === 'message') {
		const own = identity === null ? [] : [identity];
		return [await recordOf(ports.suite, thread, own, body)];
	}
	if (body.t !== 'archive') return [];
	const lists = epochFacts(view).filter(({ mark }) => hasBit(before, mark));
	const identitiesOf = (root: Uint8Array) => {
		const listed = lists.flatMap(({ list }) => list.members);
		const known = listed.filter((each) => each.root === toHex(root));
		const byRecord = new Map(known.map((each) => [each.record.cid, each.identity]));
		return [...byRecord.values()].flatMap((each) => each ?? []);
	};
	return Promise.all(
		body.messages.map((message) => {
			const isOwn = equal(message.root, message.mail.from.root);
			const identities = message.record && isOwn ? identitiesOf(message.root) : [];
			return recordOf(ports.suite, thread, identities, message);
		})
	);
}

/** The join key that certifies the writer key that signed. */
async function checkWriter(
	admission: Admission,
	{ body, isSigned }: Read,
	member: FoldMember,
	before: Bits
): Promise<Result<string>> {
	if (!equal(body.cert.writer, body.writer)) return refuse('unknown-writer');
	const keys =
		body.t === 'join'
			? await readJoin(admission, body, member)
			: joinKeysBefore(admission, member, before);
	const key = await certifier(admission, body.cert, keys);
	if (key === null) return refuse('unknown-writer');
	return (await isSigned()) ? accept(key) : refuse('wrong-signature');
}

/** The join key that the entry names, where the member's seed signed it. */
async function readJoin(
	{ suite, origin }: Admission,
	{ root, join, seedSig, cert }: JoinBody,
	{ seed }: FoldMember
): Promise<readonly string[]> {
	if (seed === null || !equal(root, cert.root)) return [];
	const message = joinToSign(origin, root, join);
	const isProved = await suite.verify(fromHex(seed) ?? new Uint8Array(), message, seedSig);
	return isProved ? [toHex(join)] : [];
}

/** What a readable `join` adds to the replica, besides its place; `null` for all else. */
export function joinFactOf(
	admission: Admission,
	{ content, before, header }: Pick<LogNode, 'content' | 'before' | 'header'>,
	mark: number
): JoinFact | null {
	if (content.kind !== 'entry' || content.body.t !== 'join' || header.t !== 'entry') return null;
	const { root, join, seedSig } = content.body;
	const seed = foldBefore(admission.view, before)?.members.get(toHex(root))?.seed ?? null;
	if (seed === null) return null;
	const within = nodeOf(admission.view, cidToEntryId(header.epoch))?.content;
	const readers = within?.kind === 'epoch' ? rootsOf(within.fact) : [];
	return {
		mark,
		root: toHex(root),
		join: toHex(join),
		seed,
		seedSig,
		readers: new Set(readers)
	};
}

function rootsOf({ list }: EpochFact): string[] {
	return list.members.map(({ root }) => root);
}
