/** How the index writes words of each field, and what it knows besides words. */

import type { SearchDocument } from './search-document.ts';
import type { Field, Flag } from './search-query.ts';
import { eachTerm, toTokens } from './search-tokens.ts';

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

/** Calls back with each term of a message; the same one may come more than once. */
export function eachTermOf({ texts, flags }: SearchDocument, take: (term: string) => void): void {
	for (const field of FIELDS) {
		const mark = FIELD_MARKS[field];
		const takeMarked = mark === '' ? take : (term: string) => take(mark + term);
		for (const text of texts[field]) eachTerm(toTokens(text), takeMarked);
	}
	for (const flag of flags) take(flagTerm(flag));
}
