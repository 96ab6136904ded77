/** Threads and drafts → the rows of a list. */

import type { Person, Row, RowLine } from '../app/view.ts';
import { readRecipient } from '../post/typed.ts';
import { headersIn, mineIn, previewOf, subjectOf } from '../post/digest.ts';
import type { ListedDigest, ListedHeader, ListedThread } from '../post/listed.ts';
import type { DraftRecord } from '../post/records.ts';
import { parseOrdinary, type Address, type ThreadId } from '../wire/ids.ts';
import { toDeliveries } from './delivery.ts';
import { knownDigest, type Digests } from './digests.ts';
import { labelsOf, type LabelRecord } from './labels.ts';
import { marksIn, UNMARKED } from './marks.ts';
import { holderOf, partiesToPersons, toPerson, type People } from './people.ts';
import type { Piece } from '../search/hits.ts';
import { ThreadRow, type RowShown } from './thread-row.ts';

/** What rows are worked out of, besides their threads. */
export interface Look {
	readonly people: People;
	readonly digests: Digests;
	readonly labels?: readonly LabelRecord[];
}

export interface Shelf extends Look {
	readonly threads: readonly ListedThread[];
}

/** Besides their places, as the newest message of mine in each; newest first. */
export function sentRows(shelf: Shelf): Row[] {
	const look = () => shelf;
	return shelf.threads
		.filter((thread) => isShown(thread) && thread.place !== 'trash')
		.flatMap((thread) => {
			const time = sentAt(shelf, thread);
			return time === undefined ? [] : new ThreadRow(thread, time, look, toSentRow);
		})
		.sort((a, b) => b.time - a.time);
}

/** Of the newest message of mine, Unix ms. */
function sentAt({ digests }: Look, { id, mineAt }: ListedThread): number | undefined {
	const known = digests.get(id);
	return known === undefined ? mineAt : mineIn(known)?.order;
}

/** A side thread that I made hides behind the main one; an emptied thread is only remembered. */
export function isShown({ count, sideOf }: ListedThread): boolean {
	return count > 0 && sideOf === undefined;
}

export function toRow(shelf: Look, thread: ListedThread): RowShown {
	const digest = knownDigest(shelf.digests, thread);
	const latest = digest?.last;
	const { people } = shelf;
	const isOutgoing = thread.latest.from === people.me.address;
	return {
		...rowOf(shelf, thread, digest),
		people: latest?.isMine === true ? recipientsOf(shelf, latest) : othersOf(shelf, thread, digest),
		isOutgoing,
		line: latest === undefined ? preview(thread.latest.preview) : lineOf(people, latest)
	};
}

/** Of threads that were searched for, in their order: each as the message in it that answers. */
export function hitRows(shelf: Shelf, hits: readonly ThreadHit[]): Row[] {
	const threads = new Map(shelf.threads.map((thread) => [thread.id, thread]));
	return hits.flatMap(({ thread: id, order, line }): Row[] => {
		const thread = threads.get(id);
		if (thread === undefined || !isShown(thread)) return [];
		return [{ ...toRow(shelf, thread), line: { kind: 'hit', pieces: line }, time: order }];
	});
}

export interface ThreadHit {
	readonly thread: ThreadId;
	/** Of the message, Unix ms. */
	readonly order: number;
	readonly line: readonly Piece[];
}

function toSentRow(shelf: Look, thread: ListedThread): RowShown {
	const digest = knownDigest(shelf.digests, thread);
	const mine = digest && mineIn(digest);
	if (mine === undefined) return toRow(shelf, thread);
	return {
		...rowOf(shelf, thread, digest),
		people: recipientsOf(shelf, mine),
		isOutgoing: true,
		line: lineOf(shelf.people, mine)
	};
}

function rowOf({ labels }: Look, thread: ListedThread, digest: ListedDigest | undefined) {
	const { id, count, unread, hasAttachment } = thread;
	return {
		id,
		kind: 'thread',
		count,
		subject: subjectOf(thread, digest === undefined ? [] : headersIn(digest)),
		isUnread: unread > 0,
		hasAttachment,
		labels: labelsOf(thread, labels),
		marks: marksIn(thread)
	} as const;
}

/** Those who wrote, newest first, then the members who did not yet. */
function othersOf({ people }: Look, thread: ListedThread, digest: ListedDigest | undefined) {
	const names = new Map<Address, string>();
	const name = (named: Address, claimed: string) => {
		const address = holderOf(people, named);
		if (!names.has(address)) names.set(address, claimed);
	};
	for (const each of [...(digest?.writers ?? []), ...(digest?.named ?? [])]) {
		name(each.address, each.name);
	}
	for (const address of thread.members) name(address, '');
	names.delete(people.me.address);
	return [...names].map(([address, name]) => toPerson(people, address, name));
}

function recipientsOf({ people }: Look, { mail, bcc }: ListedHeader): Person[] {
	const all = partiesToPersons(people, [...mail.to, ...mail.cc, ...bcc]);
	return all.filter(({ isMe }) => !isMe);
}

function lineOf(people: People, header: ListedHeader): RowLine {
	if (header.endedAt !== undefined) return { kind: 'ended', at: header.endedAt };
	return header.isMine && header.deliveries.length > 0
		? { kind: 'delivery', recipients: toDeliveries(people, header) }
		: preview(header.preview);
}

function preview(text: string): RowLine {
	return { kind: 'preview', text };
}

/** Newest first. */
export function draftRows(people: People, drafts: readonly DraftRecord[]): Row[] {
	return drafts.map((draft) => draftRow(people, draft)).sort((a, b) => b.time - a.time);
}

function draftRow(people: People, draft: DraftRecord): Row {
	const texts = [...draft.to, ...draft.cc, ...draft.bcc];
	return {
		id: draft.id,
		kind: 'draft',
		people: texts.map((text) => typedToPerson(people, text)),
		isOutgoing: true,
		count: 1,
		subject: draft.subject,
		line: preview(previewOf(draft.text)),
		time: draft.savedAt,
		isUnread: false,
		hasAttachment: draft.files.length > 0,
		labels: [],
		marks: UNMARKED
	};
}

/** Whoever was typed: one that is no address of ours is shown as it was typed. */
function typedToPerson(people: People, text: string): Person {
	const reading = readRecipient(text);
	if (reading.kind === 'address') return toPerson(people, reading.address, reading.name);
	const ordinary = reading.kind === 'ordinary' ? parseOrdinary(reading.address) : null;
	if (ordinary !== null) return toPerson(people, ordinary, ordinary);
	return { name: previewOf(text), address: '', isMe: false, badge: 'new' };
}
