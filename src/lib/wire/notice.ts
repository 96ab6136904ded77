/**
 * Notices and receipts: payloads of fixed-size envelopes (protocol §6.3–6.5).
 *
 * | notice, 4,096 bytes sealed | receipt, 1,536 bytes sealed |
 * |---|---|
 * | `id` 16, the notice's own | `heads` ≤ 4 CIDs that are stored now |
 * | `thread`, `epoch` CIDs | `state`: `delivered`, `read` or `refused` |
 * | `heads` ≤ 4 CIDs | `reason`? with `refused` |
 * | `holders` ≤ 2 base URLs | `slot`? 32, contact slot for the receiver of this receipt |
 * | `done` 32 random bytes | |
 * | `record`, `card` of the writer, as signed | |
 * | `token`? 16, `intro`? ≤ 280 bytes: to a public slot | |
 * | `ends`? Unix ms: of the message that it announces | |
 * | `ended`? ≤ 8 {id: 16, at: Unix ms}: its reader's messages that its writer has no more | |
 */

import * as v from 'valibot';
import { createDecoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';

const noticeSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('notice'),
	id: bytes(16),
	thread: cid,
	epoch: cid,
	heads: v.pipe(listOf(cid, LIMITS.noticeHeads), v.minLength(1)),
	holders: listOf(text(LIMITS.urlBytes), LIMITS.noticeHolders),
	done: bytes(32),
	record: bytesUpTo(LIMITS.rootRecordBytes),
	card: bytesUpTo(LIMITS.cardBytes),
	token: v.optional(bytes(LIMITS.tokenBytes)),
	intro: v.optional(text(LIMITS.introductionBytes)),
	/** When the message that it announces ends, Unix milliseconds: nobody has its body after that. */
	ends: v.optional(count),
	/** Messages of the notice's reader that have ended at its writer, and when, Unix milliseconds. */
	ended: v.optional(listOf(v.looseObject({ id: bytes(16), at: count }), LIMITS.noticeEnded))
});

const receiptSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('receipt'),
	heads: v.pipe(listOf(cid, LIMITS.receiptHeads), v.minLength(1)),
	state: v.picklist(['delivered', 'read', 'refused']),
	reason: v.optional(text(24)),
	slot: v.optional(bytes(32))
});

export type Notice = v.InferOutput<typeof noticeSchema>;
export type Receipt = v.InferOutput<typeof receiptSchema>;

export const noticeDecoder = createDecoder('notice', LIMITS.noticeBytes, noticeSchema);
export const receiptDecoder = createDecoder('receipt', LIMITS.receiptBytes, receiptSchema);
