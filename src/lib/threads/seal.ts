/**
 * Bodies, sealed and opened (protocol §3, §8.3, §8.4): sign, pad, encrypt, with the header's core as
 * associated data. The key is used once, so the nonce is zero.
 */

import type { Secret } from '../crypto/secret.ts';
import { SIZES, type Signer, type Suite } from '../crypto/suite.ts';
import { pad, unpad } from '../crypto/pad.ts';
import type { Body } from '../wire/body.ts';
import { equal } from '../wire/bytes.ts';
import { cutField } from '../wire/cbor-cut.ts';
import { encodeFields, isAsRead } from '../wire/codec.ts';
import type { Header } from '../wire/entry.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';

const ZERO_NONCE = new Uint8Array(12);
/** Stands in a body until there is one. */
const NO_SIGNATURE = new Uint8Array(SIZES.signature);

type Fields = Readonly<Record<string, unknown>>;

export interface Sealed {
	readonly sealed: Uint8Array;
	/** The signed body, as it comes out when it is opened. */
	readonly plain: Uint8Array;
	readonly sig: Uint8Array;
}

/** Refuses `too-large`. */
export async function sealBody(
	suite: Suite,
	writer: Signer,
	deriving: Secret | Promise<Secret>,
	core: Uint8Array,
	body: Fields
): Promise<Result<Sealed>> {
	const plain = encodeFields({ ...body, sig: NO_SIGNATURE });
	const cut = cutField(plain, 'sig');
	if (cut === null) throw new Error('it was just written');
	const signing = toSign(suite, core, cut.rest).then((message) => writer.sign(message));
	const [key, sig] = await Promise.all([deriving, signing]);
	plain.set(sig, cut.end - sig.length);
	const padded = pad(plain);
	if (padded.length > LIMITS.bodyBytes) return refuse('too-large');
	return accept({ plain, sig, sealed: await suite.sealAead(key, ZERO_NONCE, core, padded) });
}

/** Refuses `wrong-tag`: another key, another header, or damaged. */
export async function openBody(
	suite: Suite,
	key: Secret,
	core: Uint8Array,
	sealed: Uint8Array
): Promise<Result<Uint8Array>> {
	const padded = await suite.openAead(key, ZERO_NONCE, core, sealed);
	if (padded === null) return refuse('wrong-tag');
	const plain = unpad(padded);
	return plain === null ? refuse('not-canonical') : accept(plain);
}

/** Refuses `wrong-hash`: the body is not the one that the header names. */
export async function checkBodyHash(
	suite: Suite,
	header: Header,
	sealed: Uint8Array
): Promise<Result<null>> {
	return equal(await suite.sha256(sealed), header.body) ? accept(null) : refuse('wrong-hash');
}

/** @param plain the bytes of which the body was read */
export async function isSigned(
	suite: Suite,
	core: Uint8Array,
	body: Body,
	plain: Uint8Array
): Promise<boolean> {
	const cut = isAsRead(body) ? cutField(plain, 'sig') : null;
	const unsigned = cut?.rest ?? encodeFields({ ...body, sig: undefined });
	return suite.verify(body.writer, await toSign(suite, core, unsigned), body.sig);
}

async function toSign(suite: Suite, core: Uint8Array, unsigned: Uint8Array): Promise<Uint8Array> {
	const [coreHash, bodyHash] = await Promise.all([suite.sha256(core), suite.sha256(unsigned)]);
	return labelled(LABELS.entrySignature, coreHash, bodyHash);
}
