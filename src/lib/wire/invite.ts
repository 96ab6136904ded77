/**
 * An invite: all that a stranger needs to find and verify one card, and to be let in (protocol §2).
 *
 * Bytes: version 1 ‖ root key 32 ‖ root sequence 6 ‖ card sequence 6 ‖ slot 32 ‖ token 16 ‖
 * name length 1 ‖ name ‖ post office URL, in base64url, after `#i=`. The name greets only; it is
 * replaced by the card's. The whole link has at most 300 characters.
 */

import { concat, fromBase64url, fromUtf8, toBase64url, utf8 } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { rootKeyToAddress, type Address } from './ids.ts';
import type { CardPair } from './identity.ts';

export interface Invite {
	readonly root: Uint8Array;
	readonly address: Address;
	/** The card's pair when the link was made; one with an older pair is refused. */
	readonly pair: CardPair;
	readonly slot: Uint8Array;
	readonly token: Uint8Array;
	readonly name: string;
	readonly office: string;
}

const VERSION_BYTE = 1;
const SEQUENCE_BYTES = 6;
const PARAMETER = '#i=';
const FIXED_BYTES = 1 + 32 + 2 * SEQUENCE_BYTES + 32 + LIMITS.tokenBytes + 1;

/** `null` where the link would be longer than 300 characters: the URL of app or office is too long. */
export function formatInvite(appUrl: string, invite: Omit<Invite, 'address'>): string | null {
	const name = utf8(invite.name);
	const packed = concat(
		Uint8Array.of(VERSION_BYTE),
		invite.root,
		sequenceToBytes(invite.pair.rootSeq),
		sequenceToBytes(invite.pair.seq),
		invite.slot,
		invite.token,
		Uint8Array.of(name.length),
		name,
		utf8(invite.office)
	);
	const link = `${appUrl}${PARAMETER}${toBase64url(packed)}`;
	return link.length <= LIMITS.inviteCharacters && name.length <= LIMITS.nameBytes ? link : null;
}

/** Takes a whole link, its fragment, or the code alone; `null` where it is no invite of ours. */
export function parseInvite(link: string): Invite | null {
	const trimmed = link.trim();
	if (trimmed.length > LIMITS.inviteCharacters) return null;
	const start = trimmed.indexOf(PARAMETER);
	const packed = fromBase64url(start < 0 ? trimmed : trimmed.slice(start + PARAMETER.length));
	return packed === null ? null : bytesToInvite(packed);
}

function bytesToInvite(packed: Uint8Array): Invite | null {
	if (packed.length <= FIXED_BYTES || packed[0] !== VERSION_BYTE) return null;
	const take = reader(packed, 1);
	const root = take(32);
	const pair = { rootSeq: bytesToSequence(take(6)), seq: bytesToSequence(take(6)) };
	const slot = take(32);
	const token = take(LIMITS.tokenBytes);
	const nameBytes = take(1)[0] ?? 0;
	if (nameBytes > LIMITS.nameBytes) return null;
	try {
		const name = fromUtf8(take(nameBytes));
		const office = fromUtf8(take(packed.length));
		if (!isOfficeUrl(office)) return null;
		return { root, address: rootKeyToAddress(root), pair, slot, token, name, office };
	} catch {
		return null; // not UTF-8: whoever made this link, it was not this code
	}
}

/** http(s) base URL without credentials, query, fragment or trailing slash. */
export function isOfficeUrl(text: string): boolean {
	if (text.length > LIMITS.urlBytes || text.endsWith('/') || !URL.canParse(text)) return false;
	const { protocol, username, password, search, hash } = new URL(text);
	const isHttp = protocol === 'http:' || protocol === 'https:';
	return isHttp && username === '' && password === '' && search === '' && hash === '';
}

function reader(packed: Uint8Array, start: number): (size: number) => Uint8Array {
	let offset = start;
	return (size) => {
		const taken = packed.slice(offset, offset + size);
		offset += size;
		return taken;
	};
}

function sequenceToBytes(sequence: number): Uint8Array {
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, BigInt(sequence));
	return new Uint8Array(view.buffer, 8 - SEQUENCE_BYTES);
}

function bytesToSequence(bytes: Uint8Array): number {
	return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
