/**
 * What was typed → what is meant. Never fails: what is no operator is a word, and a value that cannot be
 * read is left out and named, so that results stay on the screen while it is being typed.
 *
 *   query = and *("OR" and)          and = *not          not = ["-"] one
 *   one   = "(" query ")" / operator ":" value / phrase / word
 *
 * Words side by side must all be there; `OR` is weaker than that. A word finds what begins with it, a
 * phrase in quotes its words as they are.
 */

import { parseMailAddress, type Address } from '../wire/ids.ts';
import { readDay, readSize, readSpan, type Day } from './values.ts';
import { fold } from './fold.ts';
import { toTokens } from './tokens.ts';

/** Where words may stand; `any`: text, names, subject, file names. `to`: whoever it went to. */
export type Field = 'any' | 'from' | 'to' | 'cc' | 'subject' | 'filename';

/** What is known of a message besides its words. */
export const FLAGS = [
	'attachment',
	'image',
	'video',
	'audio',
	'pdf',
	'link',
	'sent',
	'record'
] as const;
export type Flag = (typeof FLAGS)[number];

/** What is asked of the thread's row when the search is made, for it changes without its messages. */
export type ThreadTest =
	| {
			readonly is:
				| 'unread'
				| 'read'
				| 'starred'
				| 'pinned'
				| 'muted'
				| 'snoozed'
				| 'inbox'
				| 'archive'
				| 'trash';
	  }
	| { readonly is: 'labelled'; readonly label: string };

export type Query =
	| { readonly kind: 'all' | 'any'; readonly of: readonly Query[] }
	| { readonly kind: 'not'; readonly it: Query }
	| {
			readonly kind: 'words';
			readonly field: Field;
			/** In a row; at least one. */
			readonly tokens: readonly string[];
			/** Is the last one whole, or a beginning? */
			readonly isWhole: boolean;
	  }
	| { readonly kind: 'flag'; readonly flag: Flag }
	| { readonly kind: 'thread'; readonly test: ThreadTest }
	/** Unix ms: from `since` up to and without `before`. */
	| { readonly kind: 'time'; readonly since: number; readonly before: number }
	/** Bytes, both included. */
	| { readonly kind: 'size'; readonly least: number; readonly most: number };

/** A value that cannot be read (yet). */
export interface Problem {
	readonly operator: Operator;
	readonly value: string;
}

export interface ReadQuery {
	/** `null`: nothing is asked. */
	readonly query: Query | null;
	readonly problems: readonly Problem[];
	/** Does it say itself where to look, the trash included? */
	readonly namesPlace: boolean;
}

export interface Today {
	/** Unix ms. */
	readonly now: number;
	/** When that day begins where the user lives, Unix ms. */
	readonly startOf: (day: Day) => number;
}

