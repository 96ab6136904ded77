/**
 * Frames of the one long-lived stream between two proved peers, `/defms/1/sync` (protocol §5).
 *
 * | frame | way | meaning |
 * |---|---|---|
 * | `hello` | dialler → | who dials, with a nonce; a stranger is challenged like everybody and fails at the proof |
 * | `challenge` | ← listener | a nonce |
 * | `proof` | both, dialler first | HMAC(HKDF(X25519(authentication keys)), role ‖ peer ids ‖ nonces) |
 * | `ranges` | both | a message of reconciliation; `thread` absent: over threads, else inside one |
 * | `want` | both | entries asked by id, or the ancestors of heads that are missing |
 * | `entries` | both | a batch, parents before children; `push` of a new one is the same frame |
 * | `ack` | both | these are durably stored, or present |
 * | `nack` | both | this one is refused for good, with the reason |
 * | `bare` | both | of these the headers are stored here, and their bodies did not come |
 * | `parted` | both | whom this is said to is no member of the thread any more |
 * | `ask` | both | raw blocks by CID |
 * | `block` | both | one block; `data` null: not here |
 * | `credit` | both | so many more bytes of `entries` and `block` may be sent |
 */

import * as v from 'valibot';
import { anyDecoder, createDecoder, type Decoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';

export const SYNC_PROTOCOL = '/defms/1/sync';
export const NONCE_BYTES = 32;
export const TAG_BYTES = 16;

const head = { v: v.literal(1) };

const helloSchema = v.looseObject({
	...head,
	t: v.literal('hello'),
	root: bytes(32),
	nonce: bytes(NONCE_BYTES)
});
const challengeSchema = v.looseObject({
	...head,
	t: v.literal('challenge'),
	nonce: bytes(NONCE_BYTES)
});
const proofSchema = v.looseObject({ ...head, t: v.literal('proof'), mac: bytes(32) });
const rangesSchema = v.looseObject({
	...head,
	t: v.literal('ranges'),
	/** Blinded tag of the thread: HMAC(session key, thread id), first 16 bytes. */
	thread: v.optional(bytes(TAG_BYTES)),
	data: bytesUpTo(LIMITS.frameBytes)
});
const wantSchema = v.looseObject({
	...head,
	t: v.literal('want'),
	thread: cid,
	ids: listOf(cid, LIMITS.batchEntries)
});
const carriedSchema = v.looseObject({
	header: bytesUpTo(LIMITS.headerBytes),
	body: v.nullable(bytesUpTo(LIMITS.bodyBytes + 64)),
	wraps: listOf(bytesUpTo(LIMITS.blockBytes), LIMITS.wrapBlocks),
	/** The body follows. */
	later: v.optional(v.literal(true))
});
const entriesSchema = v.looseObject({
	...head,
	t: v.literal('entries'),
	entries: listOf(carriedSchema, LIMITS.batchEntries)
});
const ackSchema = v.looseObject({
	...head,
	t: v.literal('ack'),
	ids: listOf(cid, LIMITS.batchEntries)
});
const nackSchema = v.looseObject({ ...head, t: v.literal('nack'), id: cid, reason: text(24) });
const bareSchema = v.looseObject({
	...head,
	t: v.literal('bare'),
	thread: cid,
	ids: listOf(cid, LIMITS.batchEntries)
});
const partedSchema = v.looseObject({
	...head,
	t: v.literal('parted'),
	/** As in `ranges`. */
	thread: bytes(TAG_BYTES),
	/** The epoch entry since which it is so; its reader may not be able to open it. */
	epoch: cid,
	/** Who made it: the reader itself, if it left. */
	by: bytes(32)
});
const askSchema = v.looseObject({
	...head,
	t: v.literal('ask'),
	cids: listOf(cid, LIMITS.blocksPerRequest)
});
const peerBlockSchema = v.looseObject({
	...head,
	t: v.literal('block'),
	cid,
	data: v.nullable(bytesUpTo(LIMITS.blockBytes))
});
const creditSchema = v.looseObject({ ...head, t: v.literal('credit'), bytes: count });

export type Hello = v.InferOutput<typeof helloSchema>;
export type Challenge = v.InferOutput<typeof challengeSchema>;
export type Proof = v.InferOutput<typeof proofSchema>;
export type Ranges = v.InferOutput<typeof rangesSchema>;
export type Want = v.InferOutput<typeof wantSchema>;
export type Entries = v.InferOutput<typeof entriesSchema>;
export type Ack = v.InferOutput<typeof ackSchema>;
export type Nack = v.InferOutput<typeof nackSchema>;
export type Bare = v.InferOutput<typeof bareSchema>;
export type Parted = v.InferOutput<typeof partedSchema>;
export type Ask = v.InferOutput<typeof askSchema>;
export type PeerBlock = v.InferOutput<typeof peerBlockSchema>;
export type Credit = v.InferOutput<typeof creditSchema>;
export type SyncFrame =
	| Hello
	| Challenge
	| Proof
	| Ranges
	| Want
	| Entries
	| Ack
	| Nack
	| Bare
	| Parted
	| Ask
	| PeerBlock
	| Credit;

const SMALL_FRAME = 1024;

/** Before the proof only these, and only small: a stranger cannot make us parse half a megabyte. */
export const helloDecoder = createDecoder('hello', SMALL_FRAME, helloSchema);
export const challengeDecoder = createDecoder('challenge', SMALL_FRAME, challengeSchema);
export const proofDecoder = createDecoder('proof', SMALL_FRAME, proofSchema);

const frameSchema = v.variant('t', [
	helloSchema,
	challengeSchema,
	proofSchema,
	rangesSchema,
	wantSchema,
	entriesSchema,
	ackSchema,
	nackSchema,
	bareSchema,
	partedSchema,
	askSchema,
	peerBlockSchema,
	creditSchema
]);

/** Any frame of a proved peer; a type of a later version is `unknown-type` and skipped. */
export const syncFrameDecoder: Decoder<SyncFrame> = anyDecoder<SyncFrame>(
	'sync frame',
	LIMITS.frameBytes,
	frameSchema,
	[
		helloDecoder,
		challengeDecoder,
		proofDecoder,
		createDecoder('ranges', LIMITS.frameBytes, rangesSchema),
		createDecoder('want', LIMITS.frameBytes, wantSchema),
		createDecoder('entries', LIMITS.frameBytes, entriesSchema),
		createDecoder('ack', LIMITS.frameBytes, ackSchema),
		createDecoder('nack', LIMITS.frameBytes, nackSchema),
		createDecoder('bare', LIMITS.frameBytes, bareSchema),
		createDecoder('parted', LIMITS.frameBytes, partedSchema),
		createDecoder('ask', LIMITS.frameBytes, askSchema),
		createDecoder('block', LIMITS.frameBytes, peerBlockSchema),
		createDecoder('credit', LIMITS.frameBytes, creditSchema)
	]
);
