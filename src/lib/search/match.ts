/** Does one message answer a query? Read from the message itself: what the index says is held to it. */

import type { ThreadId } from '../wire/ids.ts';
import type { SearchDocument } from './document.ts';
import type { Query, ThreadTest } from './query.ts';
import { findRuns, toTokens } from './tokens.ts';

/** Asked of a thread's row. */
export type ThreadAnswer = (test: ThreadTest, thread: ThreadId) => boolean;

export function matches(query: Query, document: SearchDocument, answer: ThreadAnswer): boolean {
	switch (query.kind) {
		case 'all':
			return query.of.every((part) => matches(part, document, answer));
		case 'any':
			return query.of.some((part) => matches(part, document, answer));
		case 'not':
			return !matches(query.it, document, answer);
		case 'words':
			return document.texts[query.field].some(
				(text) => findRuns(toTokens(text), query.tokens, query.isWhole).length > 0
			);
		case 'flag':
			return document.flags.includes(query.flag);
		case 'thread':
			return answer(query.test, document.thread);
		case 'time':
			return document.order >= query.since && document.order < query.before;
		case 'size':
			return document.size >= query.least && document.size <= query.most;
	}
}
