/** What a replica says to its readers: members, messages in order, what my wraps told. */

import { clockMs } from './clock.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import type { Certificate } from '../wire/body.ts';
import { bytesToMessageId, type EntryId, type MessageId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { FoldMember } from './fold.ts';
import { listNodes, nodeAt, nodeOf, type EntryContent, type LogNode } from './log.ts';
import { orderOnScreen } from './order.ts';
import type { Replica } from './replica.ts';
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
	for (const [writer, cert] of replica.certificates.get(root) ?? []) known.set(writer, cert);
	return [...known.values()].slice(-LIMITS.devices);
}

/** In the order of the screen; a message that was sealed again counts once, where it stood first. */
export function shownMessages({ replica }: ThreadState): readonly ShownMessage[] {
	const { view } = replica;
	const seen = new Set<string>();
	const withdrawn = findWithdrawn(replica);
	const sure = new Set(replica.secrets.sureWriters);
	const shown: ShownMessage[] = [];
	for (const place of orderOnScreen(view)) {
		const node = nodeAt(view, place);
		const { content } = node;
		if (content.kind !== 'entry' || content.body.t !== 'message') continue;
		const key = messageKey(content.by, bytesToMessageId(content.body.id));
		if (seen.has(key)) continue;
		seen.add(key);
		shown.push(toShown(replica, node, content, place, sure, withdrawn.has(key)));
	}
	return shown;
}

function toShown(
	{ standing }: Replica,
	{ id }: LogNode,
	content: EntryContent,
	place: number,
	sure: ReadonlySet<string>,
	withdrawn: boolean
): ShownMessage {
	const { body, seenMs, record } = content;
	if (body.t !== 'message') throw new TypeError('only messages are shown');
	const refusal = standing.refused.get(place);
	return {
		entry: id,
		id: bytesToMessageId(body.id),
		root: body.cert.root,
		mail: body.mail,
		attachments: body.mail.attachments,
		atMs: Math.min(clockMs(body.clock), seenMs + LIMITS.clockAheadMs),
		sure: sure.has(toHex(body.writer)),
		record,
		status: refusal === undefined ? { kind: 'shown' } : { kind: 'refused', reason: refusal },
		withdrawn
	};
}

function findWithdrawn({ view }: Replica): ReadonlySet<string> {
	const found = new Set<string>();
	for (const { content } of listNodes(view)) {
		if (content.kind !== 'entry' || content.body.t !== 'withdraw') continue;
		found.add(messageKey(content.by, bytesToMessageId(content.body.target)));
	}
	return found;
}

function messageKey(by: string, id: MessageId): string {
	return `${by}/${id}`;
}

/** Every entry that is here, also what waits for its parents: what reconciliation compares. */
export function entryIds({ replica }: ThreadState): readonly EntryId[] {
	return [
		...listNodes(replica.view).map(({ id }) => id),
		...replica.pending.keys(),
		...replica.refused
	];
}

export interface OwnWrap {
	/** Root key of whoever made the epoch. */
	readonly maker: Uint8Array;
	/** Secret of our slot for this thread. */
	readonly slot?: Uint8Array | undefined;
	/** The maker's contact slot for us. */
	readonly contact?: Uint8Array | undefined;
}

/** What the makers of epochs told us alone. */
export function ownWraps({ replica }: ThreadState): readonly OwnWrap[] {
	return Object.entries(replica.secrets.epochs).flatMap(([id, { slot, contact }]) => {
		const content = nodeOf(replica.view, id as EntryId)?.content;
		const maker = content?.kind === 'epoch' ? fromHex(content.fact.list.maker) : null;
		return maker === null ? [] : [{ maker, slot, contact }];
	});
}
