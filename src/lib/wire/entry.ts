/**
 * Entries as every holder sees them, and the blocks that travel with them (protocol §4, §8.3–8.5).
 *
 * | header | `entry` | `epoch` |
 * |---|---|---|
 * | `thread` | CID | CID; absent in the first, whose own CID is the thread id |
 * | `parents` | 1 to 32 sorted CIDs | 0 (first) to 32 |
 * | `epoch` | CID of its epoch | CID of an ancestor epoch; absent in the first |
 * | `salt` | 32 random bytes | 32 random bytes |
 * | `body` | SHA-256 of the sealed body | SHA-256 of the sealed body |
 * | `commit`, `listCommit` | – | HMAC of epoch secret, of list key, over label ‖ salt |
 * | `eph` | – | ephemeral X25519 key of the hints |
 * | `wraps` | – | {block: CID, first: 8-byte hint}, sorted by hint |
 *
 * The *core* of a header is the header without `body` and `wraps`: it is the associated data of the
 * body and what the writer signs, because both fields are computed from the sealed body.
 */

import type { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { compare } from './bytes.ts';
import { cutField } from './cbor-cut.ts';
import {
	anyDecoder,
	cidOfObject,
	createDecoder,
	encodePlain,
	isAsRead,
	type Decoder,
	type Plain
} from './codec.ts';
import { cidToEntryId, type EntryId } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Result } from './refusal.ts';
import { bytes, bytesUpTo, cid, listOf } from './schema.ts';

export const HINT_BYTES = 8;
export const SALT_BYTES = 32;

const parents = v.pipe(
	listOf(cid, LIMITS.parents),
	v.check((list) => isSortedSet(list), 'parents are sorted and differ')
);

const entryHeaderSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('entry'),
	thread: cid,
	parents: v.pipe(parents, v.minLength(1)),
	epoch: cid,
	salt: bytes(SALT_BYTES),
	body: bytes(32)
});

const wrapRefSchema = v.looseObject({ block: cid, first: bytes(HINT_BYTES) });

const epochHeaderSchema = v.pipe(
	v.looseObject({
		v: v.literal(1),
		t: v.literal('epoch'),
		thread: v.optional(cid),
		parents,
		epoch: v.optional(cid),
		salt: bytes(SALT_BYTES),
		body: bytes(32),
		commit: bytes(32),
		listCommit: bytes(32),
		eph: bytes(32),
		wraps: v.pipe(listOf(wrapRefSchema, LIMITS.wrapBlocks), v.minLength(1))
	}),
	v.check((header) => {
		const isFirst = header.parents.length === 0;
		return (header.thread === undefined) === isFirst && (header.epoch === undefined) === isFirst;
	}, 'the first epoch alone has no thread, no epoch and no parents')
);

/** One member's wrap: `hint` finds it, `sealed` is an envelope to that member's prekey. */
const wrapBlockSchema = v.looseObject({
	v: v.literal(1),
	t: v.literal('wraps'),
	wraps: v.pipe(
		listOf(
			v.looseObject({ hint: bytes(HINT_BYTES), sealed: bytesUpTo(2048) }),
			LIMITS.wrapsPerBlock
		),
		v.minLength(1)
	)
});

export type EntryHeader = v.InferOutput<typeof entryHeaderSchema>;
export type EpochHeader = v.InferOutput<typeof epochHeaderSchema>;
export type Header = EntryHeader | EpochHeader;
export type WrapRef = v.InferOutput<typeof wrapRefSchema>;

export const entryHeaderDecoder = createDecoder('entry', LIMITS.headerBytes, entryHeaderSchema);
export const epochHeaderDecoder = createDecoder('epoch', LIMITS.headerBytes, epochHeaderSchema);
export const wrapBlockDecoder = createDecoder('wraps', LIMITS.blockBytes, wrapBlockSchema);

/** Each step on a header's way asks for these, and a header is never changed. */
const knownIds = new WeakMap<Uint8Array, EntryId>();
const knownHeaders = new WeakMap<Uint8Array, Result<Header>>();

const eitherDecoder = anyDecoder<Header>(
	'header',
	LIMITS.headerBytes,
	v.union([entryHeaderSchema, epochHeaderSchema]),
	[entryHeaderDecoder, epochHeaderDecoder]
);

/** Either kind of header; of the same bytes the same object. */
export const headerDecoder: Decoder<Header> = {
	...eitherDecoder,
	decode(header) {
		const known = knownHeaders.get(header);
		if (known !== undefined) return known;
		const decoded = eitherDecoder.decode(header);
		knownHeaders.set(header, decoded);
		return decoded;
	}
};

/**
 * An entry as it travels and as it is stored: the header's exact bytes, the sealed body unless it
 * is withheld, and, for an epoch entry, the wrap blocks that the carrier has (a member needs one).
 */
export interface EntryBundle {
	readonly header: Uint8Array;
	readonly body: Uint8Array | null;
	readonly wraps: readonly Uint8Array[];
	/** The carrier has the body and sends it later (docs/decisions/0009). Not stored. */
	readonly later?: true;
}

export function entryIdOf(header: Uint8Array): EntryId {
	const known = knownIds.get(header);
	if (known !== undefined) return known;
	const id = cidToEntryId(cidOfObject(header));
	knownIds.set(header, id);
	return id;
}

/** Of one that was hashed already, and is changed no more. */
export function noteEntryId(header: Uint8Array, id: EntryId): void {
	knownIds.set(header, id);
}

/** The bytes of which it was read: canonical, and nothing is dropped by the decoder. */
export function encodeHeader(header: Header): Uint8Array<ArrayBuffer> {
	return encodePlain(header as Plain);
}

/** Canonical bytes of the header without `body` and `wraps`. */
export function headerCore(header: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
	const core: Record<string, Plain | undefined> = {};
	for (const [key, value] of Object.entries(header)) {
		if (key !== 'body' && key !== 'wraps') core[key] = value as Plain;
	}
	return encodePlain(core);
}

/**
 * The same of a header that was decoded, out of its bytes.
 * @param bytes of which it was read
 */
export function coreOf(header: Header, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const cut = isAsRead(header) ? cutField(bytes, 'body') : null;
	if (cut === null) return headerCore(header);
	return 'wraps' in header ? (cutField(cut.rest, 'wraps')?.rest ?? cut.rest) : cut.rest;
}

export function sortCids(list: readonly CID[]): CID[] {
	return [...list].sort((a, b) => compare(a.bytes, b.bytes));
}

function isSortedSet(list: readonly CID[]): boolean {
	return list.every((item, i) => {
		const previous = list[i - 1];
		return previous === undefined || compare(previous.bytes, item.bytes) < 0;
	});
}
