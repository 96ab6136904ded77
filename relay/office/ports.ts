/** What an office needs from outside. The simulator gives it doubles. */

import type { Verifier } from '../../src/lib/crypto/suite.ts';
import type { Drop, Dropped } from '../../src/lib/wire/office.ts';
import type { Refusal } from '../../src/lib/wire/refusal.ts';
import type { TableName, Row } from './tables.ts';

/** Parts without slashes. */
export type Key = readonly string[];

export type Change = {
	[T in TableName]:
		| { readonly table: T; readonly key: Key; readonly put: Row<T> }
		| { readonly table: T; readonly key: Key; readonly remove: true };
}[TableName];

/** No room on disk; nothing of that commit is stored. */
export class StorageFull extends Error {
	override readonly name = 'StorageFull';
}

/**
 * Synchronous, so that what is read and what is then written belong together without a lock: no
 * other request runs between.
 */
export interface OfficeStore {
	get<T extends TableName>(table: T, key: Key): Row<T> | null;
	has(table: TableName, key: Key): boolean;
	/** Rows whose key begins with these whole parts, in the order of their keys. */
	list<T extends TableName>(table: T, prefix: Key, page?: Page): readonly Listed<T>[];
	/** All or none; on disk when it returns, unless it is lazy. Throws StorageFull. */
	commit(changes: readonly Change[], options?: CommitOptions): void;
}

export interface CommitOptions {
	/**
	 * Survives the end of the process; a power cut may take it, with all that was committed after
	 * it. So it is on disk as soon as a later commit that is not lazy has returned.
	 */
	readonly isLazy?: boolean;
}

export interface Page {
	readonly limit: number;
	/** Goes on behind this key. */
	readonly after?: Key;
}

export interface Listed<T extends TableName> {
	readonly key: Key;
	readonly row: Row<T>;
}

export type DropOutcome =
	| { readonly kind: 'dropped'; readonly dropped: Pick<Dropped, 'boot' | 'rootSeq' | 'seq'> }
	| { readonly kind: 'refused'; readonly reason: Refusal }
	/** No answer, or none of a post office. */
	| { readonly kind: 'unreachable' };

export type Note = Pick<Drop, 'knock' | 'sealed' | 'token'>;

/** The ways to other offices, each with a deadline of its own. Never throws. */
export interface Errands {
	/** @param slot 32 bytes */
	drop(url: string, slot: Uint8Array, note: Note): Promise<DropOutcome>;
	/** The word of that office's present run; `null` where it does not answer. */
	boot(url: string): Promise<string | null>;
}

export interface OfficeGround {
	readonly store: OfficeStore;
	readonly verifier: Verifier;
	readonly errands: Errands;
	/** Unix milliseconds. */
	readonly now: () => number;
	/** Resolves after so many ms, or when the signal aborts. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** A send is due now: whoever makes the rounds need not wait for the next one. */
	readonly hurry: () => void;
	/** Lets others have their turn in the middle of long work. */
	readonly breathe: () => Promise<void>;
	/** libp2p peer id: the audience of signed requests. */
	readonly name: string;
	/** Random word of this run. */
	readonly boot: string;
	readonly publicUrl: string;
	/** Bytes of one address. */
	readonly quotaBytes: number;
	/** Addresses that may register, and bytes of all of them together. */
	readonly accounts: number;
	readonly totalBytes: number;
}
