/**
 * Text as search compares it: letters without their case, their accents and their typographic variants.
 * What carries meaning stays: the vowel signs of Indic scripts, the voicing marks of kana, Thai tones.
 */

/** Accents of Latin, Greek and Cyrillic, points of Hebrew, vowels of Arabic, and its drawn-out line. */
const MARK_RANGES = [
	...[
		'\\u0300-\\u036f',
		'\\u0483-\\u0487',
		'\\u1ab0-\\u1aff',
		'\\u1dc0-\\u1dff',
		'\\u20d0-\\u20ff'
	],
	...[
		'\\ufe20-\\ufe2f',
		'\\u0591-\\u05bd',
		'\\u05bf',
		'\\u05c1\\u05c2',
		'\\u05c4\\u05c5',
		'\\u05c7'
	],
	...[
		'\\u0610-\\u061a',
		'\\u0640',
		'\\u064b-\\u065f',
		'\\u0670',
		'\\u06d6-\\u06dc',
		'\\u06df-\\u06e4'
	],
	...['\\u06e7\\u06e8', '\\u06ea-\\u06ed']
];
// eslint-disable-next-line no-misleading-character-class -- the accents themselves are meant
const MARKS = new RegExp(`[${MARK_RANGES.join('')}]+`, 'gu');

/** What is drawn nowhere and stands inside words: soft hyphen, joiners, direction marks. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+/gu;

/** Letters that Unicode does not take apart, and how people write them who lack the key. */
const LETTERS: Readonly<Record<string, string>> = {
	...{ ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ħ: 'h', ŧ: 't' },
	...{ ı: 'i', ĸ: 'k', ŋ: 'n', ς: 'σ', ى: 'ي', ة: 'ه' }
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** Twice folded is once folded. */
export function fold(text: string): string {
	if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
	return text
		.normalize('NFKD')
		.toLowerCase()
		.replace(INVISIBLE, '')
		.replace(MARKS, '')
		.replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
		.normalize('NFKC');
}

export interface Folded {
	readonly text: string;
	/** For each place in `text`, and its end: where in the original that begins. */
	readonly starts: Uint32Array;
}

/** One letter with its marks, as the eye counts. */
const LETTER = /\P{M}\p{M}*|\p{M}+/gu;

/** As `fold`, and remembers where everything came from: hits are shown in the original. */
export function foldWithPlaces(original: string): Folded {
	if (!BEYOND_ASCII.test(original)) {
		return {
			text: original.toLowerCase(),
			starts: Uint32Array.from({ length: original.length + 1 }, (_, i) => i)
		};
	}
	let text = '';
	const starts: number[] = [];
	for (const { 0: letter, index } of original.matchAll(LETTER)) {
		const folded = fold(letter);
		for (let i = 0; i < folded.length; i++) starts.push(index);
		text += folded;
	}
	starts.push(original.length);
	return { text, starts: Uint32Array.from(starts) };
}
