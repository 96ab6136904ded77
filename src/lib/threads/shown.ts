/** What a replica shows: messages in the order of the screen, each once, also those from archives. */

import type { ArchiveBody } from '../wire/body.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { bytesToMessageId, messageIdToBytes, type EntryId, type MessageId } from '../wire/ids.ts';
import { archivedId } from './archive.ts';
import { shownMs } from './clock.ts';
import {
	isSaid,
	messageKey,
	nodeAt,
	nodeOf,
	placeOf,
	type EntryContent,
	type LogView
} from './log.ts';
import { OFF_RECORD } from './on-record.ts';
import { orderOnScreen } from './order.ts';
import { PackedMessage, TextsAway } from './packed-node.ts';
import { writerName, type Replica } from './replica.ts';
import type { ShownMessage, ThreadState } from './thread.ts';

/**
 * In the order of the screen. A message that was sealed again, or that somebody replays, counts once:
 * where it first stands unrefused. Another text under the same id of the same writer is listed as
 * refused (`two-texts`), and shown nowhere. `entries`: of these alone; that is quick where they are
 * messages whose ids are new, whatever the length of the thread.
 */
export function shownMessages(
	{ replica }: ThreadState,
	entries?: ReadonlySet<EntryId>
): readonly ShownMessage[] {
	const sure = new Set(replica.secrets.sureWriters);
	const showing = { replica, sure };
	if (entries === undefined) return allShown(showing);
	const places = [...entries].flatMap((id) => placeOf(replica.view, id) ?? []);
	if (places.every((place) => isAlone(replica.view, place))) {
		return places.flatMap((place) => toShown(showing, place));
	}
	return allShown(showing).filter(({ entry }) => entries.has(entry));
}

/** Messages that these entries take back, each by its own writer's word. */
export function withdrawnBy(
	{ replica }: ThreadState,
	entries: ReadonlySet<EntryId>
): readonly Withdrawn[] {
	return [...entries].flatMap((entry) => {
		const content = nodeOf(replica.view, entry)?.content;
		if (content?.kind !== 'entry' || content.body.t !== 'withdraw') return [];
		return [{ root: content.body.cert.root, id: bytesToMessageId(content.body.target) }];
	});
}

export interface Withdrawn {
	readonly root: Uint8Array;
	readonly id: MessageId;
}

function allShown(showing: Showing): readonly ShownMessage[] {
	const order = orderOnScreen(showing.replica.view);
	const messages = withoutCopies(order.flatMap((place) => toShown(showing, place)));
	const firsts = new Map<string, ShownMessage>();
	for (const message of messages) {
		const key = textKey(message);
		const first = firsts.get(key);
		const isBetter = first?.status.kind === 'refused' && message.status.kind === 'shown';
		if (first === undefined || isBetter) firsts.set(key, message);
	}
	return messages.flatMap((message) => {
		const first = firsts.get(textKey(message));
		if (first === message || first === undefined) return [message];
		if (isSameText(first, message)) return [];
		return [{ ...message, status: { kind: 'refused', reason: 'two-texts' } as const }];
	});
}

/** Nothing else in the thread decides whether it is shown: no other of its id, and no original. */
function isAlone(view: LogView, place: number): boolean {
	const { content } = nodeAt(view, place);
	if (content.kind !== 'entry') return true;
	if (content.body.t !== 'message') return content.body.t !== 'archive';
	const { cert, id } = content.body;
	return !isSaid(view, messageKey(cert.root, id), 'second');
}

/** A copy in an archive has an id of its own making. */
function textKey({ root, id, keptBy }: ShownMessage): string {
	return `${messageKey(root, messageIdToBytes(id))}/${keptBy === undefined ? '' : 'copy'}`;
}

/** Whoever has the original needs no copy of it from an archive. */
function withoutCopies(messages: readonly ShownMessage[]): readonly ShownMessage[] {
	if (!messages.some(({ keptBy }) => keptBy !== undefined)) return messages;
	const originals = messages.filter(({ keptBy }) => keptBy === undefined);
	const known = new Set(
		originals.map((message) => `${toHex(message.root)}/${archivedId(message)}`)
	);
	return messages.filter(
		({ keptBy, root, id }) => keptBy === undefined || !known.has(`${toHex(root)}/${id}`)
	);
}

function isSameText(a: ShownMessage, b: ShownMessage): boolean {
	return equal(encodeFields(a.mail), encodeFields(b.mail));
}

interface Showing {
	readonly replica: Replica;
	/** As `writerName`. */
	readonly sure: ReadonlySet<string>;
}

function toShown(showing: Showing, place: number): ShownMessage[] {
	const { replica, sure } = showing;
	const { id: entry, content } = nodeAt(replica.view, place);
	if (content.kind !== 'entry') return [];
	const { body, seenMs, records } = content;
	const refusal = replica.standing.refused.get(place);
	if (body.t === 'archive' && refusal === undefined) return toArchived(entry, content, body);
	if (body.t !== 'message') return [];
	if (body instanceof PackedMessage) throw new TextsAway('what a message says is shown');
	const record = records[0] ?? OFF_RECORD;
	// Revocation marks what is on record, and never hides it (protocol §2).
	const isRevoked = refusal === 'older-than-known' && record.kind === 'on';
	const id = bytesToMessageId(body.id);
	const { root } = body.cert;
	const key = messageKey(root, body.id);
	if (isSaid(replica.view, key, 'gone')) return [];
	return [
		{
			entry,
			id,
			root,
			mail: body.mail,
			attachments: body.mail.attachments,
			atMs: shownMs(body.clock, seenMs),
			sure: !isRevoked && sure.has(writerName(root, body.writer)),
			record,
			status:
				refusal === undefined || isRevoked
					? { kind: 'shown' }
					: { kind: 'refused', reason: refusal },
			withdrawn: isSaid(replica.view, key, 'withdrawn')
		}
	];
}

/** Each at its own date, but not after the archive itself. */
function toArchived(
	entry: EntryId,
	{ seenMs, records }: EntryContent,
	{ messages, clock, cert }: ArchiveBody
): ShownMessage[] {
	const archivedMs = shownMs(clock, seenMs);
	return messages.map(({ root, mail }, at) => ({
		entry,
		id: archivedId({ root, mail }),
		root,
		mail,
		attachments: mail.attachments,
		atMs: Math.min(mail.date, archivedMs),
		sure: false,
		record: records[at] ?? OFF_RECORD,
		status: { kind: 'shown' },
		withdrawn: false,
		keptBy: cert.root
	}));
}
