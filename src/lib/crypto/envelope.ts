/**
 * Sealing to a person: wraps, notices, receipts, parcels (protocol §3, §8.6). Bytes = enc 1,120 ‖ ciphertext.
 *
 * Plaintext = canonical DAG-CBOR array, filled with zeros where the purpose has a fixed length:
 *
 * | # | field | |
 * |---|---|---|
 * | 0 | root | 32, sender's root key |
 * | 1 | pair | [root sequence, card sequence] of the sender's card |
 * | 2 | auth | 32, sender's X25519 authentication key |
 * | 3 | payload | bytes |
 * | 4 | tag | 32, HMAC-SHA-256(k, info ‖ enc ‖ DAG-CBOR of fields 0 to 3) |
 *
 * info = label of the purpose, with recipient's root key, prekey id, SHA-256(X-Wing key ‖ DH prekey)
 * and the context. k = HKDF(X25519(auth, DH prekey), authenticator label with both root keys, auth,
 * DH prekey). The recipient could have made the tag, so it convinces nobody else.
 */

import * as v from 'valibot';
import { concat, equal } from '../wire/bytes.ts';
import { decodeCanonical, encodePlain, type Plain } from '../wire/codec.ts';
import type { Card, CardPair, Prekey } from '../wire/identity.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import { bytes, count } from '../wire/schema.ts';
import type { Random } from './random.ts';
import { equalConstantTime } from './secret.ts';
import { SIZES, type Agreement, type Bytes, type KemKey, type Suite } from './suite.ts';
import { withoutZeros, zeroFill } from './zero-fill.ts';

export type EnvelopePurpose = 'wrap' | 'notice' | 'receipt' | 'parcel';

/** Bytes of the whole envelope where its length must say nothing; a wrap's says nothing anyway. */
const FIXED_BYTES = {
	wrap: null,
	notice: LIMITS.noticeBytes,
	receipt: LIMITS.receiptBytes,
	parcel: LIMITS.parcelHeadBytes
} as const;

/** What an envelope adds to its plaintext. */
const SEAL_BYTES = SIZES.enc + SIZES.tag;
const NO_AAD = new Uint8Array(0);

export interface Recipient {
	/** 32 bytes. */
	readonly root: Uint8Array;
	readonly prekey: Pick<Prekey, 'id' | 'xwing' | 'dh'>;
	/** 1,216 bytes, the block that `prekey.xwing` names. */
	readonly xwing: Uint8Array;
}

export interface Sender {
	/** 32 bytes. */
	readonly root: Uint8Array;
	readonly pair: CardPair;
	readonly authentication: Agreement;
}

export interface Letter {
	readonly purpose: EnvelopePurpose;
	readonly recipient: Recipient;
	readonly sender: Sender;
	/** What both sides know beforehand, such as thread and salt. */
	readonly context: readonly Plain[];
	readonly payload: Uint8Array;
}

/**
 * Refuses `wrong-hash` where the X-Wing key is not the one of the prekey, `wrong-shape` where a key of
 * the recipient is none, `too-large` where the payload does not fit the purpose's fixed length.
 */
export async function sealEnvelope(
	{ suite, random }: { readonly suite: Suite; readonly random: Random },
	{ purpose, recipient, sender, context, payload }: Letter
): Promise<Result<Bytes>> {
	const { prekey, xwing } = recipient;
	if (!equal(await suite.sha256(xwing), prekey.xwing)) return refuse('wrong-hash');
	const parts = { id: prekey.id, xwing, dh: prekey.dh };
	const info = await envelopeInfo(suite, purpose, recipient.root, parts, context);
	const [hpke, key] = await Promise.all([
		suite.setupSender(xwing, info, random),
		authenticatorKey(suite, sender.authentication, prekey.dh, {
			senderRoot: sender.root,
			recipientRoot: recipient.root,
			auth: sender.authentication.publicKey,
			dh: prekey.dh
		})
	]);
	if (hpke === null || key === null) return refuse('wrong-shape');
	const claim = {
		root: sender.root,
		pair: sender.pair,
		auth: sender.authentication.publicKey,
		payload
	};
	const tag = await suite.hmac(key, concat(info, hpke.enc, encodePlain(claimFields(claim))));
	const plaintext = fill(purpose, encodePlain([...claimFields(claim), tag]));
	if (plaintext === null) return refuse('too-large');
	return accept(concat(hpke.enc, await hpke.seal(NO_AAD, plaintext)));
}

function fill(purpose: EnvelopePurpose, plaintext: Uint8Array): Uint8Array | null {
	const size = FIXED_BYTES[purpose];
	return size === null ? plaintext : zeroFill(plaintext, size - SEAL_BYTES);
}

/** The private side of a prekey, as long as it lives. */
export interface OpeningPrekey {
	/** 8 bytes. */
	readonly id: Uint8Array;
	readonly kem: KemKey;
	readonly dh: Agreement;
}

export interface Reader {
	/** 32 bytes, the own root key. */
	readonly root: Uint8Array;
	/** Tried in this order: newest first. */
	readonly prekeys: readonly OpeningPrekey[];
}

