/**
 * What an object's signature covers: `labelled(label, SHA-256(object without sig))`, unknown fields
 * included, so that a later version's fields are signed too.
 */

import type { Verifier } from '../crypto/suite.ts';
import { decodeCanonical, encodePlain, type Plain } from '../wire/codec.ts';
import { labelled, type Label } from '../wire/labels.ts';

export type Fields = Readonly<Record<string, Plain | undefined>>;

/** The bytes that are signed. */
export async function fieldsToSign(
	{ sha256 }: Pick<Verifier, 'sha256'>,
	label: Label,
	fieldsWithoutSig: Fields
): Promise<Uint8Array<ArrayBuffer>> {
	return labelled(label, await sha256(encodePlain(fieldsWithoutSig)));
}

/** @param bytes an object that its decoder accepted, so that a signature of 64 bytes stands in it. */
export async function isSignedBy(
	verifier: Verifier,
	publicKey: Uint8Array,
	label: Label,
	bytes: Uint8Array
): Promise<boolean> {
	const decoded = decodeCanonical(bytes, bytes.length);
	if (!decoded.ok || !isFields(decoded.value)) return false;
	const { sig, ...fields } = decoded.value;
	if (!(sig instanceof Uint8Array)) return false;
	return verifier.verify(publicKey, await fieldsToSign(verifier, label, fields), sig);
}

/** What the CBOR decoder gives is plain through and through; only the outermost kind is open. */
function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
