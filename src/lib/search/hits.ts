/** Where the words of a query stand in a text as it was written, and the line that shows one of them. */

import { foldWithPlaces } from './fold.ts';
import type { Field, Query } from './query.ts';
import { findRuns, toPlacedTokens } from './tokens.ts';

export interface Needle {
	readonly field: Field;
	readonly tokens: readonly string[];
	readonly isWhole: boolean;
}

/** UTF-16 code units of the original, the end not included. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** A piece of a line; those that were searched for stand out. */
export interface Piece {
	readonly text: string;
	readonly isHit: boolean;
}

/** The words that are looked for: not those that must not be there. */
export function needlesOf(query: Query): Needle[] {
	switch (query.kind) {
		case 'all':
		case 'any':
			return query.of.flatMap(needlesOf);
		case 'words':
			return [{ field: query.field, tokens: query.tokens, isWhole: query.isWhole }];
		case 'not':
		case 'flag':
		case 'thread':
		case 'time':
		case 'size':
			return [];
	}
}

/** Ascending, and none touches another. */
export function findHits(original: string, needles: readonly Needle[]): Range[] {
	if (needles.length === 0 || original === '') return [];
	const { text, starts } = foldWithPlaces(original);
	const placed = toPlacedTokens(text);
	const tokens = placed.map(({ token }) => token);
	const found: Range[] = [];
	for (const { tokens: wanted, isWhole } of needles) {
		for (const at of findRuns(tokens, wanted, isWhole)) {
			const first = placed[at];
			const last = placed[at + wanted.length - 1];
			if (first === undefined || last === undefined) continue;
			const typed = wanted.at(-1)?.length ?? 0;
			const end = isWhole ? last.end : Math.min(last.end, last.at + typed);
			found.push({ start: starts[first.at] ?? 0, end: starts[end] ?? original.length });
		}
	}
	return united(found);
}

function united(ranges: readonly Range[]): Range[] {
	const joined: Range[] = [];
	for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
		const before = joined.at(-1);
		if (before === undefined || range.start > before.end) joined.push(range);
		else joined[joined.length - 1] = { start: before.start, end: Math.max(before.end, range.end) };
	}
	return joined;
}

/** Letters before the first hit, and in all. */
const LEAD = 32;
const LINE = 180;
/** What is looked through for it: the beginning of the longest text we keep would take a while. */
const LOOKED_AT = 2 ** 16;

/** The surroundings of the first hit, on one line; the beginning where there is none. */
export function toHitLine(text: string, needles: readonly Needle[]): Piece[] {
	const beginning = text.slice(0, LOOKED_AT);
	const at = findHits(beginning, needles)[0]?.start ?? 0;
	const start = startOfWord(beginning, at - LEAD, at);
	const line = beginning
		.slice(start, start + LINE)
		.replace(/\s+/g, ' ')
		.trim();
	const pieces = cutAt(line, findHits(line, needles));
	return start > 0 ? [{ text: '…', isHit: false }, ...pieces] : pieces;
}

export function cutAt(text: string, hits: readonly Range[]): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const { start, end } of hits) {
		if (start > at) pieces.push({ text: text.slice(at, start), isHit: false });
		pieces.push({ text: text.slice(start, end), isHit: true });
		at = end;
	}
	if (at < text.length) pieces.push({ text: text.slice(at), isHit: false });
	return pieces;
}

/** After the first space from `from` on; where there is none, as in Chinese, there, but in no character. */
function startOfWord(text: string, from: number, until: number): number {
	if (from <= 0) return 0;
	const space = /\s/.exec(text.slice(from, until));
	if (space !== null) return from + space.index + 1;
	return /^[\udc00-\udfff]/.test(text.slice(from)) ? from + 1 : from;
}
