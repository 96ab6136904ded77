/**
 * What lists and the top of a thread show of its messages without reading them: kept in the thread's
 * row, and grown with it, so that a long thread costs no more than a short one.
 */

import type { Address, MessageId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Mail, Party } from '../wire/mail.ts';
import { hasEnded } from './delivery.ts';
import { addressOf } from './ordinary.ts';
import type { MessageRecord } from './records.ts';

export interface Digest {
	readonly last: MessageHeader;
	/** Newest of mine, where that is another. */
	readonly mine?: MessageHeader;
	/** Who wrote, under the name of the newest message, newest word first. */
	readonly writers: readonly Named[];
	/** Who stands in To or Cc, first named first. */
	readonly named: readonly Named[];
	readonly subjects: readonly string[];
	/** The newest `RECENT_MESSAGES`, in their order. */
	readonly recent: readonly Pick<MessageRecord, 'id' | 'order'>[];
}

export interface MessageHeader extends Omit<
	MessageRecord,
	'mail' | 'testimony' | 'under' | 'legacy'
> {
	readonly mail: Pick<Mail, 'from' | 'to' | 'cc' | 'subject' | 'date'>;
	/** The beginning of the text, on one line. */
	readonly preview: string;
	readonly hasAttachment: boolean;
}

export interface Named {
	readonly address: Address;
	readonly name: string;
	/** Of the message that says it. */
	readonly order: number;
}

/** What a thread's screen shows at once: more is read when it is asked for. */
export const RECENT_MESSAGES = 50;
const SUBJECTS = 8;
const PREVIEW_CHARACTERS = 160;

/** What is refused is not shown (protocol §4): its writer was no member any more. One's own is. */
export function isShown({ refused, isMine }: MessageRecord): boolean {
	return refused === undefined || isMine;
}

/** Of all messages of a thread, or of what was added to those of `before`; `null`: nothing is shown. */
export function toDigest(
	messages: readonly MessageRecord[],
	before: Digest | null = null
): Digest | null {
	const shown = inOrder(messages.filter(isShown));
	const last = newer(before?.last, shown.at(-1));
	if (last === undefined) return before;
	const mine = newer(
		before === null ? undefined : mineIn(before),
		shown.findLast(({ isMine }) => isMine)
	);
	return {
		last,
		...(mine !== undefined && mine.id !== last.id && { mine }),
		writers: unite(before?.writers, shown.map(toWriter), (a, b) => b.order - a.order),
		named: unite(before?.named, shown.flatMap(toNamed), (a, b) => a.order - b.order),
		subjects: uniteSubjects(before?.subjects ?? [], shown),
		recent: [...(before?.recent ?? []), ...shown.map(({ id, order }) => ({ id, order }))]
			.filter(({ id }, at, all) => all.findIndex((other) => other.id === id) === at)
			.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
			.slice(-RECENT_MESSAGES)
	};
}

/** By the writer's clamped clock, ties by entry: the same for every member. */
export function inOrder(messages: readonly MessageRecord[]): MessageRecord[] {
	return [...messages].sort((a, b) => a.order - b.order || (a.entry < b.entry ? -1 : 1));
}

function newer(
	before: MessageHeader | undefined,
	message: MessageRecord | undefined
): MessageHeader | undefined {
	if (message === undefined) return before;
	return before !== undefined && before.order > message.order ? before : toHeader(message);
}

/** The first by this order counts for each address. */
function unite(
	before: readonly Named[] = [],
	added: readonly Named[],
	order: (a: Named, b: Named) => number
): Named[] {
	const firsts = new Map<Address, Named>();
	for (const named of [...before, ...added].sort(order)) {
		if (!firsts.has(named.address)) firsts.set(named.address, named);
	}
	return [...firsts.values()].slice(0, LIMITS.members);
}

function toWriter({ from, mail, order }: MessageRecord): Named {
	return { address: from, name: mail.from.name, order };
}

function toNamed({ mail, order }: MessageRecord): Named[] {
	const toOne = (party: Party) => ({ address: addressOf(party), name: party.name, order });
	return [...mail.to, ...mail.cc].map(toOne);
}

function uniteSubjects(before: readonly string[], shown: readonly MessageRecord[]): string[] {
	const lasting = shown.filter(({ endsAt }) => endsAt === undefined);
	const all = new Set([...before, ...lasting.map(({ mail }) => mail.subject)]);
	return [...all].slice(0, SUBJECTS);
}

/** For the thread's row, which stays: of what is to end it has neither text nor subject. */
export function toHeader(message: MessageRecord): MessageHeader {
	const header = toWholeHeader(message);
	if (message.endsAt === undefined) return header;
	return { ...header, mail: { ...header.mail, subject: '' }, preview: '' };
}

/** For the screen alone. */
export function toWholeHeader({
	mail,
	testimony: _proof,
	under: _key,
	legacy: _original,
	...message
}: MessageRecord): MessageHeader {
	const { from, to, cc, subject, date, text, attachments } = mail;
	return {
		...message,
		mail: { from, to, cc, subject, date },
		preview: previewOf(text),
		hasAttachment: attachments.length > 0
	};
}

/** The thread's, or that of a message of it that has one: what ends has its subject for itself. */
export function subjectOf(
	{ subject }: { readonly subject: string },
	messages: readonly { readonly mail: Pick<Mail, 'subject'> }[]
): string {
	return subject || (messages.find(({ mail }) => mail.subject !== '')?.mail.subject ?? '');
}

export function previewOf(text: string): string {
	const line = text
		.slice(0, 4 * PREVIEW_CHARACTERS)
		.replace(/\s+/g, ' ')
		.trim();
	return line.slice(0, PREVIEW_CHARACTERS);
}

/** The messages that a digest tells of, whole or as lists have them. */
interface Told<H> {
	readonly last: H;
	readonly mine?: H;
}

export function mineIn<H extends { readonly isMine: boolean }>({
	last,
	mine
}: Told<H>): H | undefined {
	return last.isMine ? last : mine;
}

export function headersIn<H>({ last, mine }: Told<H>): readonly H[] {
	return mine === undefined ? [last] : [last, mine];
}

/** Its message says more of it than the thread's row: how far it has come, or what it says as long as it may. */
export function isOnItsWay(
	header: Pick<MessageHeader, 'deliveries' | 'endsAt' | 'endedAt'>
): boolean {
	return isMoving(header) || isToEnd(header);
}

export function isToEnd({ endsAt, endedAt }: Pick<MessageHeader, 'endsAt' | 'endedAt'>): boolean {
	return endsAt !== undefined && endedAt === undefined;
}

export function isMoving({ deliveries }: Pick<MessageHeader, 'deliveries'>): boolean {
	return deliveries.some(({ state }) => !hasEnded(state));
}

/** With what these messages have become meanwhile. */
export function withHeaders<D extends Told<{ readonly id: MessageId }>>(
	digest: D,
	fresh: ReadonlyMap<MessageId, D['last']>
): D {
	const { last, mine } = digest;
	const newest = (header: D['last']) => fresh.get(header.id) ?? header;
	return { ...digest, last: newest(last), ...(mine && { mine: newest(mine) }) };
}
