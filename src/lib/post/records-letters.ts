/** Rows of letter links: those that this user gave out, and those that they answered (see `records.ts`). */

import type { Address, BlockId, EntryId, MessageId, ThreadId } from '../wire/ids.ts';

export type LetterRecord = WrittenLetter | OpenedLetterRecord;

/** A letter of ours that a link opens. */
export interface WrittenLetter {
	readonly kind: 'written';
	readonly thread: ThreadId;
	/** The member whose keys the link carries. */
	readonly seat: Address;
	readonly message: MessageId;
	readonly letter: EntryId;
	/** For whom it is, as its writer says. */
	readonly name: string;
	/** 32 bytes; gone once the link is closed. */
	readonly secret?: Uint8Array;
	/** When the link ends, Unix ms. */
	readonly until: number;
	/** Blocks that give the thread's first secret away: the own office lets go of them at the end. */
	readonly wraps: readonly BlockId[];
	/** `answered`: somebody came in by it. What became of it once is never changed. */
	readonly state: 'open' | 'answered' | 'revoked' | 'expired';
	/** Who came in by it. More than one, where several opened it before our device heard of the first. */
	readonly by: readonly Address[];
	readonly createdAt: number;
}

/** Somebody else's, into which this user came by its link. */
export interface OpenedLetterRecord {
	readonly kind: 'opened';
	readonly thread: ThreadId;
	readonly seat: Address;
	readonly letter: EntryId;
	readonly createdAt: number;
}
