/** One thread with its messages, as the reader sees it. */

import type { Attachment, Coming, Doubt, Gift, Message, Person, Thread } from '../app/view.ts';
import { inOrder, isShown, subjectOf } from '../post/digest.ts';
import { judgeTestimony } from '../post/proof.ts';
import type { CircleEvent, MessageRecord, ThreadRecord } from '../post/records.ts';
import { isLegacyThread, parseAddress, type Address } from '../wire/ids.ts';
import { toShownDate } from './dates.ts';
import { toDeliveries } from './delivery.ts';
import { hasEnded } from '../post/delivery.ts';
import { toEnd } from './end.ts';
import { labelsOf, type LabelRecord } from './labels.ts';
import { marksIn } from './marks.ts';
import { holderOf, partiesToPersons, toMailAddress, toPerson, type People } from './people.ts';
import { partingIn } from './partings.ts';
import type { Reading } from './recent.ts';
import { repeatedFiles } from './repeated-files.ts';

/** What the card of every seat calls it (`identity/seat.ts`, which the inbox does not fetch). */
const SEAT_NAME = 'Letter link';

export type FileState = Attachment['state'];

export interface FileFacts {
	readonly state: FileState;
	/** Bytes by address or base URL. */
	readonly given: ReadonlyMap<string, number>;
}

/** Of an attachment, by message and its place among the message's attachments. */
export type FileStates = (messageId: string, index: number) => FileFacts;

export function toThread(
	people: People,
	record: ThreadRecord,
	{ messages, isWhole }: Reading,
	stateOf: FileStates,
	labels: readonly LabelRecord[] = []
): Thread {
	const shown = inOrder(messages.filter(isShown));
	const repeated = repeatedFiles(shown);
	const person = (address: Address) => toPerson(people, address, claimedName(messages, address));
	const since = isWhole ? 0 : (shown[0]?.order ?? 0);
	const events = (record.circle?.events ?? []).filter((event) => {
		return event.at >= since && !concernsSeatsAlone(people, event);
	});
	return {
		id: record.id,
		place: record.place,
		subject: subjectOf(record, shown),
		isLegacy: isLegacyThread(record.id),
		members: record.members.filter((each) => holderOf(people, each) === each).map(person),
		mayRemove: record.circle?.mayRemove ?? false,
		comings: [
			...inTime(events).map((event) => toComing(people, event, shown, person)),
			...toldComing(people, record, shown, person)
		],
		labels: labelsOf(record, labels),
		marks: marksIn(record),
		messages: shown.map((message) => toMessage(people, message, stateOf, repeated)),
		ends: toEnd(record.ends),
		coming: record.coming ?? 0,
		...(record.overfull && { overfull: record.overfull.map(person) }),
		earlier: isWhole ? 0 : Math.max(0, record.count - shown.length)
	};
}

function inTime(events: readonly CircleEvent[]): CircleEvent[] {
	return [...events].sort((a, b) => a.at - b.at);
}

/** Who is added stands above the message that adds them: both are made at once. */
function toComing(
	people: People,
	{ by, at, added, gone }: CircleEvent,
	shown: readonly MessageRecord[],
	person: (address: Address) => Person
): Coming {
	const isByLetter = isSeat(people, by);
	return {
		by: person(isByLetter ? (added[0] ?? by) : by),
		...(isByLetter && { isByLetter }),
		at,
		added: added.map(person),
		gone: gone.map(person),
		before: shown.find(({ order }) => order >= at)?.id ?? null
	};
}

/** That the user was removed, as somebody said. */
function toldComing(
	people: People,
	record: ThreadRecord,
	shown: readonly MessageRecord[],
	person: (address: Address) => Person
): Coming[] {
	const parting = partingIn(record, people.me.address);
	if (parting === null) return [];
	const { by, at, saidBy } = parting;
	const event = { by, at, added: [], gone: [people.me.address] };
	const coming = toComing(people, event, shown, person);
	return [saidBy === undefined ? coming : { ...coming, saidBy: person(saidBy) }];
}

