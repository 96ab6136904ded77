/** What a replica shows: messages in the order of the screen, each once, also those from archives. */

import type { ArchiveBody } from '../wire/body.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { bytesToMessageId, type EntryId, type MessageId } from '../wire/ids.ts';
import { archivedId } from './archive.ts';
import { shownMs } from './clock.ts';
import { listNodes, nodeAt, type EntryContent } from './log.ts';
import { OFF_RECORD } from './on-record.ts';
import { orderOnScreen } from './order.ts';
import { writerName, type Replica } from './replica.ts';
import type { ShownMessage, ThreadState } from './thread.ts';

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
	const messages = withoutCopies(orderOnScreen(view).flatMap((place) => toShown(context, place)));
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

/** Whoever has the original needs no copy of it from an archive. */
function withoutCopies(messages: readonly ShownMessage[]): readonly ShownMessage[] {
	if (!messages.some(({ keptBy }) => keptBy !== undefined)) return messages;
	const originals = messages.filter(({ keptBy }) => keptBy === undefined);
	const known = new Set(originals.map((message) => messageKey(message.root, archivedId(message))));
	return messages.filter(
		({ keptBy, root, id }) => keptBy === undefined || !known.has(messageKey(root, id))
	);
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

function toShown(showing: Showing, place: number): ShownMessage[] {
	const { replica, sure, withdrawn } = showing;
	const { id: entry, content } = nodeAt(replica.view, place);
	if (content.kind !== 'entry') return [];
	const { body, seenMs, records } = content;
	const refusal = replica.standing.refused.get(place);
	if (body.t === 'archive' && refusal === undefined) return toArchived(entry, content, body);
	if (body.t !== 'message') return [];
	const record = records[0] ?? OFF_RECORD;
	// Revocation marks what is on record, and never hides it (protocol §2).
	const isRevoked = refusal === 'older-than-known' && record.kind === 'on';
	const id = bytesToMessageId(body.id);
	const { root } = body.cert;
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
			withdrawn: withdrawn.has(messageKey(root, id))
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
