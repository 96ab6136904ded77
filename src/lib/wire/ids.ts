/**
 * Brands of everything that names something. This file alone parses, formats and casts them.
 * In objects an id stands as bytes or CID; in maps, storage keys and URLs as these strings.
 */

import { base36 } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { concat, fromHex, toHex } from './bytes.ts';
import { CID_BYTES, SHA2_256, toCid } from './cbor.ts';

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/**
 * An identity: its root public key as IPNS name in base36, `k51…` (62 characters). In rows of mail that
 * was brought from elsewhere also an ordinary mail address, with an `@` (`post/ordinary.ts`).
 */
export type Address = Brand<string, 'Address'>;
/** CID of a thread's first epoch entry, as text. */
export type ThreadId = Brand<string, 'ThreadId'>;
/** CID of an entry's header, as text. */
export type EntryId = Brand<string, 'EntryId'>;
/** 16 random bytes in hex; unique per writer, survives re-sealing (protocol §8.8). */
export type MessageId = Brand<string, 'MessageId'>;
/** SHA-256 of a slot's secret, in hex (protocol §8.8). */
export type SlotId = Brand<string, 'SlotId'>;
/** A libp2p peer id, as text. */
export type PeerName = Brand<string, 'PeerName'>;
/** CID of any block, as text. */
export type BlockId = Brand<string, 'BlockId'>;

export const KEY_BYTES = 32;
export const MESSAGE_ID_BYTES = 16;

const LIBP2P_KEY = 0x72;
const RAW = 0x55;
/** Version 1, codec raw, SHA2-256, 32 bytes. */
const RAW_SHA2_256 = Uint8Array.of(0x01, RAW, 0x12, 0x20);
const IDENTITY_HASH = 0x00;
/** Protobuf head of a libp2p Ed25519 public key (libp2p specs, peer-ids): type 1, 32 bytes. */
const ED25519_KEY_HEAD = Uint8Array.of(0x08, 0x01, 0x12, 0x20);

/** @param rootKey 32 bytes, Ed25519. Throws RangeError on another length: a bug of the caller. */
export function rootKeyToAddress(rootKey: Uint8Array): Address {
	if (rootKey.length !== KEY_BYTES) throw new RangeError('a root key has 32 bytes');
	const digest = createDigest(IDENTITY_HASH, concat(ED25519_KEY_HEAD, rootKey));
	return CID.createV1(LIBP2P_KEY, digest).toString(base36) as Address;
}

export function addressToRootKey(address: Address): Uint8Array<ArrayBuffer> {
	const cid = CID.parse(address, base36);
	return cid.multihash.digest.slice(ED25519_KEY_HEAD.length);
}

/** `null` where the text is not the IPNS name of an Ed25519 key in its one canonical form. */
export function parseAddress(text: string): Address | null {
	if (text.length > 64) return null;
	try {
		const { code, version, multihash } = CID.parse(text.toLowerCase(), base36);
		const head = toHex(multihash.digest.slice(0, ED25519_KEY_HEAD.length));
		const isKey = version === 1 && code === LIBP2P_KEY && multihash.code === IDENTITY_HASH;
		const hasShape = multihash.digest.length === ED25519_KEY_HEAD.length + KEY_BYTES;
		if (!isKey || !hasShape || head !== toHex(ED25519_KEY_HEAD)) return null;
		const address = rootKeyToAddress(multihash.digest.slice(ED25519_KEY_HEAD.length));
		return address === text.toLowerCase() ? address : null;
	} catch {
		return null; // multiformats throws on what is no CID; "not an address" is the whole answer
	}
}

/** What people see and copy: `local@<address>.ipns`, a valid RFC 5322 addr-spec. */
export interface MailAddress {
	readonly local: string;
	readonly address: Address;
}

/** Lower-case RFC 5322 dot-atom of at most 64 characters; the fold keeps what a reader can type. */
export function nameToLocal(name: string): string {
	const folded = name
		.normalize('NFKD')
		.toLowerCase()
		.replace(/\p{M}/gu, '')
		.replace(/[^a-z0-9]+/g, '.')
		.replace(/^\.+|\.+$/g, '')
		.slice(0, 32)
		.replace(/\.+$/, '');
	return folded === '' ? 'mail' : folded;
}

export function formatMailAddress({ local, address }: MailAddress): string {
	return `${local}@${address}.ipns`;
}

