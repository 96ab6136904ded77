/** Threads and drafts → the rows of a list. */

import type { Person, Row, RowLine } from '../app/view.ts';
import { readRecipient } from '../post/typed.ts';
import { headersIn, mineIn, previewOf, subjectOf } from '../post/digest.ts';
import type { ListedDigest, ListedHeader, ListedThread } from '../post/listed.ts';
import type { DraftRecord } from '../post/records.ts';
import { parseOrdinary, type Address, type ThreadId } from '../wire/ids.ts';
import { toDeliveries } from './delivery.ts';
import type { Digests } from './digests.ts';
import { labelsOf, type LabelRecord } from './labels.ts';
import { isIn, newsTime, type ThreadList } from './lists.ts';
import { marksIn, UNMARKED } from './marks.ts';
import { holderOf, partiesToPersons, toPerson, type People } from './people.ts';
import type { Piece } from '../search/hits.ts';
import { ThreadRow } from './thread-row.ts';

export interface Shelf {
	readonly people: People;
	readonly threads: readonly ListedThread[];
	readonly digests: Digests;
	readonly labels?: readonly LabelRecord[];
}

/** What was last news first; in the inbox after what is pinned. `now`: Unix ms. */
export function threadRows(shelf: Shelf, list: ThreadList, now: number): Row[] {
	const isHere = isIn(list, now, shelf.labels);
	const rows = rowsOf({ ...shelf, threads: shelf.threads.filter(isHere) }, now);
	if (list === 'snoozed') return rows.sort((a, b) => wakingOf(a) - wakingOf(b));
	return list === 'inbox' ? rows.sort((a, b) => pinOf(b) - pinOf(a)) : rows;
}

/** All of them, what was last news first; no row can be spread, for most of it is worked out when asked. */
export function rowsOf(shelf: Shelf, now: number): Row[] {
	return shelf.threads
		.filter(isShown)
		.map((thread) => new ThreadRow(thread, newsTime(thread, now), () => toRow(shelf, thread)))
		.sort((a, b) => b.time - a.time);
}

function wakingOf({ marks }: Row): number {
	return marks.snoozedUntil ?? 0;
}

function pinOf({ marks }: Row): number {
	return marks.isPinned ? 1 : 0;
}

/** Besides their places, as the newest message of mine in each; newest first. */
export function sentRows(shelf: Shelf): Row[] {
	return shelf.threads
		.filter(isShown)
		.flatMap((thread) => sentRow(shelf, thread) ?? [])
		.sort((a, b) => b.time - a.time);
}

/** A side thread that I made hides behind the main one; an emptied thread is only remembered. */
export function isShown({ count, sideOf }: ListedThread): boolean {
	return count > 0 && sideOf === undefined;
}

function toRow(shelf: Shelf, thread: ListedThread): Row {
	const digest = shelf.digests.get(thread.id);
	const latest = digest?.last;
	const { people } = shelf;
	const isOutgoing = thread.latest.from === people.me.address;
	return {
		...rowOf(shelf, thread, digest),
		people: latest?.isMine === true ? recipientsOf(shelf, latest) : othersOf(shelf, thread, digest),
		isOutgoing,
		line: latest === undefined ? preview(thread.latest.preview) : lineOf(people, latest),
		time: thread.latest.date
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

function sentRow(shelf: Shelf, thread: ListedThread): Row | null {
	if (thread.place === 'trash') return null;
	const digest = shelf.digests.get(thread.id);
	const mine = digest && mineIn(digest);
	if (mine === undefined) return null;
	return {
		...rowOf(shelf, thread, digest),
		people: recipientsOf(shelf, mine),
		isOutgoing: true,
		line: lineOf(shelf.people, mine),
		time: mine.order
	};
}

function rowOf({ labels }: Shelf, thread: ListedThread, digest: ListedDigest | undefined) {
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
function othersOf({ people }: Shelf, thread: ListedThread, digest: ListedDigest | undefined) {
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

function recipientsOf({ people }: Shelf, { mail, bcc }: ListedHeader): Person[] {
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
