/**
 * What an office keeps on disk. Keys are texts: hex of keys and hashes, CIDs.
 *
 * | table | key | row |
 * |---|---|---|
 * | `account` | root | newest verified record, card and X-Wing key |
 * | `usage` | root | what is counted against its bounds |
 * | `device` | root, device key | enrolled when |
 * | `block` | CID | the bytes |
 * | `ref`, `holder` | root, CID · CID, root | who pays for which block |
 * | `slot`, `ownSlot` | slot · root, slot | whose it is |
 * | `token` | root, SHA-256 of it | uses left, end |
 * | `knock` | slot, knock | let in by a token before |
 * | `send`, `sendOf` | root, knock · knock, root | a duty to knock, and what became of it |
 * | `due` | time, root, knock | when a send is tried next |
 * | `target` | URL, root, knock | sends that are not ended, by the recipient's office |
 * | `boot` | URL | which run of that office answered last |
 * | `nonce` | device key and nonce | a signed request was used when |
 */

import * as dagCbor from '@ipld/dag-cbor';
import * as v from 'valibot';
import { bytes, bytesUpTo, cid, count } from '../../src/lib/wire/schema.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';

/** Rows of an index: their keys say it all. */
const nothing = v.literal(true);
const blob = bytesUpTo(LIMITS.blockBytes);

const SCHEMAS = {
	account: v.object({
		record: blob,
		card: blob,
		xwing: blob,
		/** The current card key. */
		cardKey: bytes(32),
		rootSeq: count,
		seq: count
	}),
	usage: v.object({ bytes: count, slots: count, tokens: count, sends: count }),
	device: v.object({ time: count }),
	block: blob,
	ref: v.object({ size: count, time: count }),
	holder: nothing,
	slot: v.object({ root: v.string(), isPublic: v.boolean() }),
	ownSlot: nothing,
	token: v.object({ uses: count, until: count }),
	knock: v.object({ until: count }),
	send: v.object({
		url: v.string(),
		slot: bytes(32),
		sealed: bytes(LIMITS.noticeBytes),
		hash: bytes(32),
		token: v.optional(bytes(LIMITS.tokenBytes)),
		keeps: v.array(cid),
		state: v.picklist(['waiting', 'noticed', 'done', 'refused', 'expired']),
		/** Of the last change of state. */
		time: count,
		createdAt: count,
		/** When it is tried next, and how long it then waits; no longer tried where `null`. */
		dueAt: v.nullable(count),
		pauseMs: count,
		reason: v.optional(v.string()),
		rootSeq: v.optional(count),
		seq: v.optional(count),
		receipt: v.optional(bytes(LIMITS.receiptBytes))
	}),
	sendOf: nothing,
	due: nothing,
	target: nothing,
	boot: v.object({ boot: v.string() }),
	nonce: v.object({ time: count })
} as const;

type Schemas = typeof SCHEMAS;
export type TableName = keyof Schemas;
export type Row<T extends TableName> = v.InferOutput<Schemas[T]>;
export type SendRow = Row<'send'>;

export function encodeRow(row: Row<TableName>): Uint8Array {
	if (row instanceof Uint8Array) return row;
	if (row === true) return dagCbor.encode(row);
	const present = Object.entries(row).filter(([, value]) => value !== undefined);
	return dagCbor.encode(Object.fromEntries(present));
}

/** Throws where the bytes are no row of this table: the store is broken. */
export function decodeRow<T extends TableName>(table: T, encoded: Uint8Array): Row<T> {
	const plain: unknown = table === 'block' ? encoded : dagCbor.decode(encoded);
	return v.parse(SCHEMAS[table], plain);
}
