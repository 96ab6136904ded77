/** Seats of letter links, as a mailbox knows them: members that nobody writes to. */

import type { Secret } from '../crypto/secret.ts';
import type { Suite } from '../crypto/suite.ts';
import {
	createSeatCard,
	deriveSeat,
	SEAT_PAIR,
	type Seat,
	type SeatCard
} from '../identity/seat.ts';
import type { Me } from '../threads/thread.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { newContact, toCorrespondent, type Correspondent } from './contacts.ts';
import { readRow, type LookUp } from './look-up.ts';
import type { Desk } from './ports.ts';
import type { ContactRecord, ThreadRecord } from './records.ts';

/** The seat that is a member of this thread, where this user gave out or opened its link. */
export async function seatIn(
	{ store }: Pick<Desk, 'store'>,
	{ id, members }: Pick<ThreadRecord, 'id' | 'members'>,
	look: LookUp = {}
): Promise<Correspondent | null> {
	const letter = await readRow(store, 'letter', [id], look);
	if (letter === null || !members.includes(letter.seat)) return null;
	const contact = await store.get('contact', [letter.seat]);
	return contact === null ? null : toCorrespondent(contact);
}

export interface LoadedSeat {
	readonly seat: Seat;
	readonly cards: SeatCard;
}

export async function loadSeat(suite: Suite, secret: Secret): Promise<LoadedSeat> {
	const seat = await deriveSeat(suite, secret);
	return { seat, cards: await createSeatCard(suite, seat) };
}

/** As it acts in its thread. `cards`: in the bytes in which the thread lists them. */
export function seatToMe(suite: Suite, { seat, cards }: LoadedSeat): Me {
	const { root, auth, prekey, joinSecret, writerSecret, peer } = seat;
	const writer = async (salt: Uint8Array) =>
		suite.signer(await suite.hkdf(writerSecret, labelled(LABELS.writerKey, salt), 32));
	return { root: root.publicKey, ...cards, auth, prekeys: [prekey], joinSecret, writer, peer };
}

/** The row by which a mailbox knows it. It is told a slot of ours as any contact is. */
export function seatToContact(
	desk: Desk,
	{ seat, cards }: LoadedSeat,
	fields: Pick<ContactRecord, 'name' | 'seat'>
): ContactRecord {
	return newContact(desk, {
		...fields,
		address: rootKeyToAddress(seat.root.publicKey),
		tier: 'unknown',
		origin: 'thread',
		offices: [],
		keys: { ...cards, pair: SEAT_PAIR }
	});
}
