/**
 * Bodies, sealed and opened (protocol §3, §8.3, §8.4): sign, pad, encrypt, with the header's core as
 * associated data. The key is used once, so the nonce is zero.
 */

import type { Secret } from '../crypto/secret.ts';
import type { Signer, Suite } from '../crypto/suite.ts';
import { pad, unpad } from '../crypto/pad.ts';
import type { Body } from '../wire/body.ts';
import { equal } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { headerCore, type Header } from '../wire/entry.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';

const ZERO_NONCE = new Uint8Array(12);

type Fields = Readonly<Record<string, unknown>>;

export interface Sealed {
	readonly sealed: Uint8Array;
	/** The signed body, as it comes out when it is opened. */
	readonly plain: Uint8Array;
}

/** Refuses `too-large`. */
export async function sealBody(
	suite: Suite,
	writer: Signer,
	deriving: Secret | Promise<Secret>,
	core: Uint8Array,
	body: Fields
): Promise<Result<Sealed>> {
	const signing = bodyToSign(suite, core, body).then((message) => writer.sign(message));
	const [key, sig] = await Promise.all([deriving, signing]);
	const plain = encodeFields({ ...body, sig });
	const padded = pad(plain);
	if (padded.length > LIMITS.bodyBytes) return refuse('too-large');
	return accept({ plain, sealed: await suite.sealAead(key, ZERO_NONCE, core, padded) });
}

/** Refuses `wrong-tag`: another key, another header, or damaged. */
export async function openBody(
	suite: Suite,
	key: Secret,
	header: Header,
	sealed: Uint8Array
): Promise<Result<Uint8Array>> {
	const padded = await suite.openAead(key, ZERO_NONCE, headerCore(header), sealed);
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

/** `isTrusted`: it was checked before, and comes from our own sealed storage. */
export async function isSigned(
	{ suite, isTrusted }: { readonly suite: Suite; readonly isTrusted: boolean },
	header: Header,
	body: Body
): Promise<boolean> {
	if (isTrusted) return true;
	const message = await bodyToSign(suite, headerCore(header), { ...body });
	return suite.verify(body.writer, message, body.sig);
}

async function bodyToSign(suite: Suite, core: Uint8Array, body: Fields): Promise<Uint8Array> {
	const unsigned = encodeFields({ ...body, sig: undefined });
	const [coreHash, bodyHash] = await Promise.all([suite.sha256(core), suite.sha256(unsigned)]);
	return labelled(LABELS.entrySignature, coreHash, bodyHash);
}
