/**
 * A proof: one on-record message with all that shows a third party who signed it (protocol §3). It is
 * a file of its own; nothing sends it.
 *
 * | `on-record` | |
 * |---|---|
 * | `thread` | CID of the thread in which it was said |
 * | `said` | what the signature covers: the mail without what opens its attachments, and without what it answers |
 * | `sig` | 64, card key, over `labelled(on-record, 1, thread, said.from.root, said)` |
 * | `record`, `card` | root record that appoints that card key, and a card under it, as signed |
 * | `others` | ≤ 8 other root records of the writer, as signed: what became of the card key |
 *
 * `said` and its parts take no unknown fields: what is not signed has no place there.
 */

import * as v from 'valibot';
import { createDecoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';

const partySchema = v.strictObject({
	root: bytes(32),
	name: text(LIMITS.nameBytes)
});

const fileSchema = v.strictObject({
	name: text(LIMITS.fileNameBytes),
	type: text(LIMITS.mediaTypeBytes),
	size: v.pipe(count, v.maxValue(LIMITS.fileBytes)),
	/** SHA-256 of the content. */
	sha256: bytes(32)
});

const saidSchema = v.strictObject({
	from: partySchema,
	to: listOf(partySchema, LIMITS.members),
	cc: listOf(partySchema, LIMITS.members),
	subject: text(LIMITS.subjectBytes),
	/** Unix milliseconds by the writer's clock. */
	date: count,
	text: text(LIMITS.contentBytes),
	html: v.optional(text(LIMITS.contentBytes)),
	attachments: listOf(fileSchema, LIMITS.attachments)
});

const proofSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('on-record'),
	thread: cid,
	said: saidSchema,
	sig: bytes(64),
	record: bytesUpTo(LIMITS.rootRecordBytes),
	card: bytesUpTo(LIMITS.cardBytes),
	others: listOf(bytesUpTo(LIMITS.rootRecordBytes), LIMITS.proofRecords)
});

export type Said = v.InferOutput<typeof saidSchema>;
export type SaidFile = v.InferOutput<typeof fileSchema>;
export type Proof = v.InferOutput<typeof proofSchema>;

/** What stands beside a message's mail to prove it: signature, root record and card as signed. */
export type Testimony = Pick<Proof, 'sig' | 'record' | 'card'>;

export const onRecordDecoder = createDecoder('on-record', LIMITS.proofBytes, proofSchema);
