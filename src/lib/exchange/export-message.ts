/**
 * One message as other mail programs read it. What was brought from ordinary mail goes out in its original
 * bytes; what was written here becomes MIME, the same bytes each time: the ids follow from ours.
 */

import { inOrder } from '../post/digest.ts';
import { addressOf, isOrdinary } from '../post/ordinary.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Attachment, Party } from '../wire/mail.ts';
import { bytesToMessageId } from '../wire/ids.ts';
import { buildMime } from './mime-build.ts';
import type { MailPerson } from './mime-words.ts';
import { readOriginal } from './original.ts';
import { toMailAddress } from '../mailbox/people.ts';

/** Opens what stands sealed; throws `FileUnavailable` where it is not here and not to be had. */
export type OpenStored = (
	message: MessageRecord,
	file: Attachment
) => AsyncIterable<Uint8Array<ArrayBuffer>>;

/** @param thread all messages of its thread, in any order */
export function exportMessage(
	message: MessageRecord,
	thread: readonly MessageRecord[],
	open: OpenStored
): AsyncIterable<Uint8Array> {
	const { mail, bcc, legacy } = message;
	if (legacy !== undefined)
		return readOriginal(legacy, mail.attachments, (file) => open(message, file));
	const references = referencesOf(message, inOrder(thread));
	return buildMime({
		from: toMailPerson(mail.from),
		to: mail.to.map(toMailPerson),
		cc: mail.cc.map(toMailPerson),
		bcc: bcc.map(toMailPerson),
		subject: mail.subject,
		date: mail.date,
		messageId: internetIdOf(message),
		inReplyTo: references.at(-1) ?? null,
		references,
		text: mail.text,
		html: mail.html ?? null,
		files: mail.attachments.map((file) => ({
			name: file.name,
			type: file.type,
			inline: file.inline ?? null,
			read: () => open(message, file)
		}))
	});
}

/** Message-ID (RFC 5322 §3.6.4), without brackets: unique, for ours are unique for each writer. */
function internetIdOf({ id, from, legacy }: MessageRecord): string {
	return legacy?.messageId ?? `${id}@${from}.ipns`;
}

/** The thread's first, then what it answers, nearest last; or what stands above it in the thread. */
function referencesOf(message: MessageRecord, ordered: readonly MessageRecord[]): string[] {
	const at = ordered.findIndex(({ id }) => id === message.id);
	const before = ordered.slice(0, Math.max(0, at));
	const byId = new Map(before.map((each) => [each.id, each]));
	const answered = message.mail.answers.flatMap((id) => byId.get(bytesToMessageId(id)) ?? []);
	const chain = answered.length > 0 ? answered : before.slice(-1);
	return [...new Set([...before.slice(0, 1), ...chain].map(internetIdOf))];
}

function toMailPerson(party: Party): MailPerson {
	const address = addressOf(party);
	const { name } = party;
	return { name, address: isOrdinary(address) ? address : toMailAddress(address, name) };
}