export const OPERATORS = [
	...(['from', 'to', 'cc', 'subject', 'filename', 'has', 'is', 'in', 'label'] as const),
	...(['before', 'after', 'older_than', 'newer_than', 'larger', 'smaller'] as const)
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Brackets inside brackets; deeper ones are read past. */
const DEPTH = 16;
/** Words of one query; more are not looked at. */
const WORDS = 64;

export function readQuery(text: string, today: Today): ReadQuery {
	return new Reader(text, today).read();
}

type Piece =
	| { readonly kind: 'open' | 'close' | 'minus' | 'or' }
	| {
			readonly kind: 'text';
			readonly operator: Operator | null;
			readonly value: string;
			readonly isQuoted: boolean;
	  };

const QUOTES = '"\u201c\u201d\u201e';
/** In order: bracket, minus before something, operator, phrase (its end may be missing), word. */
const PIECE = new RegExp(
	`(?<bracket>[()])|(?<minus>-(?=[^\\s-]))|(?<lone>[a-z_]+):(?=[\\s()]|$)|(?:(?<operator>[a-z_]+):)?(?:[${QUOTES}](?<phrase>[^${QUOTES}]*)[${QUOTES}]?|(?<word>[^\\s()${QUOTES}]+))`,
	'giu'
);

function toPieces(text: string): Piece[] {
	const pieces: Piece[] = [];
	for (const { groups = {} } of text.matchAll(PIECE)) {
		const { bracket, minus, operator, phrase, word = '', lone } = groups;
		if (bracket !== undefined) pieces.push({ kind: bracket === '(' ? 'open' : 'close' });
		else if (minus !== undefined) pieces.push({ kind: 'minus' });
		else if (word === 'OR' && operator === undefined) pieces.push({ kind: 'or' });
		else pieces.push(toText(operator ?? lone, phrase, word));
		if (pieces.length >= 4 * WORDS) break;
	}
	return pieces;
}

/** "Re:" and "https:" are no operators: what stands there is text as it is. */
function toText(name: string | undefined, phrase: string | undefined, word: string): Piece {
	const operator = OPERATORS.find((known) => known === name?.toLowerCase()) ?? null;
	const value = phrase ?? word;
	const isQuoted = phrase !== undefined;
	if (name === undefined || operator !== null) return { kind: 'text', operator, value, isQuoted };
	return { kind: 'text', operator: null, value: `${name}:${value}`, isQuoted };
}

class Reader {
	readonly #pieces: readonly Piece[];
	readonly #today: Today;
	readonly #problems: Problem[] = [];
	#at = 0;
	#words = 0;
	#namesPlace = false;

	constructor(text: string, today: Today) {
		this.#pieces = toPieces(text);
		this.#today = today;
	}

	read(): ReadQuery {
		const parts: Query[] = [];
		// A bracket that closes nothing ends nothing.
		while (this.#at < this.#pieces.length) {
			const part = this.#readAny(0);
			if (part !== null) parts.push(part);
			this.#at++;
		}
		return { query: join('all', parts), problems: this.#problems, namesPlace: this.#namesPlace };
	}

	#readAny(depth: number): Query | null {
		const choices: Query[] = [];
		for (;;) {
			const choice = this.#readAll(depth);
			if (choice !== null) choices.push(choice);
			if (this.#pieces[this.#at]?.kind !== 'or') return join('any', choices);
			this.#at++;
		}
	}

	/** Up to `OR`, a closing bracket, or the end. */
	#readAll(depth: number): Query | null {
		const parts: Query[] = [];
		for (;;) {
			const piece = this.#pieces[this.#at];
			if (piece === undefined || piece.kind === 'or' || piece.kind === 'close') break;
			const part = this.#readOne(depth);
			if (part !== null) parts.push(part);
		}
		return join('all', parts);
	}

	#readOne(depth: number): Query | null {
		const piece = this.#pieces[this.#at++];
		if (piece === undefined) return null;
		switch (piece.kind) {
			case 'minus': {
				const next = this.#pieces[this.#at]?.kind;
				const it = next === 'text' || next === 'open' ? this.#readOne(depth) : null;
				return it && { kind: 'not', it };
			}
			case 'open': {
				if (depth >= DEPTH) return null;
				const inner = this.#readAny(depth + 1);
				if (this.#pieces[this.#at]?.kind === 'close') this.#at++;
				return inner;
			}
			case 'text':
				return this.#toQuery(piece);
			case 'close':
			case 'or':
				return null;
		}
	}

	#toQuery({ operator, value, isQuoted }: Extract<Piece, { kind: 'text' }>): Query | null {
		if (this.#words >= WORDS) return null;
		this.#words++;
		if (operator === null) return toWords('any', value, isQuoted);
		const query = isField(operator)
			? toWords(operator, value, isQuoted)
			: readValue(operator, value, this.#today);
		if (query === null) return this.#cannotRead(operator, value);
		if (query === 'anywhere' || operator === 'in') this.#namesPlace = true;
		return query === 'anywhere' ? null : query;
	}

	#cannotRead(operator: Operator, value: string): null {
		this.#problems.push({ operator, value });
		return null;
	}
}

function join(kind: 'all' | 'any', of: readonly Query[]): Query | null {
	const [only] = of;
	return of.length > 1 ? { kind, of } : (only ?? null);
}

/** A whole address, in any form in which it is copied, is one word; in no text, but in its own fields. */
function toWords(field: Field, text: string, isWhole: boolean): Query | null {
	const address = text.length < 24 ? undefined : parseMailAddress(text)?.address;
	if (address !== undefined) return partyOf(field, address);
	const tokens = toTokens(fold(text));
	return tokens.length === 0 ? null : { kind: 'words', field, tokens, isWhole };
}

/** Messages from and to this address, or as the field says. */
export function partyOf(field: Field, address: Address): Query {
	const fields: readonly Field[] = field === 'any' ? ['from', 'to'] : [field];
	const of = fields.map((each): Query => ({
		kind: 'words',
		field: each,
		tokens: toTokens(address),
		isWhole: true
	}));
	return join('any', of) ?? { kind: 'any', of };
}

/** What may stand after `is:`, `has:` and `in:`. */
export const VALUES = {
	is: ['unread', 'read', 'starred', 'pinned', 'muted', 'snoozed', 'sent', 'record'],
	has: ['attachment', 'image', 'video', 'audio', 'pdf', 'link'],
	in: ['inbox', 'archive', 'trash', 'sent', 'snoozed', 'anywhere']
} as const;

type Filter = Exclude<Operator, Field>;

function isField(operator: Operator): operator is Exclude<Field, 'any'> {
	return ['from', 'to', 'cc', 'subject', 'filename'].includes(operator);
}

/** `null`: it cannot be read. */
function readValue(operator: Filter, text: string, today: Today): Query | 'anywhere' | null {
	const value = text.toLowerCase();
	switch (operator) {
		case 'is':
		case 'in':
		case 'has':
			return readWord(operator, value);
		case 'label':
			return text.trim() === ''
				? null
				: { kind: 'thread', test: { is: 'labelled', label: fold(text.trim()) } };
		case 'before':
		case 'after': {
			const day = readDay(value, today.now);
			if (day === null) return null;
			const at = today.startOf(day);
			return operator === 'before' ? until(at) : since(at);
		}
		case 'older_than':
		case 'newer_than': {
			const spanMs = readSpan(value);
			if (spanMs === null) return null;
			const at = today.now - spanMs;
			return operator === 'older_than' ? until(at) : since(at);
		}
		case 'larger':
		case 'smaller': {
			const bytes = readSize(value);
			if (bytes === null) return null;
			return operator === 'larger'
				? { kind: 'size', least: bytes, most: Infinity }
				: { kind: 'size', least: 0, most: bytes };
		}
	}
}

function until(before: number): Query {
	return { kind: 'time', since: -Infinity, before };
}

function since(at: number): Query {
	return { kind: 'time', since: at, before: Infinity };
}

function readWord(operator: 'is' | 'in' | 'has', typed: string): Query | 'anywhere' | null {
	const value = SYNONYMS[typed] ?? typed;
	if (operator === 'in' && value === 'anywhere') return value;
	const word = VALUES[operator].find((known) => known === value);
	if (word === undefined || word === 'anywhere') return null;
	return isFlag(word) ? { kind: 'flag', flag: word } : { kind: 'thread', test: { is: word } };
}

type Word = (typeof VALUES)[keyof typeof VALUES][number];

function isFlag(word: Word): word is Extract<Word, Flag> {
	return FLAGS.some((flag) => flag === word);
}

/** As other mail programs call it. */
const SYNONYMS: Readonly<Record<string, string>> = {
	...{ attachments: 'attachment', file: 'attachment', files: 'attachment', picture: 'image' },
	...{ pictures: 'image', images: 'image', star: 'starred', links: 'link', bin: 'trash' },
	...{ all: 'anywhere', mine: 'sent' }
};
