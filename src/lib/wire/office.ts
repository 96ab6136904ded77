/**
 * What a post office and its users say to each other over HTTP (protocol §6).
 *
 * | request | who | body → answer |
 * |---|---|---|
 * | `GET /.well-known/defms.json` | anyone | → `Terms` as JSON |
 * | `PUT /v1/cards/<address>` | anyone, it proves itself | bundle → 204 |
 * | `GET /v1/cards/<address>` | anyone | → bundle |
 * | `POST /v1/devices` | card key | enrolment → 204 |
 * | `POST /v1/blocks` | device | framed `block` → 204, only after they are on disk |
 * | `POST /v1/blocks/get` | who names the CIDs | `cids` → framed `block`, missing ones left out |
 * | `POST /v1/blocks/missing` | device | `cids` → `cids`, those it does not keep for this address; the others' term begins anew |
 * | `POST /v1/blocks/delete` | device | `cids` → 204 |
 * | `POST /v1/ancestors` | who names the heads | `ancestors` → framed `bundle-of-entry`, parents first |
 * | `POST /v1/slots` | device | `slots` → 204 |
 * | `POST /v1/slots/<slot>` | bearer | `drop` → `dropped` |
 * | `GET /v1/events?since=<boot>` | device | → framed `knocked`, `sent` and `ping`, stays open |
 * | `GET /v1/events?once=1` | device | the same, ends when all that waits is said |
 * | `POST /v1/notices/delete` | device | `hashes` → 204 |
 * | `POST /v1/invites` | device | `invite-token` → 204 |
 * | `POST /v1/sends` | device | `send` → `sent`, only after it is on disk |
 * | `GET /v1/sends` | device | → framed `sent` |
 * | `POST /v1/sends/delete` | device | `hashes` (knocks) → 204 |
 * | `POST /v1/done` | bearer | `done` → 204 |
 *
 * *device*: `Authorization: DEFMS1 <base64url of an auth object>`. A refusal is a 4xx or 5xx whose
 * body is a `refusal` object: its reason is the machine's word, the HTTP status only its class.
 * Bodies are canonical DAG-CBOR unless framed.
 */

import * as v from 'valibot';
import { bytes, bytesUpTo, cid, count, listOf, text } from './schema.ts';
import { createDecoder, encodePlain, type Plain } from './codec.ts';
import { LABELS, labelled } from './labels.ts';
import { LIMITS } from './limits.ts';

const head = { v: v.literal(1) };
const anyBlock = bytesUpTo(LIMITS.blockBytes);

/** `/.well-known/defms.json` */
export const termsSchema = v.looseObject({
	version: v.literal(1),
	/** libp2p peer id of the relay: the audience of signed requests. */
	office: v.string(),
	/** Multiaddrs at which browsers reach the circuit relay. */
	addresses: v.array(v.string()),
	/** ICE servers, `stun:host:port`. */
	stun: v.array(v.string()),
	publicUrl: v.string(),
	/** Random word of this run: notices in memory are gone when it changes. */
	boot: v.string(),
	register: v.picklist(['open', 'invite', 'stamp']),
	quotaBytes: count,
	/** Addresses that may register, and bytes kept for all of them together. */
	accounts: v.optional(count),
	totalBytes: v.optional(count),
	noticesPerMinute: count,
	keptDays: count
});

const authSchema = v.looseObject({
	...head,
	t: v.literal('auth'),
	root: bytes(32),
	device: bytes(32),
	/** Unix milliseconds; fresh for `requestAgeMs`. */
	time: count,
	nonce: bytes(16),
	/** 64, device key, over `requestToSign`. */
	sig: bytes(64)
});

const enrolmentSchema = v.looseObject({
	...head,
	t: v.literal('enrolment'),
	root: bytes(32),
	device: bytes(32),
	time: count,
	/** 64, card key, over `labelled(enrolment, office, root, device, time)`. */
	sig: bytes(64)
});

const blockSchema = v.looseObject({ ...head, t: v.literal('block'), cid, data: anyBlock });

const cidsSchema = v.looseObject({
	...head,
	t: v.literal('cids'),
	cids: listOf(cid, LIMITS.blocksPerRequest)
});

const hashesSchema = v.looseObject({
	...head,
	t: v.literal('hashes'),
	hashes: listOf(bytes(32), LIMITS.slotNotices)
});

const ancestorsSchema = v.looseObject({
	...head,
	t: v.literal('ancestors'),
	heads: v.pipe(listOf(cid, LIMITS.parents), v.minLength(1)),
	have: listOf(cid, LIMITS.haveHeads)
});

/** An entry with what travels along, as `EntryBundle`. */
const entryBundleSchema = v.looseObject({
	...head,
	t: v.literal('bundle-of-entry'),
	header: bytesUpTo(LIMITS.headerBytes),
	body: v.nullable(bytesUpTo(LIMITS.bodyBytes + 64)),
	wraps: listOf(anyBlock, LIMITS.wrapBlocks)
});

const slotsSchema = v.looseObject({
	...head,
	t: v.literal('slots'),
	/** Secrets of slots to register; the slot id is their SHA-256. */
	open: listOf(bytes(32), LIMITS.slotNotices),
	/** Secrets of slots to burn. */
	burn: listOf(bytes(32), LIMITS.slotNotices),
	/** Is each opened one the public slot? Then the office asks a drop for a pass. */
	public: v.boolean()
});

const dropSchema = v.looseObject({
	...head,
	t: v.literal('drop'),
	/** SHA-256 of `done`. */
	knock: bytes(32),
	sealed: bytes(LIMITS.noticeBytes),
	token: v.optional(bytes(LIMITS.tokenBytes))
});

