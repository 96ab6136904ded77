/**
 * From an address to a card that can be believed: address → root key → root record → card key →
 * card → X-Wing key (protocol §2). The relay's directory runs this too, so nothing here holds a
 * secret. A directory can withhold; it cannot lie.
 */

import type { Verifier } from '../crypto/suite.ts';
import { equal } from '../wire/bytes.ts';
import {
	bundleDecoder,
	cardDecoder,
	comparePairs,
	rootRecordDecoder,
	type Bundle,
	type Card,
	type CardPair,
	type RootRecord
} from '../wire/identity.ts';
import { addressToRootKey, rootKeyToAddress, type Address } from '../wire/ids.ts';
import { LABELS } from '../wire/labels.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import { isSignedBy } from './signed.ts';

/** Root record and card that belong together, as signed and as read. */
export interface VerifiedCard {
	readonly address: Address;
	readonly pair: CardPair;
	readonly record: RootRecord;
	readonly recordBytes: Uint8Array;
	readonly card: Card;
	readonly cardBytes: Uint8Array;
}

export interface VerifiedBundle extends VerifiedCard {
	/** 1,216 bytes, the key that the card's prekey names. */
	readonly xwing: Uint8Array;
}

/**
 * What a directory gives for this address. Refuses what the decoders refuse, and `wrong-shape`
 * (parts of different identities or periods), `wrong-signature`, `wrong-hash` (X-Wing key).
 */
export async function verifyBundle(
	verifier: Verifier,
	address: Address,
	bytes: Uint8Array
): Promise<Result<VerifiedBundle>> {
	const bundle = bundleDecoder.decode(bytes);
	return bundle.ok ? verifyBundleParts(verifier, address, bundle.value) : bundle;
}

export async function verifyBundleParts(
	verifier: Verifier,
	address: Address,
	{ record, card, xwing }: Pick<Bundle, 'record' | 'card' | 'xwing'>
): Promise<Result<VerifiedBundle>> {
	const verified = await verifyCard(verifier, address, record, card);
	if (!verified.ok) return verified;
	const isNamed = equal(await verifier.sha256(xwing), verified.value.card.prekey.xwing);
	return isNamed ? accept({ ...verified.value, xwing }) : refuse('wrong-hash');
}

/** As `verifyBundle`, where the X-Wing key stands elsewhere: in notices and member lists. */
export async function verifyCard(
	verifier: Verifier,
	address: Address,
	recordBytes: Uint8Array,
	cardBytes: Uint8Array
): Promise<Result<VerifiedCard>> {
	const record = await verifyRootRecord(verifier, address, recordBytes);
	if (!record.ok) return record;
	const card = cardDecoder.decode(cardBytes);
	if (!card.ok) return card;
	const { root, rootSeq, seq } = card.value;
	if (!equal(root, record.value.root)) return refuse('wrong-shape');
	if (rootSeq !== record.value.seq) return refuse('wrong-shape');
	if (!(await isSignedBy(verifier, record.value.card, LABELS.card, cardBytes))) {
		return refuse('wrong-signature');
	}
	return accept({
		address,
		pair: { rootSeq, seq },
		record: record.value,
		recordBytes,
		card: card.value,
		cardBytes
	});
}

export async function verifyRootRecord(
	verifier: Verifier,
	address: Address,
	bytes: Uint8Array
): Promise<Result<RootRecord>> {
	const record = rootRecordDecoder.decode(bytes);
	if (!record.ok) return record;
	const { root, card, revoked } = record.value;
	if (rootKeyToAddress(root) !== address) return refuse('wrong-shape');
	// A record that revokes the key it appoints says two things at once: whoever made it, it is void.
	if (revoked.some(({ key }) => equal(key, card))) return refuse('wrong-shape');
	const isSigned = await isSignedBy(verifier, addressToRootKey(address), LABELS.rootRecord, bytes);
	return isSigned ? record : refuse('wrong-signature');
}

export type Standing = 'newer' | 'same' | 'older' | 'conflict';

type Signed = Pick<VerifiedCard, 'pair' | 'recordBytes' | 'cardBytes'>;

/**
 * How a candidate stands to what is held for the same address. `older` is a rollback and is
 * refused; a `conflict`, two objects with one sequence, is shown and never resolved silently.
 */
export function compareCards(held: Signed, candidate: Signed): Standing {
	const isOtherRecord =
		held.pair.rootSeq === candidate.pair.rootSeq && !equal(held.recordBytes, candidate.recordBytes);
	if (isOtherRecord) return 'conflict';
	const order = comparePairs(candidate.pair, held.pair);
	if (order !== 0) return order > 0 ? 'newer' : 'older';
	return equal(held.cardBytes, candidate.cardBytes) ? 'same' : 'conflict';
}

/**
 * May the candidate take the place of what is held? Refuses `older-than-known` and `conflict`; the
 * same once more is accepted.
 */
export function admitCard<T extends Signed>(held: Signed | null, candidate: T): Result<T> {
	const standing = held === null ? 'newer' : compareCards(held, candidate);
	switch (standing) {
		case 'newer':
		case 'same':
			return accept(candidate);
		case 'older':
			return refuse('older-than-known');
		case 'conflict':
			return refuse('conflict');
	}
}
