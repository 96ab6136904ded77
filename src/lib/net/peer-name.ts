/** Peer ids of libp2p and the keys that they are made of, without loading libp2p. */

import { base58btc } from 'multiformats/bases/base58';
import { create as createDigest } from 'multiformats/hashes/digest';
import { Secret } from '../crypto/secret.ts';
import type { Suite } from '../crypto/suite.ts';
import { concat } from '../wire/bytes.ts';
import { parsePeerName, type PeerName } from '../wire/ids.ts';

const IDENTITY_HASH = 0x00;
/** Protobuf head of an Ed25519 public key (libp2p specs, peer-ids): type 1, 32 bytes. */
const ED25519_KEY_HEAD = Uint8Array.of(0x08, 0x01, 0x12, 0x20);

/** Needed when an identity begins. @param seed 32 bytes, Ed25519 */
export async function peerNameOf(suite: Suite, seed: Uint8Array): Promise<PeerName> {
	const { publicKey } = await suite.signer(new Secret(Uint8Array.from(seed)));
	const { bytes } = createDigest(IDENTITY_HASH, concat(ED25519_KEY_HEAD, publicKey));
	const name = parsePeerName(base58btc.baseEncode(bytes));
	if (name === null) throw new RangeError('a seed has 32 bytes');
	return name;
}

/** The Ed25519 key, 32 bytes: a name of ours is that, with a head before it. */
export function publicKeyOf(name: PeerName): Uint8Array {
	return base58btc.baseDecode(name).subarray(-32);
}
