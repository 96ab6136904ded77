/**
 * What stands inside the sealed bodies of entries, before padding (protocol §3, §4, §8.4).
 *
 * | all kinds | |
 * |---|---|
 * | `id` | 16 random bytes, unique per writer; survives re-sealing |
 * | `clock` | hybrid logical clock, 8 bytes: 48-bit ms ‖ 16-bit count, big-endian |
 * | `writer` | 32, the device's writer key in this thread |
 * | `cert` | certificate of the writer key by the member's join key |
 * | `vouches` | ≤ 64 {to: root key, mac: 16}: DH authenticators for members added since |
 * | `sig` | 64, writer key, over label ‖ SHA-256(header core) ‖ SHA-256(body without `sig`) |
 *
 * | `state` (epoch) | `join` | `message` | `archive` | `withdraw` |
 * |---|---|---|---|---|
 * | members, creator, open, rules, listKeys, previous? | root, joinKey, seedSig | mail, record? | messages | target |
 */

import * as v from 'valibot';
import { anyDecoder, createDecoder, type Decoder } from './codec.ts';
import { LIMITS } from './limits.ts';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';
import { mailSchema, partySchema } from './mail.ts';

export const CLOCK_BYTES = 8;
export const VOUCH_BYTES = 16;

/** A join key's word for one device: its writer key here and its libp2p peer id. */
const certificateSchema = v.looseObject({
	/** 32: the member's root key. */
	root: bytes(32),
	writer: bytes(32),
	peer: text(64),
	/** 64, join key, over `labelled(certificate, salt of the first epoch, root, writer, peer)`. */
	sig: bytes(64)
});

const vouchSchema = v.looseObject({ to: bytes(32), mac: bytes(VOUCH_BYTES) });

const head = {
	v: v.literal(1),
	id: bytes(16),
	clock: bytes(CLOCK_BYTES),
	writer: bytes(32),
	cert: certificateSchema,
	vouches: listOf(vouchSchema, LIMITS.members),
	sig: bytes(64)
};

const memberSchema = v.looseObject({
	root: bytes(32),
	/** CIDs of root record and card; the bytes stand in `records` of the same body. */
	record: cid,
	card: cid,
	/** The member's join key; absent until it has joined. */
	join: v.optional(bytes(32)),
	/** Public key of its join seed; absent once `join` is there. */
	seed: v.optional(bytes(32)),
	/** With a join key that is new in this list: 64, key of the join seed, as in `join`. */
	seedSig: v.optional(bytes(64)),
	/** The member's slot for this thread; its secret stands in the member's wrap. */
	slot: bytes(32),
	devices: listOf(certificateSchema, LIMITS.devices)
});

const ruleSchema = v.looseObject({
	/** Who may add and who may write: `creator` or `members`. */
	add: v.picklist(['creator', 'members']),
	write: v.picklist(['creator', 'members'])
});

/** Until when what is written in a thread is kept. */
const endRuleSchema = v.looseObject({
	/** So many milliseconds after the date of each message. */
	after: v.optional(count),
	/** Unix milliseconds, the same for all. */
	at: v.optional(count)
});

const openFieldsSchema = v.looseObject({
	from: listOf(partySchema, LIMITS.members),
	to: listOf(partySchema, LIMITS.members),
	cc: listOf(partySchema, LIMITS.members),
	subject: text(LIMITS.subjectBytes)
});

const stateSchema = v.looseObject({
	...head,
	t: v.literal('state'),
	creator: bytes(32),
	members: v.pipe(listOf(memberSchema, LIMITS.members), v.minLength(1)),
	/** Root records and cards that `members` name, in any order. */
	records: listOf(bytesUpTo(LIMITS.cardBytes), 2 * LIMITS.members),
	open: openFieldsSchema,
	rules: ruleSchema,
	/** List keys of the nearest epoch ancestors, so that newcomers compute the same fold. */
	listKeys: listOf(v.looseObject({ epoch: cid, key: bytes(32) }), LIMITS.listKeys),
	/** The thread that this one continues. */
	previous: v.optional(cid),
	/** In the first epoch of a thread, where alone it counts. */
	ends: v.optional(endRuleSchema)
});

const joinSchema = v.looseObject({
	...head,
	t: v.literal('join'),
	root: bytes(32),
	join: bytes(32),
	/** 64, key of the join seed, over `labelled(join-seed, salt of the first epoch, root, join)`. */
	seedSig: bytes(64)
});

const messageSchema = v.looseObject({
	...head,
	t: v.literal('message'),
	mail: mailSchema,
	/** On the record: 64, card key (protocol §3). Absent: off the record. */
	record: v.optional(bytes(64))
});

const archiveSchema = v.looseObject({
	...head,
	t: v.literal('archive'),
	messages: listOf(
		v.looseObject({ root: bytes(32), mail: mailSchema, record: v.optional(bytes(64)) }),
		LIMITS.references
	)
});

const withdrawSchema = v.looseObject({ ...head, t: v.literal('withdraw'), target: bytes(16) });

/** What a member's wrap holds, as the payload of its envelope. */
const wrapPayloadSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('wrap'),
	secret: bytes(32),
	/** Seed of the member's first `join`; absent once it has joined. */
	seed: v.optional(bytes(32)),
	/** Secret whose SHA-256 is the member's slot for this thread; absent: unchanged. */
	slot: v.optional(bytes(32)),
	/** The maker's contact slot for this member: where to write to the maker. */
	contact: v.optional(bytes(32))
});

export type Certificate = v.InferOutput<typeof certificateSchema>;
export type Vouch = v.InferOutput<typeof vouchSchema>;
export type Member = v.InferOutput<typeof memberSchema>;
export type Rules = v.InferOutput<typeof ruleSchema>;
export type EndRule = v.InferOutput<typeof endRuleSchema>;
export type OpenFields = v.InferOutput<typeof openFieldsSchema>;
export type StateBody = v.InferOutput<typeof stateSchema>;
export type JoinBody = v.InferOutput<typeof joinSchema>;
export type MessageBody = v.InferOutput<typeof messageSchema>;
export type ArchiveBody = v.InferOutput<typeof archiveSchema>;
export type WithdrawBody = v.InferOutput<typeof withdrawSchema>;
export type EntryBody = JoinBody | MessageBody | ArchiveBody | WithdrawBody;
export type Body = StateBody | EntryBody;
export type WrapPayload = v.InferOutput<typeof wrapPayloadSchema>;

export const stateDecoder = createDecoder('state', LIMITS.bodyBytes, stateSchema);
export const joinDecoder = createDecoder('join', LIMITS.bodyBytes, joinSchema);
export const messageDecoder = createDecoder('message', LIMITS.bodyBytes, messageSchema);
export const archiveDecoder = createDecoder('archive', LIMITS.bodyBytes, archiveSchema);
export const withdrawDecoder = createDecoder('withdraw', LIMITS.bodyBytes, withdrawSchema);
export const wrapPayloadDecoder = createDecoder('wrap', 1024, wrapPayloadSchema);

/**
 * The body of an `entry`, of whichever kind. `unknown-type` is no fault of the writer: the entry is
 * kept and skipped (protocol §1).
 */
export const entryBodyDecoder: Decoder<EntryBody> = anyDecoder<EntryBody>(
	'entry body',
	LIMITS.bodyBytes,
	v.union([messageSchema, joinSchema, archiveSchema, withdrawSchema]),
	[messageDecoder, joinDecoder, archiveDecoder, withdrawDecoder]
);