/** The seat of a letter link goes when somebody has come in by it: that is told when they come. */
function concernsSeatsAlone(people: People, { added, gone }: CircleEvent): boolean {
	return added.length === 0 && gone.every((address) => isSeat(people, address));
}

function isSeat({ contacts }: People, address: Address): boolean {
	return contacts.get(address)?.seat !== undefined;
}

function claimedName(messages: readonly MessageRecord[], address: string): string {
	return messages.find(({ from }) => from === address)?.mail.from.name ?? '';
}

function toMessage(
	people: People,
	message: MessageRecord,
	stateOf: FileStates,
	repeated: ReturnType<typeof repeatedFiles>
): Message {
	const { id, mail, isUnread } = message;
	return {
		id,
		from: writerOf(people, message),
		to: partiesToPersons(people, mail.to),
		cc: partiesToPersons(people, mail.cc),
		bcc:
			mail.blind === true && !message.isMine
				? [toPerson(people, people.me.address)]
				: partiesToPersons(people, message.bcc),
		date: toShownDate(mail.date),
		isUnread,
		isOnRecord: message.testimony !== undefined,
		isWithdrawn: message.isWithdrawn === true,
		endsAt: message.endsAt ?? null,
		endedAt: message.endedAt ?? null,
		mayWithdraw: mayWithdraw(message),
		body: { at: 'here', text: mail.text, html: mail.html ?? null },
		attachments: mail.attachments.map((file, index) => {
			const { name, type, size: sizeBytes, inline } = file;
			const { state, given } = stateOf(id, index);
			const shown = { name, type, sizeBytes, ...(inline !== undefined && { inline }) };
			const isRepeated = repeated.has(file);
			return { ...shown, isRepeated, state, given: toGifts(people, given) };
		}),
		isLegacy: message.legacy !== undefined,
		legacyProblem: message.legacy?.problem ?? null,
		recipients: message.isMine ? toDeliveries(people, message) : [],
		doubt: doubtOf(people, message),
		keptBy: message.keptBy === undefined ? null : toPerson(people, message.keptBy)
	};
}

function toGifts(people: People, given: FileFacts['given']): Gift[] {
	return [...given].map(([holder, bytes]) => {
		const address = parseAddress(holder);
		return { person: address === null ? null : toPerson(people, address), bytes };
	});
}

function mayWithdraw({ isMine, isWithdrawn, endedAt, deliveries }: MessageRecord): boolean {
	const isOver = isWithdrawn === true || endedAt !== undefined;
	return isMine && !isOver && deliveries.some(({ state }) => !hasEnded(state));
}

function doubtOf(people: People, message: MessageRecord): Doubt | null {
	const { from, testimony, isMissigned } = message;
	const { name } = toPerson(people, from, message.mail.from.name);
	if (isMissigned === true) return { kind: 'wrong-signature', name };
	const known = people.contacts.get(from)?.keys;
	if (testimony === undefined || known === undefined) return null;
	const key = judgeTestimony(testimony, [known.record]);
	return key.kind === 'revoked' ? { kind: 'revoked-key', name, since: key.since } : null;
}

/**
 * Without an authenticator made for me the app does not say "really Bob": first contact, whoever it
 * claims. What was passed on has no badge: who keeps it is named instead.
 */
function writerOf(people: People, { from, mail, isVouched, keptBy }: MessageRecord): Person {
	// As the seat itself nobody writes but who has the link and hides: that is not whoever came in by it.
	if (isSeat(people, from)) {
		const address = toMailAddress(from, SEAT_NAME);
		return { name: SEAT_NAME, address, isMe: false, badge: 'new' };
	}
	const person = toPerson(people, from, mail.from.name);
	if (keptBy !== undefined) return { ...person, badge: 'known' };
	return isVouched || person.badge === 'ordinary' ? person : { ...person, badge: 'new' };
}
