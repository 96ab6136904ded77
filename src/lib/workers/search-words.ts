/** What a page and its search worker say to each other. Both are of one build: nothing is checked. */

import type { Piece } from '../search/hits.ts';
import type { Query, ThreadTest } from '../search/query.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';

export interface MessageKey {
	readonly thread: ThreadId;
	readonly id: MessageId;
}

export interface Find {
	readonly type: 'find';
	/** Greater with every question: an older one is not answered any more. */
	readonly number: number;
	readonly query: Query;
	/** For each test in the query the threads of which it is true. */
	readonly threads: readonly { readonly test: ThreadTest; readonly ids: readonly string[] }[];
	/** Threads that are not looked into. */
	readonly without: readonly string[];
	/** Threads that are wanted. */
	readonly limit: number;
}

export type ToWorker =
	| Find
	/** This page wrote these, or removed them. */
	| { readonly type: 'touched'; readonly messages: readonly MessageKey[] }
	/** Another page, or the service worker, wrote messages. */
	| { readonly type: 'look' }
	/** Messages got an end date, or came to it. */
	| { readonly type: 'ends' }
	/** The index was written by another worker. */
	| { readonly type: 'reload' };

/** The newest message of a thread that answers. */
export interface Hit extends MessageKey {
	readonly order: number;
	readonly line: readonly Piece[];
}

export interface Found {
	readonly type: 'found';
	readonly number: number;
	/** Newest first, one a thread. */
	readonly hits: readonly Hit[];
	readonly hasMore: boolean;
}

export interface IndexState {
	readonly type: 'state';
	/** Messages that the index knows, and that there are. */
	readonly indexed: number;
	readonly total: number;
	/** Does it answer? Before that it is still being read. */
	readonly isReady: boolean;
	/** Is it reading messages just now? */
	readonly isWorking: boolean;
}

export type FromWorker = Found | IndexState;
