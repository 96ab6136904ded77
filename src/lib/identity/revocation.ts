/**
 * The end of a card key (protocol §2): the root record that revokes it, what a contact does with such
 * a record, and what a signature under the key is worth afterwards.
 */

import { equal } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import type { RootRecord } from '../wire/identity.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Revocation } from './doubt.ts';
import type { RootRecordFields } from './root.ts';
import { nextSequence } from './sequence.ts';

/** A root record that was verified from its address, as signed and as read. */
export interface VerifiedRecord {
	readonly record: RootRecord;
	readonly recordBytes: Uint8Array;
}

export interface Theft {
	/** 32 bytes: the card key that takes the place of the stolen one. */
	readonly newCard: Uint8Array;
	/** Since when the old key may be in other hands, Unix ms, as far as its owner can tell. */
	readonly compromisedSinceMs: number;
}

/**
 * The root record after a device was stolen or a key misused; needs the phrase to be signed. Of the
 * revoked keys the newest two stand in it; the record before is named where it holds older ones.
 * The caller makes a new authentication key, prekey, join secret and account thread with it.
 */
export function revokeCardKey(
	{ record, recordBytes }: VerifiedRecord,
	{ newCard, compromisedSinceMs }: Theft,
	nowMs: number
): RootRecordFields {
	const revoked = [
		{ key: record.card, since: Math.max(0, Math.min(compromisedSinceMs, nowMs)) },
		...record.revoked.filter(({ key }) => !equal(key, record.card))
	];
	const hasMore = revoked.length > LIMITS.revokedKeys || record.older !== undefined;
	return {
		seq: nextSequence(record.seq, nowMs),
		card: newCard,
		revoked: revoked.slice(0, LIMITS.revokedKeys),
		...(hasMore && { older: cidOfObject(recordBytes) }),
		...(record.successor && { successor: record.successor })
	};
}

export type AppliedRecord =
	/** The first one, or a newer one that says nothing of its card key. */
	| { readonly kind: 'taken' }
	/**
	 * A newer one under another card key: shared threads are re-keyed at their next write, the user is
	 * told once, and what was said under the old key is judged by `findDoubtful`.
	 */
	| { readonly kind: 'card-key-changed'; readonly revocation: Revocation | null }
	| { readonly kind: 'same' }
	/** A rollback: refused. */
	| { readonly kind: 'older' }
	/** Two records with one sequence: shown, never resolved silently. The held one stays. */
	| { readonly kind: 'conflict' };

/**
 * How a root record, verified from the same address, stands to the one that is held; `learnedAt` as
 * in `Revocation`.
 */
export function applyRecord(
	held: VerifiedRecord | null,
	candidate: VerifiedRecord,
	learnedAt: number
): AppliedRecord {
	if (held === null) return { kind: 'taken' };
	const ahead = candidate.record.seq - held.record.seq;
	if (ahead < 0) return { kind: 'older' };
	if (ahead === 0) {
		return { kind: equal(held.recordBytes, candidate.recordBytes) ? 'same' : 'conflict' };
	}
	if (equal(held.record.card, candidate.record.card)) return { kind: 'taken' };
	const revoked = candidate.record.revoked.find(({ key }) => equal(key, held.record.card));
	const revocation = revoked ? { since: revoked.since, learnedAt } : null;
	return { kind: 'card-key-changed', revocation };
}

export type KeyVerdict =
	/** The card key of the newest root record that the checker has. */
	| { readonly kind: 'in-force' }
	/** An earlier card key of this identity, replaced and not revoked. */
	| { readonly kind: 'replaced' }
	/** "Key revoked as of T, date not provable": whoever has it can date a message as they like. */
	| { readonly kind: 'revoked'; readonly since: number }
	/** No root record here names it. */
	| { readonly kind: 'unknown' };

/**
 * What an on-record signature under this card key proves to somebody who has these root records of
 * the identity, each verified from its address. Without the newest one the answer may be too kind:
 * a checker that is online asks for it first.
 *
 * @param cardKey 32 bytes
 */
export function judgeCardKey(
	records: readonly Pick<RootRecord, 'seq' | 'card' | 'revoked'>[],
	cardKey: Uint8Array
): KeyVerdict {
	const ordered = records.toSorted((a, b) => b.seq - a.seq);
	// Revoked in any record is revoked: what a newer one leaves out, it had no room for.
	const revoked = ordered.flatMap((record) => record.revoked).filter(isThisKey);
	if (revoked.length > 0) {
		return { kind: 'revoked', since: Math.min(...revoked.map(({ since }) => since)) };
	}
	const index = ordered.findIndex(({ card }) => equal(card, cardKey));
	if (index < 0) return { kind: 'unknown' };
	return { kind: index === 0 ? 'in-force' : 'replaced' };

	function isThisKey({ key }: { readonly key: Uint8Array }): boolean {
		return equal(key, cardKey);
	}
}
