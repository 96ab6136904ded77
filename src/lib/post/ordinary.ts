/**
 * People with ordinary mail addresses, as they stand in messages that were brought from elsewhere. They
 * have no keys. In a party of such a message `root` is 32 zero bytes, which is nobody's key (a point of
 * low order), and the further field `ordinary` is the address. In rows of this mailbox alone it stands
 * where else an address of ours does; it holds an `@`, which ours never do.
 */

import { equal } from '../wire/bytes.ts';
import { KEY_BYTES, parseOrdinary, rootKeyToAddress, type Address } from '../wire/ids.ts';
import type { Party } from '../wire/mail.ts';

const NO_ROOT = new Uint8Array(KEY_BYTES);

/** For mail that says of nobody who wrote it; the domain is reserved for that (RFC 2606 §2). */
const UNKNOWN = 'unknown@mail.invalid';

/** @param text as a header field says it; what is no address at all counts as unknown */
export function ordinaryParty(name: string, text: string): Party {
	return { root: NO_ROOT, name, ordinary: parseOrdinary(text) ?? UNKNOWN };
}

/** Whose field it is: an identity, or an ordinary address. */
export function addressOf(party: Party): Address {
	const { ordinary, root } = party;
	const parsed =
		typeof ordinary === 'string' && equal(root, NO_ROOT) ? parseOrdinary(ordinary) : null;
	return parsed ?? rootKeyToAddress(root);
}

export function isOrdinary(address: string): boolean {
	return address.includes('@');
}
