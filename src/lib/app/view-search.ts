/** Search, as the screens see it. */

import type { Completion, Completions } from '../search/complete.ts';
import type { Piece, Range } from '../search/hits.ts';
import type { Operator, Problem } from '../search/query.ts';
import type { Row } from './view.ts';

export type { Completion, Completions, Operator, Piece, Problem, Range };

export interface Search {
	/** What is asked; empty: nothing. */
	readonly text: string;
	/** Answered while it is being typed; the empty text ends the search. */
	ask(text: string): void;
	/** Null: nothing was asked, or the first answer is on its way. */
	readonly found: Found | null;
	/** Asks for as many again. */
	more(): void;
	/** Null: all is indexed, as far as this tab knows. */
	readonly progress: { readonly indexed: number; readonly total: number } | null;
	/** What the word under the caret may become. Empty until the search is loaded, which `ask` begins. */
	complete(text: string, caret: number): Completions;
	/** Gets ready for questions; also called by whoever shows the search. */
	warm(): void;
	/** Where what is asked for stands in a text. */
	hitsIn(text: string): readonly Range[];
	/** The newest message of a thread that answers; null: none, or nothing is asked. */
	hitIn(threadId: string): string | null;
}

export interface Found {
	/** The question that is answered: what is asked may be newer. */
	readonly text: string;
	/** A row for each thread, by its newest message that answers; newest first. */
	readonly rows: readonly Row[];
	readonly hasMore: boolean;
	/** Values that could not be read, and were left out. */
	readonly problems: readonly Problem[];
}
