/** A notice comes to a slot here (protocol §6.3, §6.4, §6.8). */

import { fromHex, toHex } from '../../src/lib/wire/bytes.ts';
import { dropDecoder, encodeObject } from '../../src/lib/wire/office.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { commit } from './commit.ts';
import type { Notice } from './notices.ts';
import type { Office } from './office.ts';
import type { DropOutcome, Note } from './ports.ts';
import { passPublicSlot } from './tokens.ts';

type Dropped = Extract<DropOutcome, { kind: 'dropped' }>['dropped'];

export function readDrop(body: Uint8Array): Result<Note> {
	return dropDecoder.decode(body);
}

/**
 * Keeps the notice in memory; the answer names our run and the newest card of the slot's owner.
 * Refuses `unknown-slot`, `slot-full`, `disk-full` (a token's use cannot be booked).
 * @param slot in hex
 */
export async function dropNotice(
	office: Office,
	slot: string,
	{ knock, sealed, token }: Note
): Promise<Result<Dropped>> {
	const hash = toHex(await office.verifier.sha256(sealed));
	const tokenHash = token === undefined ? null : toHex(await office.verifier.sha256(token));
	// From here on nothing waits, so no other drop comes between the checks and what they allow.
	const owner = office.store.get('slot', [slot]);
	const account = owner === null ? null : office.store.get('account', [owner.root]);
	if (owner === null || account === null) return refuse('unknown-slot');
	const { root, isPublic } = owner;
	const at = { root, slot, knock: toHex(knock) };
	const passage = isPublic ? passPublicSlot(office, at, tokenHash) : null;
	const notice: Notice = { ...at, hash, sealed, isPublic, pass: passage?.pass ?? 'none' };
	if (!office.notices.hasRoom(notice)) return refuse('slot-full');
	const booked = commit(office.store, passage?.changes ?? []);
	if (!booked.ok) return booked;
	const before = office.notices.get(slot, at.knock);
	office.notices.put(notice);
	// A repeat of what lies here already is no news.
	if (before?.hash !== hash) office.listeners.tell(root, noticeToKnocked(notice));
	return accept({ boot: office.boot, rootSeq: account.rootSeq, seq: account.seq });
}

export function noticeToKnocked({ slot, hash, knock, sealed, pass }: Notice): Uint8Array {
	const ids = { slot: hexToBytes(slot), hash: hexToBytes(hash), knock: hexToBytes(knock) };
	return encodeObject('knocked', { ...ids, sealed, pass });
}

/** Of an id that this office formatted. */
export function hexToBytes(hex: string): Uint8Array {
	const bytes = fromHex(hex);
	if (bytes === null) throw new TypeError('an id of ours is not hex');
	return bytes;
}
