/**
 * Terms and their numbers, while a segment is built. In most texts the words stand between spaces: they are
 * looked up where they stand, letter by letter, and no string is made of a word that is known.
 */

import { fromUtf8 } from '../wire/bytes.ts';
import { isInWord, isTokenAlone, TOKEN_CHARACTERS } from './tokens.ts';

const FIRST_TERMS = 2 ** 14;
const FIRST_LETTERS = 2 ** 17;
const EMPTY = -1;
/** FNV-1a, but for where it begins. */
const PRIME = 0x01000193;

/** What a UTF-16 code unit is; found out when it is first met. */
const BETWEEN = 1;
const LETTER = 2;
/** It may be a token by itself, or half of something. */
const OTHER = 3;
const kinds = new Uint8Array(2 ** 16);

/** Bits of a double that are a whole number. */
const EXACT_BITS = 53;
/** A letter in a key by which terms are sorted: ASCII, and one for all that comes after it. */
const KEY_LETTERS = 2 ** 7;

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

export class Vocabulary {
	/** Another each time: who writes mail could choose words that fall into one slot, and slow us down. */
	readonly #seed = crypto.getRandomValues(new Int32Array(1))[0] ?? 0;
	/** Numbers of terms, by their hash; open addressing. */
	#slots = new Int32Array(2 * FIRST_TERMS).fill(EMPTY);
	#hashes = new Int32Array(FIRST_TERMS);
	/** All terms, one after the other, as UTF-16; where each begins, and the end. */
	#letters = new Uint16Array(FIRST_LETTERS);
	#starts = new Uint32Array(FIRST_TERMS + 1);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	numberOf(term: string): number {
		return this.#find(term, 0, term.length, hashOn(this.#seed, term, 0, term.length), '');
	}

	/**
	 * The words of a folded text, each as a term that begins with `mark`; `false`, and no word, where not all
	 * of it is plain words and what stands between them.
	 */
	eachWord(text: string, mark: string, take: (number: number) => void): boolean {
		for (let at = 0; at < text.length; at++) {
			if (kindOf(text.charCodeAt(at)) === OTHER) return false;
		}
		const seed = hashOn(this.#seed, mark, 0, mark.length);
		for (let at = 0; at < text.length; at++) {
			if (kindOf(text.charCodeAt(at)) !== LETTER) continue;
			const start = at;
			let hash = seed;
			for (; at < text.length; at++) {
				const code = text.charCodeAt(at);
				if (kindOf(code) !== LETTER) break;
				if (at - start < TOKEN_CHARACTERS) hash = Math.imul(hash ^ code, PRIME);
			}
			take(this.#find(text, start, Math.min(at, start + TOKEN_CHARACTERS), hash, mark));
		}
		return true;
	}

	/** Numbers of all terms, ascending by UTF-16 code units. */
	ascending(): Uint32Array {
		const places = 2 ** (32 - Math.clz32(this.#size));
		const keys = this.#keys(places);
		const numbers = Uint32Array.from(keys, (key) => key % places);
		// Those that begin alike stand side by side, in no order.
		for (let first = 0, at = 1; at <= numbers.length; at++) {
			if (at < numbers.length && isAlike(keys[first], keys[at], places)) continue;
			if (at - first > 1) numbers.subarray(first, at).sort((a, b) => this.#compare(a, b));
			first = at;
		}
		return numbers;
	}

	/** These terms, each with a line feed behind it, and where each begins, and the end. */
	toLines(numbers: Uint32Array): { readonly text: string; readonly starts: Uint32Array } {
		const starts = new Uint32Array(numbers.length + 1);
		const text = new Uint16Array(this.#end + numbers.length);
		let [at, all] = [0, 0];
		for (let line = 0; line < numbers.length; line++) {
			const number = numbers[line] ?? 0;
			const end = this.#starts[number + 1] ?? 0;
			for (let from = this.#starts[number] ?? 0; from < end; from++) {
				const letter = this.#letters[from] ?? 0;
				all |= letter;
				text[at++] = letter;
			}
			text[at++] = 0x0a;
			starts[line + 1] = at;
		}
		const used = text.subarray(0, at);
		// A text of bytes takes half the memory.
		return { starts, text: all < 0x80 ? fromUtf8(Uint8Array.from(used)) : utf16.decode(used) };
	}

	get #end(): number {
		return this.#starts[this.#size] ?? 0;
	}

	/**
	 * The first letters of each term, and its number below them, as one number each; ascending. Behind a letter
	 * that stands for many no other counts.
	 */
	#keys(places: number): Float64Array {
		const letters = Math.floor((EXACT_BITS - Math.log2(places)) / Math.log2(KEY_LETTERS));
		const keys = new Float64Array(this.#size);
		for (let number = 0; number < this.#size; number++) {
			const [start, end] = [this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0];
			let [key, last] = [0, 0];
			for (let at = start; at < start + letters; at++) {
				const isRead = at < end && last !== KEY_LETTERS - 1;
				if (isRead) last = Math.min(this.#letters[at] ?? 0, KEY_LETTERS - 1);
				key = KEY_LETTERS * key + (isRead ? last : 0);
			}
			keys[number] = places * key + number;
		}
		return keys.sort();
	}

	#compare(a: number, b: number): number {
		let [atA, atB] = [this.#starts[a] ?? 0, this.#starts[b] ?? 0];
		const [endA, endB] = [this.#starts[a + 1] ?? 0, this.#starts[b + 1] ?? 0];
		while (atA < endA && atB < endB) {
			const difference = (this.#letters[atA++] ?? 0) - (this.#letters[atB++] ?? 0);
			if (difference !== 0) return difference;
		}
		return endA - atA - (endB - atB);
	}

	/** The number of `mark` and this part of the text, which have this hash; a new one where it has none. */
	#find(text: string, start: number, end: number, hash: number, mark: string): number {
		const slots = this.#slots;
		const wrap = slots.length - 1;
		for (let slot = (hash ^ (hash >>> 15)) & wrap; ; slot = (slot + 1) & wrap) {
			const number = slots[slot] ?? EMPTY;
			if (number === EMPTY) return this.#add(mark + text.slice(start, end), hash, slot);
			if (this.#hashes[number] === hash && this.#is(number, text, start, end, mark)) return number;
		}
	}

	#is(number: number, text: string, start: number, end: number, mark: string): boolean {
		const letters = this.#letters;
		let letter = this.#starts[number] ?? 0;
		if ((this.#starts[number + 1] ?? 0) - letter !== mark.length + end - start) return false;
		for (let at = 0; at < mark.length; at++) {
			if (letters[letter++] !== mark.charCodeAt(at)) return false;
		}
		for (let at = start; at < end; at++) {
			if (letters[letter++] !== text.charCodeAt(at)) return false;
		}
		return true;
	}

	#add(term: string, hash: number, slot: number): number {
		const number = this.#size++;
		let end = this.#starts[number] ?? 0;
		if (end + term.length > this.#letters.length) {
			this.#letters = copied(this.#letters, new Uint16Array(2 * (end + term.length)));
		}
		if (number === this.#hashes.length) {
			this.#hashes = copied(this.#hashes, new Int32Array(2 * number));
			this.#starts = copied(this.#starts, new Uint32Array(2 * number + 1));
		}
		for (let at = 0; at < term.length; at++) this.#letters[end++] = term.charCodeAt(at);
		this.#starts[number + 1] = end;
		this.#hashes[number] = hash;
		this.#slots[slot] = number;
		if (2 * this.#size > this.#slots.length) this.#spread();
		return number;
	}

	#spread(): void {
		const slots = new Int32Array(2 * this.#slots.length).fill(EMPTY);
		const wrap = slots.length - 1;
		for (let number = 0; number < this.#size; number++) {
			const hash = this.#hashes[number] ?? 0;
			let slot = (hash ^ (hash >>> 15)) & wrap;
			while (slots[slot] !== EMPTY) slot = (slot + 1) & wrap;
			slots[slot] = number;
		}
		this.#slots = slots;
	}
}

function hashOn(seed: number, text: string, start: number, end: number): number {
	let hash = seed;
	for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
	return hash;
}

function kindOf(code: number): number {
	const kind = kinds[code] ?? 0;
	return kind === 0 ? findKind(code) : kind;
}

function findKind(code: number): number {
	const unit = String.fromCharCode(code);
	const isHalf = code >= 0xd800 && code <= 0xdfff;
	const kind = isHalf || isTokenAlone(unit) ? OTHER : isInWord(unit) ? LETTER : BETWEEN;
	kinds[code] = kind;
	return kind;
}

function isAlike(a = 0, b = 0, places: number): boolean {
	return Math.floor(a / places) === Math.floor(b / places);
}

function copied<T extends Int32Array | Uint32Array | Uint16Array>(from: T, to: T): T {
	to.set(from);
	return to;
}