const droppedSchema = v.looseObject({
	...head,
	t: v.literal('dropped'),
	boot: text(64),
	/** The newest card pair of the slot's owner, so that an older seal is made again. */
	rootSeq: count,
	seq: count
});

const knockedSchema = v.looseObject({
	...head,
	t: v.literal('knocked'),
	slot: bytes(32),
	/** SHA-256 of `sealed`. */
	hash: bytes(32),
	knock: bytes(32),
	sealed: bytes(LIMITS.noticeBytes),
	/** How it came through a public slot; `none` for a contact or thread slot. */
	pass: v.picklist(['token', 'stamp', 'none'])
});

const inviteTokenSchema = v.looseObject({
	...head,
	t: v.literal('invite-token'),
	/** SHA-256 of the token. */
	hash: bytes(32),
	uses: count,
	until: count
});

const sendSchema = v.looseObject({
	...head,
	t: v.literal('send'),
	/** Base URL of the recipient's office and the slot there. */
	url: text(LIMITS.urlBytes),
	slot: bytes(32),
	knock: bytes(32),
	sealed: bytes(LIMITS.noticeBytes),
	token: v.optional(bytes(LIMITS.tokenBytes)),
	/** Entries that this notice announces; kept until it is done. */
	keeps: listOf(cid, LIMITS.blocksPerRequest)
});

const sentSchema = v.looseObject({
	...head,
	t: v.literal('sent'),
	knock: bytes(32),
	/** SHA-256 of the sealed notice. */
	hash: bytes(32),
	state: v.picklist(['waiting', 'noticed', 'done', 'refused', 'expired']),
	/** Unix milliseconds of the last change. */
	time: count,
	reason: v.optional(text(24)),
	/** With `noticed`: the recipient's newest card pair as its office knows it. */
	rootSeq: v.optional(count),
	seq: v.optional(count),
	/** With `done`: the receipt, if the recipient left one. */
	receipt: v.optional(bytes(LIMITS.receiptBytes))
});

const doneSchema = v.looseObject({
	...head,
	t: v.literal('done'),
	done: bytes(32),
	/** SHA-256 of the sealed notice that it answers. */
	hash: bytes(32),
	receipt: v.optional(bytes(LIMITS.receiptBytes))
});

const pingSchema = v.looseObject({ ...head, t: v.literal('ping'), boot: text(64) });

const refusalSchema = v.looseObject({ ...head, t: v.literal('refusal'), reason: text(24) });

export type Terms = v.InferOutput<typeof termsSchema>;
export type Auth = v.InferOutput<typeof authSchema>;
export type Enrolment = v.InferOutput<typeof enrolmentSchema>;
export type Block = v.InferOutput<typeof blockSchema>;
export type Ancestors = v.InferOutput<typeof ancestorsSchema>;
export type Drop = v.InferOutput<typeof dropSchema>;
export type Dropped = v.InferOutput<typeof droppedSchema>;
export type Knocked = v.InferOutput<typeof knockedSchema>;
export type Send = v.InferOutput<typeof sendSchema>;
export type Sent = v.InferOutput<typeof sentSchema>;

const SMALL = 16 * 1024;

export const authDecoder = createDecoder('auth', 1024, authSchema);
export const enrolmentDecoder = createDecoder('enrolment', 1024, enrolmentSchema);
export const blockDecoder = createDecoder('block', LIMITS.blockBytes + 256, blockSchema);
export const cidsDecoder = createDecoder('cids', SMALL, cidsSchema);
export const hashesDecoder = createDecoder('hashes', SMALL, hashesSchema);
export const ancestorsDecoder = createDecoder('ancestors', SMALL, ancestorsSchema);
export const entryBundleDecoder = createDecoder(
	'bundle-of-entry',
	LIMITS.frameBytes,
	entryBundleSchema
);
export const slotsDecoder = createDecoder('slots', 2 * SMALL, slotsSchema);
export const dropDecoder = createDecoder('drop', SMALL, dropSchema);
export const droppedDecoder = createDecoder('dropped', 1024, droppedSchema);
export const knockedDecoder = createDecoder('knocked', SMALL, knockedSchema);
export const inviteTokenDecoder = createDecoder('invite-token', 1024, inviteTokenSchema);
export const sendDecoder = createDecoder('send', SMALL, sendSchema);
export const sentDecoder = createDecoder('sent', SMALL, sentSchema);
export const doneDecoder = createDecoder('done', SMALL, doneSchema);
export const pingDecoder = createDecoder('ping', 1024, pingSchema);
export const refusalDecoder = createDecoder('refusal', 1024, refusalSchema);

/** What the device key signs. `path` with its query; `bodyHash` is SHA-256 of the body, also empty. */
export function requestToSign(request: {
	readonly office: string;
	readonly method: string;
	readonly path: string;
	readonly bodyHash: Uint8Array;
	readonly root: Uint8Array;
	readonly time: number;
	readonly nonce: Uint8Array;
}): Uint8Array<ArrayBuffer> {
	const { office, method, path, bodyHash, root, time, nonce } = request;
	return labelled(LABELS.request, office, method, path, bodyHash, root, time, nonce);
}

export function enrolmentToSign(
	office: string,
	{ root, device, time }: Pick<Enrolment, 'root' | 'device' | 'time'>
): Uint8Array<ArrayBuffer> {
	return labelled(LABELS.enrolment, office, root, device, time);
}

/** An object of the given type with its version; the writing half of the decoders above. */
export function encodeObject(
	type: string,
	fields: { readonly [key: string]: Plain | undefined }
): Uint8Array<ArrayBuffer> {
	return encodePlain({ ...fields, v: 1, t: type });
}
