/** The fingerprint of a replica: equal for two that hold the same entries. */

import { sha256 } from '@noble/hashes/sha2.js';
import { compare, concat } from '../wire/bytes.ts';
import { idToCid, type EntryId } from '../wire/ids.ts';

/** What stands for an entry in reconciliation: the SHA-256 in its CID, 32 bytes. */
export function entryItems(ids: Iterable<EntryId>): Uint8Array[] {
	return [...ids].map((id) => idToCid(id).multihash.digest);
}

/** SHA-256 of the entries' items in order, 32 bytes. Told to nobody but under a session's key. */
export function printOfEntries(ids: Iterable<EntryId>): Uint8Array {
	return sha256(concat(...entryItems(ids).sort(compare)));
}
