/**
 * Proofs of what was said on the record (protocol §3): a message of the archive → a file that convinces
 * a third party, and such a file → what it proves. Checking needs no account, no network and no secret.
 */

import { verifyCard, verifyRootRecord, type VerifiedCard } from '../identity/chain.ts';
import { judgeCardKey, type KeyVerdict } from '../identity/revocation.ts';
import { isSignedOnRecord, saidIn } from '../threads/on-record.ts';
import type { Verifier } from '../crypto/suite.ts';
import { equal } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { rootRecordDecoder, type RootRecord } from '../wire/identity.ts';
import { idToCid, rootKeyToAddress, type Address } from '../wire/ids.ts';
import { isOfficeUrl } from '../wire/invite.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	onRecordDecoder,
	type Proof,
	type Said,
	type SaidFile,
	type Testimony
} from '../wire/record.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { MessageRecord } from './records.ts';

/**
 * The file's bytes; `null` for what is off the record.
 *
 * @param known root records of the writer, as signed, the newest first: what became of the card key
 * since the message was signed. Those of others are left out.
 */
export function makeProof(
	{ thread, mail, testimony }: Pick<MessageRecord, 'thread' | 'mail' | 'testimony'>,
	known: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> | null {
	if (testimony === undefined) return null;
	const { sig, record, card } = testimony;
	const others = known.filter((bytes) => !equal(bytes, record) && isOf(mail.from.root, bytes));
	return encodeFields({
		v: 1,
		t: 'on-record',
		thread: idToCid(thread),
		said: saidIn(mail),
		...{ sig, record, card },
		others: others.slice(0, LIMITS.proofRecords)
	});
}

function isOf(root: Uint8Array, bytes: Uint8Array): boolean {
	const decoded = rootRecordDecoder.decode(bytes);
	return decoded.ok && equal(decoded.value.root, root);
}

export type ProofVerdict =
	/** No proof of ours, or not all of it. */
	| { readonly kind: 'unreadable'; readonly reason: Refusal }
	/** It proves nothing: this part was changed, or never was what it says. */
	| { readonly kind: 'invalid'; readonly part: ProofPart; readonly reason: Refusal }
	| ({ readonly kind: 'valid' } & Proved);

export type ProofPart = 'message' | 'card' | 'root-record';

export interface Proved {
	readonly by: Address;
	/** As the card says; whoever has the card key chooses it. */
	readonly name: string;
	readonly said: Said;
	/** 32 bytes: the key that signed. */
	readonly cardKey: Uint8Array;
	/**
	 * Of that key. `revoked`: whoever has had it could sign and date this as they like, whatever date
	 * stands in it. `in-force`: as far as the records say that were at hand.
	 */
	readonly key: Exclude<KeyVerdict, { readonly kind: 'unknown' }>;
	/** Base URLs of post offices that the writer's card names: they may have a newer root record. */
	readonly offices: readonly string[];
	/** Sequence of the newest root record that was at hand: Unix ms by its writer's clock. */
	readonly knownUntil: number;
}

/**
 * @param recordsOf root records that the checker has from elsewhere, as signed; those that are not of
 * this identity, or do not verify, are passed over
 */
export async function checkProof(
	verifier: Verifier,
	bytes: Uint8Array,
	recordsOf: (writer: Address) => Promise<readonly Uint8Array[]> = async () => []
): Promise<ProofVerdict> {
	const decoded = onRecordDecoder.decode(bytes);
	if (!decoded.ok) return { kind: 'unreadable', reason: decoded.reason };
	const proof = decoded.value;
	const by = rootKeyToAddress(proof.said.from.root);
	const record = await verifyRootRecord(verifier, by, proof.record);
	if (!record.ok) return invalid('root-record', record.reason);
	const card = await verifyCard(verifier, by, proof.record, proof.card);
	if (!card.ok) return invalid('card', card.reason);
	if (!(await isSignedOnRecord(verifier, record.value.card, proof))) {
		return invalid('message', 'wrong-signature');
	}
	const others: RootRecord[] = [];
	for (const other of proof.others) {
		const verified = await verifyRootRecord(verifier, by, other);
		if (!verified.ok) return invalid('root-record', verified.reason);
		others.push(verified.value);
	}
	for (const other of await recordsOf(by)) {
		const verified = await verifyRootRecord(verifier, by, other);
		if (verified.ok) others.push(verified.value);
	}
	return { kind: 'valid', ...judge(by, proof, card.value, others) };
}

function invalid(part: ProofPart, reason: Refusal): ProofVerdict {
	return { kind: 'invalid', part, reason };
}

function judge(
	by: Address,
	{ said }: Proof,
	{ record, card }: VerifiedCard,
	others: readonly RootRecord[]
): Proved {
	const records = [record, ...others];
	const key = judgeCardKey(records, record.card);
	if (key.kind === 'unknown') throw new Error('a record names the key that it appoints');
	const knownUntil = Math.max(...records.map(({ seq }) => seq));
	const offices = card.offices.map(({ url }) => url).filter(isOfficeUrl);
	return { by, name: card.name, said, cardKey: record.card, key, offices, knownUntil };
}

/**
 * What became of the key under which a message of the archive is on the record.
 *
 * @param known root records of the writer that were verified when they were stored
 */
export function judgeTestimony({ record }: Testimony, known: readonly Uint8Array[]): KeyVerdict {
	const records = [record, ...known].flatMap((bytes) => {
		const decoded = rootRecordDecoder.decode(bytes);
		return decoded.ok ? [decoded.value] : [];
	});
	const [own] = records;
	return own === undefined ? { kind: 'unknown' } : judgeCardKey(records, own.card);
}

/** Those of the proved files that have exactly this content. */
export function filesWith(
	{ attachments }: Said,
	{ size, sha256 }: Pick<SaidFile, 'size' | 'sha256'>
): readonly SaidFile[] {
	return attachments.filter((file) => file.size === size && equal(file.sha256, sha256));
}
