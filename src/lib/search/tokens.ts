/**
 * Folded text → tokens, the units that search compares. A token is a word; in scripts that put no
 * spaces between words (Chinese, Japanese, Thai …; Korean, whose words grow at their ends) each
 * character is one. What stands between tokens does not count, so a phrase goes over a line's end.
 *
 * The index holds *terms*: a word is its own term; of characters, each with up to two that follow
 * (trigrams), so that any run of them is found by looking terms up.
 */

const UNSPACED =
	'\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー々〆';
/** A base character with the signs that belong to it, or a word of everything else. */
const TOKEN = new RegExp(
	`[${UNSPACED}](?:(?![${UNSPACED}])\\p{M})*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+|\\p{Extended_Pictographic}`,
	'gu'
);
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const ALONE = new RegExp(`[${UNSPACED}\\p{Extended_Pictographic}]`, 'u');
const IN_WORD = /[\p{L}\p{N}\p{M}]/u;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const ASCII_TOKEN = /[a-z0-9]+/g;

/** Characters of a token that count: what is longer is no word, and begins alike. */
export const TOKEN_CHARACTERS = 64;
/** Characters in a term of an unspaced script. */
export const GRAM = 3;

/** @param folded as `fold` gives it */
export function toTokens(folded: string): string[] {
	const tokens = folded.match(BEYOND_ASCII.test(folded) ? TOKEN : ASCII_TOKEN);
	return tokens === null ? [] : tokens.map(cut);
}

export interface PlacedToken {
	readonly token: string;
	readonly at: number;
	readonly end: number;
}

export function toPlacedTokens(folded: string): PlacedToken[] {
	const pattern = BEYOND_ASCII.test(folded) ? TOKEN : ASCII_TOKEN;
	return Array.from(folded.matchAll(pattern), ({ 0: token, index }) => ({
		token: cut(token),
		at: index,
		end: index + token.length
	}));
}

/** Is it a character of a script without spaces? */
export function isUnspaced(token: string): boolean {
	return token.charCodeAt(0) > 0xdff && STARTS_UNSPACED.test(token);
}

/** May this character be a token of its own? */
export function isTokenAlone(character: string): boolean {
	return ALONE.test(character);
}

/** Is this one, where it is none of its own, part of a word? */
export function isInWord(character: string): boolean {
	return IN_WORD.test(character);
}

/** Calls back with each term of a text; the same one may come more than once. */
export function eachTerm(tokens: readonly string[], take: (term: string) => void): void {
	for (const [i, token] of tokens.entries()) {
		take(isUnspaced(token) ? gramAt(tokens, i) : token);
	}
}

/** This character with those after it, as far as they are of such scripts. */
function gramAt(tokens: readonly string[], at: number): string {
	let gram = tokens[at] ?? '';
	for (let next = at + 1; next < at + GRAM; next++) {
		const token = tokens[next];
		if (token === undefined || !isUnspaced(token)) break;
		gram += token;
	}
	return gram;
}

/** What the index is asked for, where these tokens are to stand one after the other. */
export interface Wanted {
	readonly terms: readonly { readonly term: string; readonly isPrefix: boolean }[];
	/** Does every text that has these terms have these tokens in a row? */
	readonly isExact: boolean;
}

/** @param isWhole is the last word whole, or the beginning of one? */
export function toWanted(tokens: readonly string[], isWhole: boolean): Wanted {
	const terms: { term: string; isPrefix: boolean }[] = [];
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at] ?? '';
		if (!isUnspaced(token)) {
			terms.push({ term: token, isPrefix: !isWhole && at === tokens.length - 1 });
			continue;
		}
		const end = endOfRun(tokens, at);
		const run = tokens.slice(at, end);
		if (run.length < GRAM) terms.push({ term: run.join(''), isPrefix: true });
		for (let i = 0; i + GRAM <= run.length; i++) {
			// The last character may still get its signs.
			const isPrefix = !isWhole && at + i + GRAM === tokens.length;
			terms.push({ term: run.slice(i, i + GRAM).join(''), isPrefix });
		}
		at = end - 1;
	}
	const [only] = terms;
	return { terms, isExact: terms.length === 1 && !(isWhole && only?.isPrefix === true) };
}

function endOfRun(tokens: readonly string[], at: number): number {
	let end = at;
	while (end < tokens.length && isUnspaced(tokens[end] ?? '')) end++;
	return end;
}

/** Where in the text these tokens stand in a row: indices of the first of them. */
export function findRuns(
	text: readonly string[],
	tokens: readonly string[],
	isWhole: boolean
): number[] {
	const found: number[] = [];
	const last = tokens.length - 1;
	for (let at = 0; at + last < text.length; at++) {
		const fits = tokens.every((token, i) => {
			const here = text[at + i] ?? '';
			return i === last && !isWhole ? here.startsWith(token) : here === token;
		});
		if (fits && last >= 0) found.push(at);
	}
	return found;
}

function cut(token: string): string {
	if (token.length <= TOKEN_CHARACTERS) return token;
	// Never through the middle of a character.
	return token.slice(0, TOKEN_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
}
