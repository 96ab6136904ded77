/**
 * The mail object: RFC 5322 fields (§3.6) plus content and attachments, as they stand inside a
 * `message` body. The identification fields of §3.6.4 are not stored: messages refer to each other
 * by message id.
 *
 * An attachment's chunks are raw blocks of at most 256 KiB, AES-256-GCM under the file's own key,
 * nonce = 4 zero bytes ‖ 64-bit big-endian index. A manifest node lists chunks (depth 0) or nodes.
 */

import * as v from 'valibot';
import { createDecoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, cid, count, listOf, text } from './schema.ts';

/** One person in a field: root key and the display name as the writer knew it. */
export const partySchema = v.looseObject({
	root: bytes(32),
	name: text(LIMITS.nameBytes)
});

const attachmentSchema = v.looseObject({
	name: text(LIMITS.fileNameBytes),
	type: text(LIMITS.mediaTypeBytes),
	size: v.pipe(count, v.maxValue(LIMITS.fileBytes)),
	/** SHA-256 of the content. */
	sha256: bytes(32),
	key: bytes(32),
	manifest: cid,
	/** `cid:` name by which the HTML shows it inline (RFC 2392). */
	inline: v.optional(text(64))
});

export const mailSchema = v.looseObject({
	from: partySchema,
	to: listOf(partySchema, LIMITS.members),
	cc: listOf(partySchema, LIMITS.members),
	subject: text(LIMITS.subjectBytes),
	/** Unix milliseconds by the writer's clock. */
	date: count,
	text: text(LIMITS.contentBytes),
	html: v.optional(text(LIMITS.contentBytes)),
	attachments: listOf(attachmentSchema, LIMITS.attachments),
	/** Message ids, nearest last (In-Reply-To and References in one). */
	answers: listOf(bytes(16), LIMITS.references),
	/** Set in a blind recipient's side thread: an answer goes to the writer only (protocol §4). */
	blind: v.optional(v.boolean()),
	/** When those who have the message let go of it, Unix milliseconds; absent: never. */
	ends: v.optional(count)
});

const manifestSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('manifest'),
	/** 0: `links` are chunks; n: nodes of depth n − 1. */
	depth: v.pipe(count, v.maxValue(LIMITS.manifestDepth)),
	/** Bytes of content below this node. */
	size: v.pipe(count, v.maxValue(LIMITS.fileBytes)),
	links: listOf(cid, LIMITS.manifestFanout)
});

export type Party = v.InferOutput<typeof partySchema>;
export type Attachment = v.InferOutput<typeof attachmentSchema>;
export type Mail = v.InferOutput<typeof mailSchema>;
export type Manifest = v.InferOutput<typeof manifestSchema>;

export const manifestDecoder = createDecoder('manifest', LIMITS.blockBytes, manifestSchema);
