/** Messages → a segment; segments → a segment without some of their messages. */

import { messageIdToBytes, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import type { SearchDocument } from './document.ts';
import { Lines } from './lines.ts';
import { eachPosting, threadAt, type Segment } from './segment.ts';
import { eachTermOf } from './terms.ts';
import { Vocabulary } from './vocabulary.ts';

export interface Marked {
	/** Where the message stands in this browser. */
	readonly mark: number;
	/** `null`: it is known, and says nothing that can be found. */
	readonly document: SearchDocument | null;
	/** Of one that says nothing: may it do so later? */
	readonly isHeldBack?: boolean;
	readonly of: Pick<SearchDocument, 'thread' | 'id'>;
}

/** Of a message that says nothing that can be found; of all others it is a time. */
const NOTHING_ORDER = -1;
/** Of one that may say something yet. */
export const HELD_BACK_ORDER = -2;

export function buildSegment(messages: readonly Marked[]): Segment {
	const builder = new SegmentBuilder();
	for (const each of messages) builder.add(each);
	return builder.done();
}

/** Far fewer than a reader takes (`segment.ts`), and far more than words in some thousand mails. */
const FULL_TERMS = 2 ** 20;

/** Takes messages in one by one, and keeps only numbers of them. */
export class SegmentBuilder {
	readonly #pile = new Pile();
	readonly #take = (term: number): void => this.#pile.has(term);

	get count(): number {
		return this.#pile.count;
	}

	/** Does it hold so many words that more belong elsewhere? */
	get isFull(): boolean {
		return this.#pile.vocabulary.size >= FULL_TERMS;
	}

	add({ mark, document, isHeldBack = false, of }: Marked): void {
		const { order = isHeldBack ? HELD_BACK_ORDER : NOTHING_ORDER, size = 0 } = document ?? {};
		this.#pile.add({ mark, order, size, thread: of.thread, id: messageIdToBytes(of.id) });
		if (document !== null) eachTermOf(document, this.#pile.vocabulary, this.#take);
	}

	/** To be called once. */
	done(): Segment {
		return this.#pile.toSegment();
	}
}

/** Of all of them those that are to be kept. */
export function mergeSegments(
	segments: readonly Segment[],
	isKept: (mark: number) => boolean = () => true
): Segment {
	const pile = new Pile();
	for (const segment of segments) {
		const numbers = new Int32Array(segment.count).fill(-1);
		for (const [document, mark] of segment.marks.entries()) {
			if (!isKept(mark)) continue;
			const at = document * MESSAGE_ID_BYTES;
			numbers[document] = pile.add({
				...{ mark, order: segment.order[document] ?? 0, size: segment.size[document] ?? 0 },
				thread: threadAt(segment, document),
				id: segment.ids.subarray(at, at + MESSAGE_ID_BYTES)
			});
		}
		for (let term = 0; term < segment.terms.length; term++) {
			let number = -1;
			eachPosting(segment, term, (document) => {
				const kept = numbers[document] ?? -1;
				if (kept < 0) return;
				// Only now: a term that no message has any more is not written.
				if (number < 0) number = pile.vocabulary.numberOf(segment.terms.at(term));
				pile.pair(number, kept);
			});
		}
	}
	return pile.toSegment();
}

interface Piled {
	readonly mark: number;
	readonly order: number;
	readonly size: number;
	readonly thread: string;
	readonly id: Uint8Array;
}

const FIRST_PAIRS = 2 ** 16;
const FIRST_TERMS = 2 ** 14;

/** Messages and pairs of term and message, in no order until all are there. */
class Pile {
	readonly #messages: Piled[] = [];
	readonly vocabulary = new Vocabulary();
	/** For each term the message that it was last seen in, from 1: a second time is no news. */
	#lastSeen = new Uint32Array(FIRST_TERMS);
	#pairTerms = new Uint32Array(FIRST_PAIRS);
	#pairMessages = new Uint32Array(FIRST_PAIRS);
	#pairs = 0;

	get count(): number {
		return this.#messages.length;
	}

	add(message: Piled): number {
		return this.#messages.push(message) - 1;
	}

	/** The message that was added last has this term. */
	has(term: number): void {
		const message = this.#messages.length;
		if (this.#lastSeen[term] === message) return;
		if (term >= this.#lastSeen.length) this.#lastSeen = grown(this.#lastSeen, 2 * term);
		this.#lastSeen[term] = message;
		this.pair(term, message - 1);
	}

	pair(term: number, message: number): void {
		if (this.#pairs === this.#pairTerms.length) {
			this.#pairTerms = grown(this.#pairTerms, 2 * this.#pairs);
			this.#pairMessages = grown(this.#pairMessages, 2 * this.#pairs);
		}
		this.#pairTerms[this.#pairs] = term;
		this.#pairMessages[this.#pairs++] = message;
	}

	toSegment(): Segment {
		const oldest = Uint32Array.from(this.#messages.keys());
		const byTime = oldest.sort((a, b) => this.#orderOf(b) - this.#orderOf(a) || a - b);
		const messages = Array.from(byTime, (at) => this.#messages[at]).filter(
			(each) => each !== undefined
		);
		const threads = new Map<string, number>();
		for (const { thread } of messages) {
			if (!threads.has(thread)) threads.set(thread, threads.size);
		}
		const ids = new Uint8Array(messages.length * MESSAGE_ID_BYTES);
		for (const [at, { id }] of messages.entries()) ids.set(id, at * MESSAGE_ID_BYTES);
		return {
			count: messages.length,
			threads: Lines.of([...threads.keys()]),
			ids,
			marks: Float64Array.from(messages, ({ mark }) => mark),
			order: Float64Array.from(messages, ({ order }) => order),
			size: Float64Array.from(messages, ({ size }) => size),
			threadOf: Uint32Array.from(messages, ({ thread }) => threads.get(thread) ?? 0),
			...this.#toPostings(invert(byTime))
		};
	}

	#orderOf(message: number): number {
		return this.#messages[message]?.order ?? 0;
	}

	#toPostings(places: Uint32Array): Pick<Segment, 'terms' | 'starts' | 'postings'> {
		const ascending = this.vocabulary.ascending();
		const { text, starts } = this.vocabulary.toLines(ascending);
		return { terms: new Lines(text, starts), ...encodePostings(this.#byTerm(ascending, places)) };
	}

	/** The messages of each term, by their places in time, one term after the other. */
	#byTerm(ascending: Uint32Array, places: Uint32Array): ByTerm {
		const [terms, count] = [this.#pairTerms, this.#pairs];
		const next = new Uint32Array(ascending.length);
		for (let pair = 0; pair < count; pair++) add(next, terms[pair] ?? 0, 1);
		const ends = new Uint32Array(ascending.length);
		let end = 0;
		for (let rank = 0; rank < ascending.length; rank++) {
			const term = ascending[rank] ?? 0;
			const begin = end;
			end += next[term] ?? 0;
			next[term] = begin;
			ends[rank] = end;
		}
		const messages = new Uint32Array(count);
		for (let pair = 0; pair < count; pair++) {
			const term = terms[pair] ?? 0;
			messages[next[term] ?? 0] = places[this.#pairMessages[pair] ?? 0] ?? 0;
			add(next, term, 1);
		}
		return { messages, ends };
	}
}

interface ByTerm {
	readonly messages: Uint32Array;
	/** For each term where its messages end. */
	readonly ends: Uint32Array;
}

/** A varint of 32 bits. */
const MOST_BYTES = 5;

function encodePostings({ messages, ends }: ByTerm): Pick<Segment, 'starts' | 'postings'> {
	const starts = new Uint32Array(ends.length + 1);
	const bytes = new Uint8Array(MOST_BYTES * messages.length);
	let [at, length] = [0, 0];
	for (let term = 0; term < ends.length; term++) {
		const end = ends[term] ?? 0;
		if (!isAscending(messages, at, end)) messages.subarray(at, end).sort();
		for (let before = 0; at < end; at++) {
			const message = messages[at] ?? 0;
			let rest = message - before;
			for (; rest > 0x7f; rest >>>= 7) bytes[length++] = (rest & 0x7f) | 0x80;
			bytes[length++] = rest;
			before = message;
		}
		starts[term + 1] = length;
	}
	return { starts, postings: bytes.slice(0, length) };
}

function isAscending(numbers: Uint32Array, first: number, end: number): boolean {
	for (let at = first + 1; at < end; at++) {
		if ((numbers[at - 1] ?? 0) > (numbers[at] ?? 0)) return false;
	}
	return true;
}

function add(numbers: Uint32Array, at: number, more: number): void {
	numbers[at] = (numbers[at] ?? 0) + more;
}

function grown(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
	const longer = new Uint32Array(length);
	longer.set(numbers);
	return longer;
}

function invert(order: Uint32Array): Uint32Array {
	const places = new Uint32Array(order.length);
	for (const [place, at] of order.entries()) places[at] = place;
	return places;
}
