/** One thread with its messages, as the reader sees it. */

import type { Attachment, Doubt, Message, Person, Thread } from '../app/view.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { toDeliveries } from './delivery.ts';
import { inOrder } from './headers.ts';
import { partiesToPersons, toPerson, type People } from './people.ts';

export type FileState = Attachment['state'];

/** Of an attachment, by message and its place among the message's attachments. */
export type FileStates = (messageId: string, index: number) => FileState;

export function toThread(
	people: People,
	record: ThreadRecord,
	messages: readonly MessageRecord[],
	stateOf: FileStates
): Thread {
	return {
		id: record.id,
		place: record.place,
		subject: record.subject,
		members: record.members.map((address) =>
			toPerson(people, address, claimedName(messages, address))
		),
		labels: [],
		messages: inOrder(messages).map((message) => toMessage(people, message, stateOf))
	};
}

function claimedName(messages: readonly MessageRecord[], address: string): string {
	return messages.find(({ from }) => from === address)?.mail.from.name ?? '';
}

function toMessage(people: People, message: MessageRecord, stateOf: FileStates): Message {
	const { id, mail, isUnread, isOnRecord } = message;
	return {
		id,
		from: writerOf(people, message),
		to: partiesToPersons(people, mail.to),
		cc: partiesToPersons(people, mail.cc),
		bcc:
			mail.blind === true && !message.isMine
				? [toPerson(people, people.me.address)]
				: partiesToPersons(people, message.bcc),
		date: mail.date,
		isUnread,
		isOnRecord,
		body: { at: 'here', text: mail.text, html: mail.html ?? null },
		attachments: mail.attachments.map(({ name, type, size }, index) => ({
			name,
			type,
			sizeBytes: size,
			state: stateOf(id, index)
		})),
		recipients: message.isMine ? toDeliveries(people, message) : [],
		doubt: doubtOf(people, message)
	};
}

/** Without an authenticator made for me the app does not say "really Bob": first contact, whoever it claims. */
function writerOf(people: People, { from, mail, isVouched }: MessageRecord): Person {
	const person = toPerson(people, from, mail.from.name);
	return isVouched ? person : { ...person, badge: 'new' };
}

function doubtOf(people: People, { from, mail, refused }: MessageRecord): Doubt | null {
	if (refused !== 'removed') return null;
	return { kind: 'removed-member', name: toPerson(people, from, mail.from.name).name };
}
