/** A query in one segment: which of its messages may answer it, as bits. */

import type { Query, ThreadTest } from './query.ts';
import { eachPosting, type Segment } from './segment.ts';
import { flagTerm, termOf } from './terms.ts';
import { toWanted } from './tokens.ts';

/** One bit a message. */
export type Bits = Uint32Array;

/** The threads of which a test is true, by their ids. */
export type ThreadSets = (test: ThreadTest) => { has(thread: string): boolean };

/** Has every message that the bits name to be looked at, because words may stand apart? */
export function isExact(query: Query): boolean {
	switch (query.kind) {
		case 'all':
		case 'any':
			return query.of.every(isExact);
		case 'not':
			return isExact(query.it);
		case 'words':
			return toWanted(query.tokens, query.isWhole).isExact;
		case 'flag':
		case 'thread':
		case 'time':
		case 'size':
			return true;
	}
}

/** All messages that answer the query, and, where it is not exact, perhaps some that do not. */
export function candidates(segment: Segment, query: Query, threads: ThreadSets): Bits {
	return evaluate(segment, query, threads, true);
}

/** @param isGenerous in doubt yes; inside of "not" the doubt turns round */
function evaluate(segment: Segment, query: Query, threads: ThreadSets, isGenerous: boolean): Bits {
	const inner = (part: Query) => evaluate(segment, part, threads, isGenerous);
	switch (query.kind) {
		case 'all':
			return query.of.map(inner).reduce(both);
		case 'any':
			return query.of.map(inner).reduce(either);
		case 'not':
			return invert(evaluate(segment, query.it, threads, !isGenerous));
		case 'words': {
			const { terms, isExact: isSure } = toWanted(query.tokens, query.isWhole);
			if (!isSure && !isGenerous) return none(segment);
			return terms
				.map(({ term, isPrefix }) => withTerm(segment, termOf(query.field, term), isPrefix))
				.reduce(both);
		}
		case 'flag':
			return withTerm(segment, flagTerm(query.flag), false);
		case 'thread':
			return inThreads(segment, threads(query.test));
		case 'time':
			return where(segment, segment.order, query.since, query.before);
		case 'size':
			return where(segment, segment.size, query.least, query.most + 1);
	}
}

function none({ count }: Segment): Bits {
	return new Uint32Array(Math.ceil(count / 32));
}

function both(a: Bits, b: Bits): Bits {
	return a.map((word, i) => word & (b[i] ?? 0));
}

function either(a: Bits, b: Bits): Bits {
	return a.map((word, i) => word | (b[i] ?? 0));
}

/** Bits beyond the last message, too: nobody reads those. */
function invert(bits: Bits): Bits {
	return bits.map((word) => ~word);
}

function set(bits: Bits, document: number): void {
	bits[document >>> 5] = (bits[document >>> 5] ?? 0) | (1 << (document & 31));
}

function withTerm(segment: Segment, term: string, isPrefix: boolean): Bits {
	const bits = none(segment);
	const { terms } = segment;
	const first = terms.firstFrom(term);
	const end = isPrefix
		? terms.firstFrom(`${term}\uffff`)
		: first + (first < terms.length && terms.at(first) === term ? 1 : 0);
	for (let at = first; at < end; at++) eachPosting(segment, at, (document) => set(bits, document));
	return bits;
}

function inThreads(segment: Segment, ids: { has(thread: string): boolean }): Bits {
	const bits = none(segment);
	const isIn = Array.from(segment.threads, (thread) => ids.has(thread));
	for (const [document, thread] of segment.threadOf.entries()) {
		if (isIn[thread] === true) set(bits, document);
	}
	return bits;
}

/** From `least` up to and without `end`. */
function where(segment: Segment, numbers: Float64Array, least: number, end: number): Bits {
	const bits = none(segment);
	for (const [document, number] of numbers.entries()) {
		if (number >= least && number < end) set(bits, document);
	}
	return bits;
}

/** The numbers of the messages that are set, ascending: the newest first. */
export function* documentsIn(bits: Bits, count: number): Generator<number> {
	for (let word = 0; word < bits.length; word++) {
		for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
			const document = 32 * word + (31 - Math.clz32(rest & -rest));
			if (document >= count) return;
			yield document;
		}
	}
}
