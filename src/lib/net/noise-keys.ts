/**
 * Keys for Noise, as few as a page needs of them: worked out when a connection asks, and without the
 * table that noble makes before it first multiplies the base point. Making it holds up a starting page
 * for longer than all its connections together gain by it.
 */

import { pureJsCrypto, type ICryptoInterface, type KeyPair } from '@libp2p/noise';
import { systemRandom } from '../crypto/random.ts';

const KEY_BYTES = 32;
/** u = 9 (RFC 7748 §4.1): agreeing with it gives the public key. */
const BASE = Uint8Array.from({ length: KEY_BYTES }, (_, at) => (at === 0 ? 9 : 0));

export const noiseCrypto: ICryptoInterface = {
	...pureJsCrypto,
	generateX25519KeyPair: () => toKeyPair(systemRandom(KEY_BYTES)),
	generateX25519KeyPairFromSeed: toKeyPair
};

function toKeyPair(privateKey: Uint8Array): KeyPair {
	let publicKey: Uint8Array | null = null;
	return {
		privateKey,
		get publicKey() {
			publicKey ??= pureJsCrypto.generateX25519SharedKey(privateKey, BASE);
			return publicKey;
		}
	};
}
