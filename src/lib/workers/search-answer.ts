/** One question to the index: candidates are read, looked at, and shown. */

import type { MessagePlace, MessageShelf } from '../mailbox/ports.ts';
import { isFindable, toDocument } from '../search/document.ts';
import { isExact, type ThreadSets } from '../search/evaluate.ts';
import { find, type Candidate } from '../search/find.ts';
import { findHits, needlesOf, toHitLine, type Needle, type Piece } from '../search/hits.ts';
import { matches } from '../search/match.ts';
import type { ThreadTest } from '../search/query.ts';
import type { Segment } from '../search/segment.ts';
import { RingAway } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { NewerData } from '../store/database.ts';
import { DamagedRow } from '../store/vault.ts';
import { parseThreadId } from '../wire/ids.ts';
import type { Find, Found, Hit } from './search-words.ts';

/** Rows that are read together. */
const READ_AT_ONCE = 64;
/** Rows that one question reads before it says what it has: phrases of frequent words. */
const READ_AT_MOST = 8_192;

/** `null`: there is a newer question. */
export async function answer(
	shelf: Pick<MessageShelf, 'placeOf' | 'read'>,
	segments: Iterable<Segment>,
	ask: Find,
	isStale: () => boolean
): Promise<Found | null> {
	const { number, query, limit } = ask;
	const threads = toSets(ask);
	const without = new Set(ask.without);
	const needles = needlesOf(query);
	const isSure = isExact(query);
	const hits = new Map<string, Hit>();
	const candidates = find(segments, query, threads);
	const isOpen = ({ thread }: Candidate) => !without.has(thread) && !hits.has(thread);
	let read = 0;
	for (;;) {
		const batch = take(candidates, isOpen, isSure ? Math.min(READ_AT_ONCE, limit) : READ_AT_ONCE);
		for (const message of await readRows(shelf, batch)) {
			if (message === null || !isFindable(message) || hits.has(message.thread)) continue;
			if (!isSure && !matches(query, toDocument(message), (test, id) => threads(test).has(id)))
				continue;
			if (hits.size === limit)
				return { type: 'found', number, hits: [...hits.values()], hasMore: true };
			hits.set(message.thread, toHit(message, needles));
		}
		if (isStale()) return null;
		read += batch.length;
		if (batch.length === 0 || read >= READ_AT_MOST) break;
	}
	return { type: 'found', number, hits: [...hits.values()], hasMore: read >= READ_AT_MOST };
}

/** One of a thread at a time where each is a hit: the others would not be shown. */
function take(
	candidates: Iterator<Candidate>,
	isOpen: (candidate: Candidate) => boolean,
	count: number
): Candidate[] {
	const taken: Candidate[] = [];
	while (taken.length < count) {
		const next = candidates.next();
		if (next.done === true) break;
		if (isOpen(next.value)) taken.push(next.value);
	}
	return taken;
}

function toSets({ threads }: Find): ThreadSets {
	const sets = new Map(threads.map(({ test, ids }) => [keyOf(test), new Set(ids)]));
	const none = new Set<string>();
	return (test) => sets.get(keyOf(test)) ?? none;
}

function keyOf(test: ThreadTest): string {
	return test.is === 'labelled' ? `labelled:${test.label}` : test.is;
}

async function readRows(
	shelf: Pick<MessageShelf, 'placeOf' | 'read'>,
	candidates: readonly Candidate[]
): Promise<(MessageRecord | null)[]> {
	const places: MessagePlace[] = [];
	for (const { thread, id } of candidates) {
		const known = parseThreadId(thread);
		if (known !== null) places.push(await shelf.placeOf(known, id));
	}
	return readAway(shelf, places);
}

/** What cannot be read now, or ever, is left out, and nothing else. */
export async function readAway(
	shelf: Pick<MessageShelf, 'read'>,
	places: readonly MessagePlace[]
): Promise<(MessageRecord | null)[]> {
	try {
		return await shelf.read(places);
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		const [only] = places;
		if (only === undefined || places.length === 1) return [null];
		const half = places.length >>> 1;
		return [
			...(await readAway(shelf, places.slice(0, half))),
			...(await readAway(shelf, places.slice(half)))
		];
	}
}

/** It stands under a key ring that cannot be read now, it is damaged, or a newer version wrote it. */
export function isUnreadable(error: unknown): boolean {
	return error instanceof RingAway || error instanceof DamagedRow || error instanceof NewerData;
}

function toHit(message: MessageRecord, needles: readonly Needle[]): Hit {
	const { thread, id, order } = message;
	return { thread, id, order, line: toLine(message, needles) };
}

/** The text, unless what was searched for stands in the name of a file alone. */
function toLine({ mail }: MessageRecord, needles: readonly Needle[]): Piece[] {
	const inText = needles.filter(({ field }) => field === 'any');
	const inNames = needles.filter(({ field }) => field === 'any' || field === 'filename');
	const isInText = findHits(mail.text, inText).length > 0;
	const file = mail.attachments.find(({ name }) => findHits(name, inNames).length > 0);
	return !isInText && file !== undefined
		? toHitLine(file.name, inNames)
		: toHitLine(mail.text, inText);
}
