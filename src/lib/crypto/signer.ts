/** Signing with a key that no script can read. */

import { requireSize, toBytes } from './bytes.ts';
import { SIZES, type Bytes, type Signer } from './suite.ts';

/** A signer over a key that may be non-extractable, as devices keep theirs. */
export function cryptoKeyToSigner(
	subtle: SubtleCrypto,
	privateKey: CryptoKey,
	publicKey: Bytes
): Signer {
	requireSize('an Ed25519 key', publicKey.length, SIZES.key);
	return {
		publicKey,
		async sign(message) {
			return new Uint8Array(await subtle.sign('Ed25519', privateKey, toBytes(message)));
		}
	};
}
