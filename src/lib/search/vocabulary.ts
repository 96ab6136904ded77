/**
 * Terms and their numbers, while a segment is built. Most texts are plain ASCII: their words are looked up
 * where they stand, letter by letter, and no string is made of a word that is known.
 */

import { TOKEN_CHARACTERS } from './tokens.ts';

const FIRST_SLOTS = 2 ** 15;
const FIRST_LETTERS = 2 ** 17;
const EMPTY = -1;
/** FNV-1a. */
const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/** For each ASCII character whether it is one of a word. */
const IS_WORD = Uint8Array.from({ length: 128 }, (_, code) =>
	/[a-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0
);

export class Vocabulary {
	/** Numbers of terms, by their hash; open addressing. */
	#slots = new Int32Array(FIRST_SLOTS).fill(EMPTY);
	readonly #hashes: number[] = [];
	/** All terms, one after the other, as UTF-16; where each begins, and the end. */
	#letters = new Uint16Array(FIRST_LETTERS);
	readonly #starts: number[] = [0];

	get size(): number {
		return this.#hashes.length;
	}

	numberOf(term: string): number {
		return this.#find(term, 0, term.length, '');
	}

	/**
	 * The words of a folded text, each as a term that begins with `mark`; `false`, and no word, where it
	 * is not plain ASCII.
	 */
	eachWord(text: string, mark: string, take: (number: number) => void): boolean {
		let start = EMPTY;
		for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
		for (let at = 0; at <= text.length; at++) {
			const isWord = at < text.length && IS_WORD[text.charCodeAt(at)] === 1;
			if (isWord && start === EMPTY) start = at;
			else if (!isWord && start !== EMPTY) {
				take(this.#find(text, start, Math.min(at, start + TOKEN_CHARACTERS), mark));
				start = EMPTY;
			}
		}
		return true;
	}

	*terms(): Generator<string> {
		for (let number = 0; number < this.size; number++) {
			const letters = this.#letters.subarray(this.#starts[number], this.#starts[number + 1]);
			yield String.fromCharCode(...letters);
		}
	}

	/** The number of `mark` and this part of the text; a new one where it has none. */
	#find(text: string, start: number, end: number, mark: string): number {
		let hash = SEED;
		for (let at = 0; at < mark.length; at++) hash = Math.imul(hash ^ mark.charCodeAt(at), PRIME);
		for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
		hash ^= hash >>> 15;
		const slots = this.#slots;
		const wrap = slots.length - 1;
		for (let slot = hash & wrap; ; slot = (slot + 1) & wrap) {
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
		const number = this.size;
		let end = this.#starts[number] ?? 0;
		if (end + term.length > this.#letters.length) {
			const grown = new Uint16Array(2 * (end + term.length));
			grown.set(this.#letters);
			this.#letters = grown;
		}
		for (let at = 0; at < term.length; at++) this.#letters[end++] = term.charCodeAt(at);
		this.#starts.push(end);
		this.#hashes.push(hash);
		this.#slots[slot] = number;
		if (2 * this.size > this.#slots.length) this.#spread();
		return number;
	}

	#spread(): void {
		const slots = new Int32Array(2 * this.#slots.length).fill(EMPTY);
		const wrap = slots.length - 1;
		for (const [number, hash] of this.#hashes.entries()) {
			let slot = hash & wrap;
			while (slots[slot] !== EMPTY) slot = (slot + 1) & wrap;
			slots[slot] = number;
		}
		this.#slots = slots;
	}
}
