/** What a search asks of threads: their rows say it at the moment of the question, the index does not know. */

import type { ListedThread } from '../post/listed.ts';
import { fold } from '../search/fold.ts';
import type { Query, ThreadTest } from '../search/query.ts';
import { isShown } from './rows.ts';

/** What the reader has done with a thread, as far as its row says. */
export interface Filed {
	readonly isStarred?: boolean;
	readonly isPinned?: boolean;
	readonly isMuted?: boolean;
	/** Unix ms. */
	readonly snoozedUntil?: number | undefined;
}

type Thread = Pick<ListedThread, 'place' | 'unread'> & Filed;

export interface Filing<T extends Thread = ListedThread> {
	readonly now: number;
	/** Names of a thread's labels; of a nested one also that of the whole way: `Travel/Rome`. */
	readonly labelsOf: (thread: T) => readonly string[];
}

export function isTrueOf<T extends Thread>(
	test: ThreadTest,
	thread: T,
	filing: Filing<T>
): boolean {
	const isSnoozed = (thread.snoozedUntil ?? 0) > filing.now;
	switch (test.is) {
		case 'unread':
			return thread.unread > 0;
		case 'read':
			return thread.unread === 0;
		case 'starred':
			return thread.isStarred === true;
		case 'pinned':
			return thread.isPinned === true;
		case 'muted':
			return thread.isMuted === true;
		case 'snoozed':
			return isSnoozed;
		case 'inbox':
			return thread.place === 'inbox' && !isSnoozed;
		case 'archive':
		case 'trash':
			return thread.place === test.is;
		case 'labelled':
			return filing.labelsOf(thread).some((name) => isBelow(fold(name), test.label));
	}
}

/** `travel` finds `Travel` and `Travel/Rome`. */
function isBelow(name: string, label: string): boolean {
	return name === label || name.startsWith(`${label}/`);
}

export interface Looked {
	readonly threads: readonly { readonly test: ThreadTest; readonly ids: readonly string[] }[];
	/** Threads that are not looked into: hidden ones, and the trash unless the query names a place. */
	readonly without: readonly string[];
}

export function lookUp(
	query: Query,
	threads: readonly ListedThread[],
	filing: Filing,
	namesPlace: boolean
): Looked {
	const tests = new Map(testsOf(query).map((test) => [JSON.stringify(test), test]));
	const isOut = (thread: ListedThread) =>
		!isShown(thread) || (!namesPlace && thread.place === 'trash');
	return {
		threads: [...tests.values()].map((test) => ({
			test,
			ids: threads.filter((thread) => isTrueOf(test, thread, filing)).map(({ id }) => id)
		})),
		without: threads.filter(isOut).map(({ id }) => id)
	};
}

function testsOf(query: Query): ThreadTest[] {
	switch (query.kind) {
		case 'all':
		case 'any':
			return query.of.flatMap(testsOf);
		case 'not':
			return testsOf(query.it);
		case 'thread':
			return [query.test];
		case 'words':
		case 'flag':
		case 'time':
		case 'size':
			return [];
	}
}
