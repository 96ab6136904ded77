/** What a replica says to its readers: members, messages in order, what my wraps told. */

import { clockMs } from './clock.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import type { Certificate } from '../wire/body.ts';
import { bytesToMessageId, cidToEntryId, type EntryId, type MessageId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { FoldMember } from './fold.ts';
import { listEpochs, listNodes, nodeAt, nodeOf, type LogNode } from './log.ts';
import { orderOnScreen } from './order.ts';
import { writerName, type Replica } from './replica.ts';
import type { ShownMessage, ThreadMember, ThreadState } from './thread.ts';

/** Sorted by root key; ourselves included. */
export function membersOf({ replica }: ThreadState): readonly ThreadMember[] {
	const { fold } = replica.standing;
	if (fold === null) return [];
	return [...fold.members.values()].flatMap((member) => toMember(replica, member, fold.creator));
}

function toMember(replica: Replica, member: FoldMember, creator: string): ThreadMember[] {
	const { root, identity, slot } = member;
	const key = fromHex(root);
	if (identity === null || key === null) return [];
	return [
		{
			root: key,
			record: identity.recordBytes,
			card: identity.cardBytes,
			identity: { record: identity.record, card: identity.card },
			slot,
			isCreator: root === creator,
			joined: member.join !== null || replica.joins.some((join) => join.root === root),
			devices: devicesOf(replica, member).map(({ writer, peer }) => ({ writer, peer }))
		}
	];
}

/** From the list, and from what the member's devices wrote since; the latest last. */
export function devicesOf(replica: Replica, { root, devices }: FoldMember): Certificate[] {
	const known = new Map(devices.map((device) => [toHex(device.writer), device]));
	for (const [writer, { cert }] of replica.certificates.get(root) ?? []) known.set(writer, cert);
	return [...known.values()].slice(-LIMITS.devices);
}

/**
 * In the order of the screen. A message that was sealed again, or that somebody replays, counts once:
 * where it first stands unrefused. Another text under the same id of the same writer is listed as
 * refused (`two-texts`), and shown nowhere.
 */
export function shownMessages({ replica }: ThreadState): readonly ShownMessage[] {
	const { view } = replica;
	const context: Showing = {
		replica,
		withdrawn: findWithdrawn(replica),
		sure: new Set(replica.secrets.sureWriters)
	};
	const messages = orderOnScreen(view).flatMap((place) => toShown(context, place));
	const firsts = new Map<string, ShownMessage>();
	for (const message of messages) {
		const key = messageKey(message.root, message.id);
		const first = firsts.get(key);
		const isBetter = first?.status.kind === 'refused' && message.status.kind === 'shown';
		if (first === undefined || isBetter) firsts.set(key, message);
	}
	return messages.flatMap((message) => {
		const first = firsts.get(messageKey(message.root, message.id));
		if (first === message || first === undefined) return [message];
		if (isSameText(first, message)) return [];
		return [{ ...message, status: { kind: 'refused', reason: 'two-texts' } as const }];
	});
}

function isSameText(a: ShownMessage, b: ShownMessage): boolean {
	return equal(encodeFields(a.mail), encodeFields(b.mail));
}

interface Showing {
	readonly replica: Replica;
	readonly withdrawn: ReadonlySet<string>;
	/** As `writerName`. */
	readonly sure: ReadonlySet<string>;
}

function toShown({ replica, sure, withdrawn }: Showing, place: number): ShownMessage[] {
	const { id: entry, content } = nodeAt(replica.view, place);
	if (content.kind !== 'entry' || content.body.t !== 'message') return [];
	const { body, seenMs, record } = content;
	const refusal = replica.standing.refused.get(place);
	// Revocation marks what is on record, and never hides it (protocol §2).
	const isRevoked = refusal === 'older-than-known' && record === 'on';
	const id = bytesToMessageId(body.id);
	const { root } = body.cert;
	return [
		{
			entry,
			id,
			root,
			mail: body.mail,
			attachments: body.mail.attachments,
			atMs: Math.min(clockMs(body.clock), seenMs + LIMITS.clockAheadMs),
			sure: !isRevoked && sure.has(writerName(root, body.writer)),
			record,
			status:
				refusal === undefined || isRevoked
					? { kind: 'shown' }
					: { kind: 'refused', reason: refusal },
			withdrawn: withdrawn.has(messageKey(root, id))
		}
	];
}

function findWithdrawn({ view }: Replica): ReadonlySet<string> {
	const found = new Set<string>();
	for (const { content } of listNodes(view)) {
		if (content.kind !== 'entry' || content.body.t !== 'withdraw') continue;
		found.add(messageKey(content.body.cert.root, bytesToMessageId(content.body.target)));
	}
	return found;
}

function messageKey(root: Uint8Array, id: MessageId): string {
	return `${toHex(root)}/${id}`;
}

/**
 * Every entry that is here, also what waits for its parents: what reconciliation compares. One whose
 * body we could read and do not have is not: whoever gave us the header alone is not the last word.
 */
export function entryIds({ replica }: ThreadState): readonly EntryId[] {
	const ids = new Set([
		...listNodes(replica.view)
			.filter((node) => !lacksBody(replica, node))
			.map(({ id }) => id),
		...replica.pending.keys(),
		...replica.refused.keys()
	]);
	return [...ids];
}

function lacksBody({ secrets }: Replica, { header, content }: LogNode): boolean {
	if (content.kind !== 'absent' || header.t === 'epoch') return content.kind === 'absent';
	return secrets.epochs[cidToEntryId(header.epoch)]?.secret !== undefined;
}

/** Entries found invalid: to be stored with the others, and given back when they are opened again. */
export function refusedEntries({ replica }: ThreadState): ReadonlyMap<EntryId, Refusal> {
	return replica.refused;
}

/** Is it here with all its ancestors, and readable? */
export function isOpen({ replica }: ThreadState, id: EntryId): boolean {
	const kind = nodeOf(replica.view, id)?.content.kind;
	return kind === 'epoch' || kind === 'entry';
}

export interface OwnWrap {
	/** Root key of whoever made the epoch. */
	readonly maker: Uint8Array;
	/** Secret of our slot for this thread. */
	readonly slot?: Uint8Array | undefined;
	/** The maker's contact slot for us. */
	readonly contact?: Uint8Array | undefined;
}

/** What the makers of epochs told us alone, in the order of the log. */
export function ownWraps({ replica }: ThreadState): readonly OwnWrap[] {
	return listEpochs(replica.view).flatMap(({ id, content }) => {
		const told = replica.secrets.epochs[id];
		const maker = content.kind === 'epoch' ? fromHex(content.fact.list.maker) : null;
		return maker === null || told === undefined
			? []
			: [{ maker, slot: told.slot, contact: told.contact }];
	});
}