/** Takes `local@k51….ipns` or the bare `k51…`; `null` for everything else. */
export function parseMailAddress(text: string): MailAddress | null {
	const trimmed = text.trim();
	const match = /^(?:([^\s@<>"]{1,64})@)?([a-z0-9]{10,64})(?:\.ipns)?$/i.exec(trimmed);
	const address = match?.[2] === undefined ? null : parseAddress(match[2]);
	return address === null ? null : { local: match?.[1] ?? 'mail', address };
}

export function isOrdinaryAddress(text: string): boolean {
	return /^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/.test(text.trim()) && !/\.ipns$/i.test(text);
}

/** RFC 5321 §4.5.3.1.3: a path has 256 octets, two of which are angle brackets. */
const ORDINARY_CHARACTERS = 254;

/** In lower case, so that one person is one; `null` for what cannot be told from a name or ours. */
export function parseOrdinary(text: string): Address | null {
	const folded = text.trim().toLowerCase();
	if (folded.length > ORDINARY_CHARACTERS || folded.endsWith('.ipns')) return null;
	return /^[^\s@<>"\p{C}]+@[^\s@<>"\p{C}]+$/u.test(folded) ? (folded as Address) : null;
}

export function cidToThreadId(cid: CID): ThreadId {
	return cidToText(cid) as ThreadId;
}

/**
 * A thread of mail that was brought from elsewhere. Its id is the CID of raw bytes, where a thread's that is
 * shared is that of an object: so neither is ever taken for the other.
 * @param digest SHA-256 of what began it
 */
export function toLegacyThreadId(digest: Uint8Array): ThreadId {
	return cidToText(toCid(RAW, concat(RAW_SHA2_256, digest))) as ThreadId;
}

/** Is it of this mailbox alone? Such a thread has no entries, and no members. */
export function isLegacyThread(id: ThreadId): boolean {
	return textToCid(id)?.code === RAW;
}

/** @param digest SHA-256 of the original: a brought message has no entry, and this names it as well */
export function toLegacyEntryId(digest: Uint8Array): EntryId {
	return cidToText(toCid(RAW, concat(RAW_SHA2_256, digest))) as EntryId;
}

export function cidToEntryId(cid: CID): EntryId {
	return cidToText(cid) as EntryId;
}

/** The rows of a map that is kept as an object. */
export function entriesById<T>(byId: Readonly<Record<EntryId, T>>): [EntryId, T][] {
	return Object.entries(byId) as [EntryId, T][];
}

export function cidToBlockId(cid: CID): BlockId {
	return cidToText(cid) as BlockId;
}

/** The CID behind an id of ours; throws on text that this file did not brand. */
export function idToCid(id: ThreadId | EntryId | BlockId): CID {
	return textToCid(id) ?? CID.parse(id);
}

/** Ids are made and read with every entry, so that this costs: the library's way is ten times slower. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const BASE32_VALUES = new Map(Array.from(BASE32, (letter, value) => [letter.charCodeAt(0), value]));
const CID_TEXT_LENGTH = 1 + Math.ceil((8 * CID_BYTES) / 5);
const texts = new WeakMap<CID, string>();

function cidToText(cid: CID): string {
	const known = texts.get(cid);
	if (known !== undefined) return known;
	const text = cid.version === 1 ? toBase32(cid.bytes) : cid.toString();
	texts.set(cid, text);
	return text;
}

/** Multibase `b`: RFC 4648 §6 in lower case, without padding. */
function toBase32(bytes: Uint8Array): string {
	let text = 'b';
	let bits = 0;
	let held = 0;
	for (const byte of bytes) {
		held = ((held << 8) | byte) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31] ?? '';
	}
	return bits === 0 ? text : text + (BASE32[(held << (5 - bits)) & 31] ?? '');
}

/** `null` for all but the text of a CID as ours are: the library has the word. */
function textToCid(text: string): CID | null {
	if (text.length !== CID_TEXT_LENGTH || !text.startsWith('b')) return null;
	const bytes = new Uint8Array(CID_BYTES);
	let [at, bits, held] = [0, 0, 0];
	for (let i = 1; i < text.length; i++) {
		const value = BASE32_VALUES.get(text.charCodeAt(i));
		if (value === undefined) return null;
		held = ((held << 5) | value) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = held >>> bits;
		}
	}
	const [version, code = 0, hash, size] = bytes;
	const isOurs = version === 1 && code < 0x80 && hash === SHA2_256 && size === 32;
	return isOurs && (held & ((1 << bits) - 1)) === 0 ? toCid(code, bytes) : null;
}

/** `null` where the text is no CID. */
export function parseBlockId(text: string): BlockId | null {
	if (text.length > 128) return null;
	try {
		return CID.parse(text).toString() as BlockId;
	} catch {
		return null; // "not a CID" is the whole answer
	}
}

export function parseThreadId(text: string): ThreadId | null {
	return parseBlockId(text) as ThreadId | null;
}

export function bytesToMessageId(bytes: Uint8Array): MessageId {
	return toHex(bytes) as MessageId;
}

export function messageIdToBytes(id: MessageId): Uint8Array<ArrayBuffer> {
	return fromHex(id) ?? new Uint8Array(0);
}

export function parseMessageId(text: string): MessageId | null {
	return /^[0-9a-f]{32}$/.test(text) ? (text as MessageId) : null;
}

export function parseSlotId(text: string): SlotId | null {
	return /^[0-9a-f]{64}$/.test(text) ? (text as SlotId) : null;
}

/** The peer id of an Ed25519 public key (libp2p specs, peer-ids): base58btc of its identity hash. */
export function keyToPeerName(publicKey: Uint8Array): PeerName {
	const digest = createDigest(IDENTITY_HASH, concat(ED25519_KEY_HEAD, publicKey));
	return base58btc.encode(digest.bytes).slice(1) as PeerName;
}

/** The name's shape only; libp2p parses it when it dials. */
export function parsePeerName(text: string): PeerName | null {
	return /^[1-9A-HJ-NP-Za-km-z]{40,64}$/.test(text) ? (text as PeerName) : null;
}
