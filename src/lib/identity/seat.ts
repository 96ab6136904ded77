/**
 * The seat of a letter link: a member whose keys all come from the 32 bytes that the link carries, so
 * that whoever opens the link can read the letter, and add the guest (docs/decisions/0012-letter-links.md). It has no
 * words, is published nowhere, and has no post office.
 *
 * | key | derivation |
 * |---|---|
 * | each | HKDF(secret, letter-seat ‖ name), 32 bytes |
 * | names | `root`, `card`, `auth`, `kem`, `dh`, `join`, `writer`, `peer` |
 * | prekey id | the first 8 bytes of `prekey` |
 */

import type { OpeningPrekey } from '../crypto/envelope.ts';
import type { Secret } from '../crypto/secret.ts';
import { SIZES, type Agreement, type Signer, type Suite } from '../crypto/suite.ts';
import { PREKEY_ID_BYTES, type CardPair, type Prekey } from '../wire/identity.ts';
import { keyToPeerName, type PeerName } from '../wire/ids.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { createCard } from './card.ts';
import { loadPrekey } from './prekey.ts';
import { createRootRecord } from './root.ts';

export interface Seat {
	readonly root: Signer;
	readonly card: Signer;
	readonly auth: Agreement;
	readonly prekey: OpeningPrekey;
	readonly joinSecret: Secret;
	/** The seat has one device: the writer key of its thread comes from this. */
	readonly writerSecret: Secret;
	readonly peer: PeerName;
}

/** @param secret 32 bytes */
export async function deriveSeat(suite: Suite, secret: Secret): Promise<Seat> {
	const part = (name: string) => suite.hkdf(secret, labelled(LABELS.letterSeat, name), SIZES.seed);
	const signer = async (name: string) => suite.signer(await part(name));
	const id = (await part('prekey')).reveal().slice(0, PREKEY_ID_BYTES);
	return {
		root: await signer('root'),
		card: await signer('card'),
		auth: await suite.agreement(await part('auth')),
		prekey: await loadPrekey(suite, { id, kemSeed: await part('kem'), dhSeed: await part('dh') }),
		joinSecret: await part('join'),
		writerSecret: await part('writer'),
		peer: keyToPeerName((await signer('peer')).publicKey)
	};
}

/** A seat has one root record and one card, and they never change. */
export const SEAT_PAIR: CardPair = { rootSeq: 1, seq: 1 };
/** The last that a sequence and a date of a card can say: nobody looks for a newer card. */
const NEVER = 2 ** 48 - 1;
const NAME = 'Letter link';

export interface SeatCard {
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	/** 1,216 bytes. */
	readonly xwing: Uint8Array;
}

/**
 * Its public description, as the writer of the letter lists it. An opener takes the bytes that it finds
 * listed: not every implementation of Ed25519 signs the same way twice.
 */
export async function createSeatCard(suite: Suite, seat: Seat): Promise<SeatCard> {
	const { kem } = seat.prekey;
	return {
		record: await createRootRecord(suite, seat.root, {
			seq: SEAT_PAIR.rootSeq,
			card: seat.card.publicKey
		}),
		card: await createCard(suite, seat.card, {
			root: seat.root.publicKey,
			pair: SEAT_PAIR,
			name: NAME,
			auth: seat.auth.publicKey,
			prekey: await prekeyOf(suite, seat),
			offices: [],
			policy: 'open'
		}),
		xwing: kem.publicKey
	};
}

async function prekeyOf(suite: Suite, { prekey: { id, kem, dh } }: Seat): Promise<Prekey> {
	return { id, xwing: await suite.sha256(kem.publicKey), dh: dh.publicKey, until: NEVER };
}