/** Written under the claimed keys; who holds them is for `vouch` to say. */
export interface OpenedEnvelope {
	readonly root: Uint8Array;
	readonly pair: CardPair;
	readonly auth: Uint8Array;
	readonly payload: Uint8Array;
	/** Which prekey opened it. */
	readonly prekeyId: Uint8Array;
}

/**
 * `null` = not for me, or damaged: no prekey opens it. Refuses `wrong-shape` for a wrong length,
 * `not-canonical` or `wrong-shape` for what stands inside, `wrong-authenticator` for a wrong tag.
 */
export async function openEnvelope(
	suite: Suite,
	reader: Reader,
	purpose: EnvelopePurpose,
	context: readonly Plain[],
	envelope: Uint8Array
): Promise<Result<OpenedEnvelope> | null> {
	const size = FIXED_BYTES[purpose] ?? envelope.length;
	if (envelope.length !== size || size < SEAL_BYTES) return refuse('wrong-shape');
	const enc = envelope.subarray(0, SIZES.enc);
	const ciphertext = envelope.subarray(SIZES.enc);
	for (const prekey of reader.prekeys) {
		const parts = { id: prekey.id, xwing: prekey.kem.publicKey, dh: prekey.dh.publicKey };
		const info = await envelopeInfo(suite, purpose, reader.root, parts, context);
		const plaintext = await suite.openHpke(prekey.kem, enc, info, NO_AAD, ciphertext);
		if (plaintext === null) continue;
		const isFilled = FIXED_BYTES[purpose] !== null;
		const opened = parsePlaintext(isFilled ? withoutZeros(plaintext) : plaintext);
		if (!opened.ok) return opened;
		return checkTag(suite, reader.root, prekey, concat(info, enc), opened.value);
	}
	return null;
}

/**
 * Binds an opened envelope to a card that the caller has verified: it counts only if that card lists
 * the key under which the tag was made.
 */
export function vouch(opened: OpenedEnvelope, senderCard: Card): Result<OpenedEnvelope> {
	const isSender = equal(opened.root, senderCard.root) && equal(opened.auth, senderCard.auth);
	return isSender ? accept(opened) : refuse('wrong-authenticator');
}

interface Claim {
	readonly root: Uint8Array;
	readonly pair: CardPair;
	readonly auth: Uint8Array;
	readonly payload: Uint8Array;
}

function claimFields({ root, pair, auth, payload }: Claim): readonly Plain[] {
	return [root, [pair.rootSeq, pair.seq], auth, payload];
}

const plaintextSchema = v.strictTuple([
	bytes(SIZES.key),
	v.strictTuple([count, count]),
	bytes(SIZES.key),
	v.instance(Uint8Array),
	bytes(SIZES.hash)
]);

function parsePlaintext(plaintext: Uint8Array | null): Result<Claim & { tag: Uint8Array }> {
	if (plaintext === null) return refuse('not-canonical');
	const plain = decodeCanonical(plaintext, plaintext.length);
	if (!plain.ok) return plain;
	const parsed = v.safeParse(plaintextSchema, plain.value);
	if (!parsed.success) return refuse('wrong-shape');
	const [root, [rootSeq, seq], auth, payload, tag] = parsed.output;
	return accept({ root, pair: { rootSeq, seq }, auth, payload, tag });
}

async function checkTag(
	suite: Suite,
	root: Uint8Array,
	prekey: OpeningPrekey,
	preceding: Uint8Array,
	{ tag, ...claim }: Claim & { tag: Uint8Array }
): Promise<Result<OpenedEnvelope>> {
	const key = await authenticatorKey(suite, prekey.dh, claim.auth, {
		senderRoot: claim.root,
		recipientRoot: root,
		auth: claim.auth,
		dh: prekey.dh.publicKey
	});
	if (key === null) return refuse('wrong-authenticator');
	const expected = await suite.hmac(key, concat(preceding, encodePlain(claimFields(claim))));
	if (!equalConstantTime(expected, tag)) return refuse('wrong-authenticator');
	return accept({ ...claim, prekeyId: prekey.id });
}

interface PublicParts {
	readonly id: Uint8Array;
	readonly xwing: Uint8Array;
	readonly dh: Uint8Array;
}

async function envelopeInfo(
	suite: Suite,
	purpose: EnvelopePurpose,
	root: Uint8Array,
	{ id, xwing, dh }: PublicParts,
	context: readonly Plain[]
): Promise<Bytes> {
	return labelled(LABELS[purpose], root, id, await suite.sha256(concat(xwing, dh)), ...context);
}

interface BothSides {
	readonly senderRoot: Uint8Array;
	readonly recipientRoot: Uint8Array;
	readonly auth: Uint8Array;
	readonly dh: Uint8Array;
}

async function authenticatorKey(
	suite: Suite,
	own: Agreement,
	peer: Uint8Array,
	{ senderRoot, recipientRoot, auth, dh }: BothSides
) {
	const shared = await own.agree(peer);
	const info = labelled(LABELS.authenticator, senderRoot, recipientRoot, auth, dh);
	return shared && suite.hkdf(shared, info, SIZES.key);
}
