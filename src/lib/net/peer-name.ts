/** The libp2p peer id of a seed, without loading libp2p: it is needed when an identity begins. */

import { base58btc } from 'multiformats/bases/base58';
import { create as createDigest } from 'multiformats/hashes/digest';
import { Secret } from '../crypto/secret.ts';
import type { Suite } from '../crypto/suite.ts';
import { concat } from '../wire/bytes.ts';
import { parsePeerName, type PeerName } from '../wire/ids.ts';

const IDENTITY_HASH = 0x00;
/** Protobuf head of an Ed25519 public key (libp2p specs, peer-ids): type 1, 32 bytes. */
const ED25519_KEY_HEAD = Uint8Array.of(0x08, 0x01, 0x12, 0x20);

/** @param seed 32 bytes, Ed25519 */
export async function peerNameOf(suite: Suite, seed: Uint8Array): Promise<PeerName> {
	const { publicKey } = await suite.signer(new Secret(Uint8Array.from(seed)));
	const { bytes } = createDigest(IDENTITY_HASH, concat(ED25519_KEY_HEAD, publicKey));
	const name = parsePeerName(base58btc.baseEncode(bytes));
	if (name === null) throw new RangeError('a seed has 32 bytes');
	return name;
}
