/**
 * What one replica keeps secret of a thread: plain data, raw bytes, sealed by whoever stores it.
 * Everything else of a thread is rebuilt from its entry bundles with this.
 */

import type { EntryId } from '../wire/ids.ts';

export interface ThreadSecrets {
	readonly epochs: Readonly<Record<EntryId, EpochSecrets>>;
	/** Hex of writer keys whose authenticator for us has verified, so that a restart need not ask. */
	readonly sureWriters: readonly string[];
}

export interface EpochSecrets {
	/** 32 bytes; absent where we were not given it, or after it was destroyed. */
	readonly secret?: Uint8Array;
	/** 32 bytes; opens the epoch's member list, and is kept for good. */
	readonly listKey: Uint8Array;
	/** Ed25519 seed of our first `join` under this epoch. */
	readonly joinSeed?: Uint8Array;
	/** Secret of our slot for this thread, as this epoch's maker chose it. */
	readonly slot?: Uint8Array;
	/** The maker's contact slot for us: where to write to the maker. */
	readonly contact?: Uint8Array;
	/** Unix ms when the epoch entry was opened here: 50 days later `secret` goes. */
	readonly storedAt: number;
}

export const NO_SECRETS: ThreadSecrets = { epochs: {}, sureWriters: [] };
