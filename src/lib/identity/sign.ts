/** Signing an object of this folder; apart from its verification, which a relay runs too. */

import type { Signer, Suite } from '../crypto/suite.ts';
import { encodePlain } from '../wire/codec.ts';
import type { Label } from '../wire/labels.ts';
import { fieldsToSign, type Fields } from './signed.ts';

/** The object's bytes, its signature in the field `sig`. */
export async function signObject(
	suite: Suite,
	signer: Signer,
	label: Label,
	fields: Fields
): Promise<Uint8Array<ArrayBuffer>> {
	const sig = await signer.sign(await fieldsToSign(suite, label, fields));
	return encodePlain({ ...fields, sig });
}
