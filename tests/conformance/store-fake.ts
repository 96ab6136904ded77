/** A profile on fake-indexeddb, whose disk can be full. */

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createStore, type Store, type StoreOptions } from '../../src/lib/store/store.ts';
import type { Profile } from './store.ts';

/**
 * Where a full disk shows: at a put; at the commit, when every put has succeeded; or, as in Chromium,
 * by puts that fail with AbortError before the transaction knows why.
 */
export type Fullness = 'at-put' | 'at-commit' | 'by-abort';

/** What the fake's transactions are made of; it does not publish these types. */
interface Internals extends EventTarget {
	readonly mode: IDBTransactionMode;
	readonly error: DOMException | null;
	_started: boolean;
	_state: string;
	_requests: { operation: () => unknown }[];
	_start(): void;
	_abort(errorName: string): void;
	_execRequestAsync(request: { operation: () => unknown }): unknown;
}

const transactions = IDBTransaction.prototype as unknown as Internals;
const { _start: start, _execRequestAsync: execute } = transactions;

export function openFake(options: Partial<StoreOptions> = {}): Store {
	return createStore({ suite: async () => nobleSuite, ...options });
}

/** A new, empty world of IndexedDB; at most one at a time. */
export function makeFakeProfile(fullness: Fullness): Profile {
	globalThis.indexedDB = new IDBFactory();
	return {
		open: openFake,
		fill: (isFull) => (isFull ? fillDisk(fullness) : emptyDisk()),
		end: emptyDisk
	};
}

function fillDisk(fullness: Fullness): void {
	if (fullness === 'at-put') transactions._execRequestAsync = refuseThePut;
	else if (fullness === 'at-commit') transactions._start = refuseTheCommit;
	else transactions._start = abortFirst;
}

function emptyDisk(): void {
	transactions._start = start;
	transactions._execRequestAsync = execute;
}

function refuseThePut(this: Internals, request: { operation: () => unknown }): unknown {
	if (this.mode !== 'readwrite') return execute.call(this, request);
	const operation = () => {
		throw new DOMException('no room', 'QuotaExceededError');
	};
	return execute.call(this, { ...request, operation });
}

/** After all requests have succeeded, where IndexedDB writes its log. */
function refuseTheCommit(this: Internals): void {
	const isEnd = this._started && this._requests.length === 0 && this._state !== 'finished';
	if (this.mode === 'readwrite' && isEnd) this._abort('QuotaExceededError');
	else start.call(this);
}

function abortFirst(this: Internals): void {
	if (this.mode !== 'readwrite' || this._state === 'finished') return start.call(this);
	this._abort('QuotaExceededError');
	const { error } = this;
	Object.defineProperty(this, 'error', { value: null, configurable: true });
	this.addEventListener('abort', () => {
		Object.defineProperty(this, 'error', { value: error });
	});
}
