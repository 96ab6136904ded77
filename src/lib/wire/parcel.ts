/**
 * A parcel: what one person has not confirmed yet, as a file that goes by hand (protocol §8.1).
 *
 * | bytes | |
 * |---|---|
 * | 5 | `DEFMS` in ASCII |
 * | 1 | version 1 |
 * | 8 | the first of SHA-256(head): tells "damaged" from "for somebody else" |
 * | 3,200 | head: envelope of purpose `parcel`, without context; its payload is a `parcel` |
 * | the rest | chunks of 262,144 bytes, the last one shorter: AES-256-GCM under the head's key, as of an attachment |
 *
 * The chunks' plaintext is a stream of frames: one `contents`, `bundle-of-entry` after
 * `bundle-of-entry` with parents first, `block` after `block` with a manifest before what it lists,
 * one `parcel-end`, then zeros up to a Padmé length.
 */

import * as v from 'valibot';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equal, utf8 } from './bytes.ts';
import { createDecoder } from './codec.ts';
import { XWING_PUBLIC_BYTES } from './identity.ts';
import { LIMITS } from './limits.ts';
import { accept, refuse, type Result } from './refusal.ts';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';

const MAGIC = utf8('DEFMS');
const VERSION_BYTE = 1;
const CHECK_BYTES = 8;

/** Bytes before the first chunk. */
export const PARCEL_START_BYTES = MAGIC.length + 1 + CHECK_BYTES + LIMITS.parcelHeadBytes;

const parcelSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('parcel'),
	/** Of the chunks; fresh for each parcel. */
	key: bytes(32),
	/** Unix ms by its maker's clock. */
	made: count,
	/** Of its maker, as signed. */
	record: bytesUpTo(LIMITS.rootRecordBytes),
	card: bytesUpTo(LIMITS.cardBytes)
});

/** What a notice says of one thread; `hash` where there is one: SHA-256 of that, as sealed. */
const letterSchema = v.looseObject({
	thread: cid,
	epoch: cid,
	heads: v.pipe(listOf(cid, LIMITS.noticeHeads), v.minLength(1)),
	holders: listOf(text(LIMITS.urlBytes), LIMITS.noticeHolders),
	done: bytes(32),
	hash: v.optional(bytes(32)),
	token: v.optional(bytes(LIMITS.tokenBytes)),
	intro: v.optional(text(LIMITS.introductionBytes))
});

/** What a receipt says, and the `done` of the letter that it answers. */
export const wordSchema = v.looseObject({
	done: bytes(32),
	heads: v.pipe(listOf(cid, LIMITS.receiptHeads), v.minLength(1)),
	state: v.picklist(['delivered', 'refused']),
	reason: v.optional(text(24))
});

const contentsSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('contents'),
	/** The key that the card's prekey names, so that an answer needs no network. */
	xwing: bytes(XWING_PUBLIC_BYTES),
	letters: listOf(letterSchema, LIMITS.parcelLetters),
	words: listOf(wordSchema, LIMITS.parcelWords),
	/** The maker's contact slot for the reader. */
	slot: v.optional(bytes(32)),
	/** `made` of the reader's newest parcel that the maker has taken in whole. */
	taken: v.optional(count)
});

const parcelEndSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('parcel-end'),
	/** How many of each came before. */
	entries: count,
	blocks: count
});

export type Parcel = v.InferOutput<typeof parcelSchema>;
export type ParcelLetter = v.InferOutput<typeof letterSchema>;
export type ParcelWord = v.InferOutput<typeof wordSchema>;
export type ParcelContents = v.InferOutput<typeof contentsSchema>;

export const parcelDecoder = createDecoder('parcel', LIMITS.parcelHeadBytes, parcelSchema);
export const contentsDecoder = createDecoder('contents', LIMITS.frameBytes, contentsSchema);
export const parcelEndDecoder = createDecoder('parcel-end', 256, parcelEndSchema);

/** @param head the envelope, `LIMITS.parcelHeadBytes` */
export function startOfParcel(head: Uint8Array): Uint8Array<ArrayBuffer> {
	return concat(MAGIC, Uint8Array.of(VERSION_BYTE), checkOf(head), head);
}

/**
 * The head's envelope. Refuses `unknown-type` (no parcel of ours), `unknown-version`, `wrong-shape`
 * (cut), `wrong-hash` (damaged).
 */
export function readStartOfParcel(start: Uint8Array): Result<Uint8Array> {
	if (!equal(start.subarray(0, MAGIC.length), MAGIC)) return refuse('unknown-type');
	if (start[MAGIC.length] !== VERSION_BYTE) return refuse('unknown-version');
	if (start.length !== PARCEL_START_BYTES) return refuse('wrong-shape');
	const check = start.subarray(MAGIC.length + 1, MAGIC.length + 1 + CHECK_BYTES);
	const head = start.slice(PARCEL_START_BYTES - LIMITS.parcelHeadBytes);
	return equal(check, checkOf(head)) ? accept(head) : refuse('wrong-hash');
}

function checkOf(head: Uint8Array): Uint8Array {
	return sha256(head).subarray(0, CHECK_BYTES);
}
