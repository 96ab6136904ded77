/** Messages → a segment; segments → a segment without some of their messages. */

import { messageIdToBytes, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import { ByteWriter } from './bytes.ts';
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
	readonly of: Pick<SearchDocument, 'thread' | 'id'>;
}

/** Of a message that says nothing that can be found; of all others it is a time. */
export const NOTHING_ORDER = -1;

export function buildSegment(messages: readonly Marked[]): Segment {
	const pile = new Pile();
	for (const { mark, document, of } of messages) {
		const { order = NOTHING_ORDER, size = 0 } = document ?? {};
		pile.add({ mark, order, size, thread: of.thread, id: messageIdToBytes(of.id) });
		if (document !== null) eachTermOf(document, pile.vocabulary, (term) => pile.has(term));
	}
	return pile.toSegment();
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

/** Messages and pairs of term and message, in no order until all are there. */
class Pile {
	readonly #messages: Piled[] = [];
	readonly vocabulary = new Vocabulary();
	/** The message that each term was last seen in: a second time is no news. */
	readonly #lastSeen: number[] = [];
	#pairTerms = new Uint32Array(FIRST_PAIRS);
	#pairMessages = new Uint32Array(FIRST_PAIRS);
	#pairs = 0;

	add(message: Piled): number {
		return this.#messages.push(message) - 1;
	}

	/** The message that was added last has this term. */
	has(term: number): void {
		const message = this.#messages.length - 1;
		if (this.#lastSeen[term] === message) return;
		this.#lastSeen[term] = message;
		this.pair(term, message);
	}

	pair(term: number, message: number): void {
		if (this.#pairs === this.#pairTerms.length) {
			this.#pairTerms = doubled(this.#pairTerms);
			this.#pairMessages = doubled(this.#pairMessages);
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

	/** Two passes that keep what is equal in its order: by message, then by term. */
	#toPostings(places: Uint32Array): Pick<Segment, 'terms' | 'starts' | 'postings'> {
		const unsorted = [...this.vocabulary.terms()];
		const terms = unsorted.toSorted();
		const rankOf = new Map(terms.map((term, rank) => [term, rank]));
		const ranks = Uint32Array.from(unsorted, (term) => rankOf.get(term) ?? 0);
		const termOf = this.#pairTerms.subarray(0, this.#pairs).map((term) => ranks[term] ?? 0);
		const messageOf = this.#pairMessages.subarray(0, this.#pairs).map((at) => places[at] ?? 0);
		const byMessage = sortedBy(
			messageOf,
			this.#messages.length,
			Uint32Array.from(messageOf.keys())
		);
		const byTerm = sortedBy(termOf, terms.length, byMessage);
		const writer = new ByteWriter();
		const starts = new Uint32Array(terms.length + 1);
		let [term, before] = [0, 0];
		for (const pair of byTerm) {
			const [next = 0, message = 0] = [termOf[pair], messageOf[pair]];
			while (term < next) {
				starts[++term] = writer.length;
				before = 0;
			}
			writer.varint(message - before);
			before = message;
		}
		while (term < terms.length) starts[++term] = writer.length;
		return { terms: Lines.of(terms), starts, postings: writer.done() };
	}
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
	const grown = new Uint32Array(2 * numbers.length);
	grown.set(numbers);
	return grown;
}

function invert(order: Uint32Array): Uint32Array {
	const places = new Uint32Array(order.length);
	for (const [place, at] of order.entries()) places[at] = place;
	return places;
}

/** Indices, by the number that each has in `keys`, all below `limit`. */
function sortedBy(keys: Uint32Array, limit: number, indices: Uint32Array): Uint32Array {
	const next = new Uint32Array(limit + 1);
	for (const key of keys) next[key + 1] = (next[key + 1] ?? 0) + 1;
	for (let key = 0; key < limit; key++) next[key + 1] = (next[key + 1] ?? 0) + (next[key] ?? 0);
	const sorted = new Uint32Array(indices.length);
	for (const index of indices) {
		const key = keys[index] ?? 0;
		const place = next[key] ?? 0;
		next[key] = place + 1;
		sorted[place] = index;
	}
	return sorted;
}
