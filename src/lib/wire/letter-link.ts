/**
 * A letter link: opens one letter in any browser, and lets its first opener answer as a guest
 * (docs/decisions/0012-letter-links.md).
 *
 * Bytes: version 1 ‖ secret of the seat 32 ‖ writer's root key 32 ‖ SHA-256 of the letter's header 32 ‖
 * day 2 ‖ check 4 ‖ post office URL, in base64url, after `#l=`. The day counts from 1 January 1970; the
 * link ends with it, in UTC. The check is the first 4 bytes of SHA-256 of all that stands before it and
 * the URL: a damaged link must not be taken for one that somebody else has answered. The whole link has
 * at most 300 characters.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equal, fromBase64url, fromUtf8, toBase64url, utf8 } from './bytes.ts';
import { sha256ToObjectCid } from './codec.ts';
import { cidToEntryId, idToCid, rootKeyToAddress, type Address, type EntryId } from './ids.ts';
import { isOfficeUrl } from './invite.ts';
import { LIMITS } from './limits.ts';

export interface LetterLink {
	/** 32 bytes: all keys of the seat come from it (`identity/seat.ts`). */
	readonly secret: Uint8Array<ArrayBuffer>;
	/** Root key of whoever wrote the letter. */
	readonly root: Uint8Array<ArrayBuffer>;
	readonly address: Address;
	/** The entry that says the letter. */
	readonly letter: EntryId;
	/** When it ends, Unix ms: a midnight in UTC. */
	readonly until: number;
	/** Base URL of the post office that has the letter. */
	readonly office: string;
}

const VERSION_BYTE = 1;
const PARAMETER = '#l=';
const KEY_BYTES = 32;
const DAY_BYTES = 2;
const CHECK_BYTES = 4;
const HEAD_BYTES = 1 + 3 * KEY_BYTES + DAY_BYTES;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The midnight in UTC with which a link of so many days ends that is made now: never less than those. */
export function endOfLink(nowMs: number, days: number): number {
	return (Math.ceil(nowMs / DAY_MS) + days) * DAY_MS;
}

/** `null` where the link would be longer than 300 characters: the URL of app or office is too long. */
export function formatLetterLink(
	appUrl: string,
	{ secret, root, letter, until, office }: Omit<LetterLink, 'address'>
): string | null {
	const day = until / DAY_MS - 1;
	const head = concat(
		Uint8Array.of(VERSION_BYTE),
		secret,
		root,
		idToCid(letter).multihash.digest,
		Uint8Array.of(day >>> 8, day & 0xff)
	);
	const url = utf8(office);
	const link = `${appUrl}${PARAMETER}${toBase64url(concat(head, checkOf(head, url), url))}`;
	return link.length <= LIMITS.inviteCharacters ? link : null;
}

/** Takes a whole link, its fragment, or the code alone; `null` where it is no letter link of ours. */
export function parseLetterLink(link: string): LetterLink | null {
	const trimmed = link.trim();
	if (trimmed.length > LIMITS.inviteCharacters) return null;
	const start = trimmed.indexOf(PARAMETER);
	const packed = fromBase64url(start < 0 ? trimmed : trimmed.slice(start + PARAMETER.length));
	return packed === null ? null : bytesToLink(packed);
}

function bytesToLink(packed: Uint8Array<ArrayBuffer>): LetterLink | null {
	if (packed.length <= HEAD_BYTES + CHECK_BYTES || packed[0] !== VERSION_BYTE) return null;
	const head = packed.slice(0, HEAD_BYTES);
	const url = packed.slice(HEAD_BYTES + CHECK_BYTES);
	if (!equal(packed.slice(HEAD_BYTES, HEAD_BYTES + CHECK_BYTES), checkOf(head, url))) return null;
	const [secret, root, digest] = [0, 1, 2].map((at) =>
		head.slice(1 + at * KEY_BYTES, 1 + (at + 1) * KEY_BYTES)
	);
	if (secret === undefined || root === undefined || digest === undefined) return null;
	const [high = 0, low = 0] = head.slice(HEAD_BYTES - DAY_BYTES);
	try {
		const office = fromUtf8(url);
		if (!isOfficeUrl(office)) return null;
		const letter = cidToEntryId(sha256ToObjectCid(digest));
		const until = (high * 256 + low + 1) * DAY_MS;
		return { secret, root, address: rootKeyToAddress(root), letter, until, office };
	} catch {
		return null; // not UTF-8: whoever made this link, it was not this code
	}
}

function checkOf(head: Uint8Array, url: Uint8Array): Uint8Array {
	return sha256(concat(head, url)).slice(0, CHECK_BYTES);
}
