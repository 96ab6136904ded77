/** The mails that are searched: 600 characters of 50,000 words that are as frequent as in a language. */

const WORDS = 50_000;
const CHARACTERS = 600;
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';
const SEED = 0x9e3779b9;

export interface Question {
	readonly word: string;
	readonly isPrefix: boolean;
}

export interface Corpus {
	/** By number: the same in every run. */
	mail(number: number): string;
	/** Every second one is a prefix. */
	readonly questions: readonly Question[];
}

export function createCorpus(questions: number): Corpus {
	const words = makeWords(createDice(SEED));
	const draw = createZipf(words);
	return {
		mail(number) {
			const dice = createDice(SEED ^ (number + 1));
			let text = '';
			while (text.length < CHARACTERS) text += `${draw(dice())} `;
			return text.slice(0, CHARACTERS);
		},
		questions: Array.from({ length: questions }, (_, at) => {
			const word = draw(createDice(SEED + at + 1)());
			const isPrefix = at % 2 === 1;
			return { isPrefix, word: isPrefix ? word.slice(0, Math.ceil(word.length / 2)) : word };
		})
	};
}

/** The word of rank n is n times rarer than the first (Zipf). */
function createZipf(words: readonly string[]): (chance: number) => string {
	const sums = new Float64Array(words.length);
	let sum = 0;
	for (let rank = 0; rank < words.length; rank++) {
		sum += 1 / (rank + 1);
		sums[rank] = sum;
	}
	return (chance) => {
		let [low, high] = [0, words.length - 1];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((sums[middle] ?? 0) < chance * sum) low = middle + 1;
			else high = middle;
		}
		return words[low] ?? '';
	};
}

function makeWords(dice: () => number): string[] {
	const words = new Set<string>();
	while (words.size < WORDS) {
		const length = 3 + Math.floor(8 * dice());
		words.add(
			Array.from({ length }, () => LETTERS[Math.floor(LETTERS.length * dice() ** 1.5)]).join('')
		);
	}
	return [...words];
}

/** Mulberry32: numbers from 0 to 1, without 1. */
function createDice(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
