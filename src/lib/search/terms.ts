/** How the index writes words of each field, and what it knows besides words. */

import type { SearchDocument } from './document.ts';
import type { Field, Flag } from './query.ts';
import { eachTerm, toTokens } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** No word has a control character; most terms are of the text and have none before them. */
const FIELD_MARKS: Readonly<Record<Field, string>> = {
	any: '',
	from: '\u0001',
	to: '\u0002',
	cc: '\u0003',
	subject: '\u0004',
	filename: '\u0005'
};
const FLAG_MARK = '\u0006';
const FIELDS: readonly Field[] = ['any', 'from', 'to', 'cc', 'subject', 'filename'];

export function termOf(field: Field, term: string): string {
	return FIELD_MARKS[field] + term;
}

export function flagTerm(flag: Flag): string {
	return FLAG_MARK + flag;
}

/** Calls back with the number of each term of a message; the same one may come more than once. */
export function eachTermOf(
	{ texts, flags }: SearchDocument,
	vocabulary: Vocabulary,
	take: (number: number) => void
): void {
	for (const field of FIELDS) {
		const mark = FIELD_MARKS[field];
		for (const text of texts[field]) {
			if (vocabulary.eachWord(text, mark, take)) continue;
			eachTerm(toTokens(text), (term) => take(vocabulary.numberOf(mark + term)));
		}
	}
	for (const flag of flags) take(vocabulary.numberOf(flagTerm(flag)));
}
