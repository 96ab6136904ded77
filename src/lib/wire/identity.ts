/**
 * The signed public description of an identity (protocol §2).
 *
 * | root record | | card | |
 * |---|---|---|---|
 * | `root` | 32 root key | `root` | 32 root key |
 * | `seq` | max(previous + 1, Unix ms) | `rootSeq`, `seq` | its root record's; own, likewise |
 * | `card` | 32 current card key | `name`, `aliases` | ≤ 64 bytes each |
 * | `revoked` | ≤ 2 {key, since} | `auth` | 32 X25519 authentication key |
 * | `older`? | CID of the record before | `prekey` | {id, xwing, dh, until} |
 * | `successor`? | 32 root key | `offices` | ≤ 3 {url, slot} |
 * | `sig` | 64, root key | `policy`, `avatar`?, `sig` | first contact; CID; 64, card key |
 *
 * `sig` is Ed25519 over `labelled(label, SHA-256(object without sig))`. `prekey.xwing` is the SHA-256
 * of the 1,216-byte X-Wing public key, which is a raw block of its own.
 */

import * as v from 'valibot';
import { createDecoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, bytesUpTo, cid, count, listOf, sequence, text } from './schema.ts';

export const XWING_PUBLIC_BYTES = 1216;
export const PREKEY_ID_BYTES = 8;

const head = { v: v.literal(1) };

const rootRecordSchema = v.looseObject({
	...head,
	t: v.literal('root'),
	root: bytes(32),
	seq: sequence,
	card: bytes(32),
	revoked: listOf(v.looseObject({ key: bytes(32), since: count }), LIMITS.revokedKeys),
	older: v.optional(cid),
	successor: v.optional(bytes(32)),
	sig: bytes(64)
});

const prekeySchema = v.looseObject({
	id: bytes(PREKEY_ID_BYTES),
	xwing: bytes(32),
	dh: bytes(32),
	until: count
});

const officeSchema = v.looseObject({
	/** Base URL, no trailing slash. */
	url: text(LIMITS.urlBytes),
	/** The identity's public slot there. */
	slot: bytes(32)
});

const cardSchema = v.looseObject({
	...head,
	t: v.literal('card'),
	root: bytes(32),
	rootSeq: sequence,
	seq: sequence,
	name: text(LIMITS.nameBytes),
	aliases: listOf(text(LIMITS.nameBytes), LIMITS.aliases),
	avatar: v.optional(cid),
	auth: bytes(32),
	prekey: prekeySchema,
	offices: listOf(officeSchema, LIMITS.postOffices),
	/** Who may write first. `stamp` with its bits comes with stamps; unknown words mean `open`. */
	policy: text(16),
	sig: bytes(64)
});

/** What a directory takes and gives: the signed bytes themselves, so that nothing is re-encoded. */
const bundleSchema = v.looseObject({
	...head,
	t: v.literal('bundle'),
	record: bytesUpTo(LIMITS.bundleBytes),
	card: bytesUpTo(LIMITS.bundleBytes),
	xwing: bytes(XWING_PUBLIC_BYTES)
});

export type RootRecord = v.InferOutput<typeof rootRecordSchema>;
export type Card = v.InferOutput<typeof cardSchema>;
export type Prekey = v.InferOutput<typeof prekeySchema>;
export type CardOffice = v.InferOutput<typeof officeSchema>;
export type Bundle = v.InferOutput<typeof bundleSchema>;

export const rootRecordDecoder = createDecoder('root', LIMITS.rootRecordBytes, rootRecordSchema);
export const cardDecoder = createDecoder('card', LIMITS.cardBytes, cardSchema);
export const bundleDecoder = createDecoder('bundle', LIMITS.bundleBytes, bundleSchema);

/** The order of an identity's cards: root sequence first, then card sequence (protocol §2). */
export interface CardPair {
	readonly rootSeq: number;
	readonly seq: number;
}

export function comparePairs(a: CardPair, b: CardPair): number {
	return a.rootSeq - b.rootSeq || a.seq - b.seq;
}
