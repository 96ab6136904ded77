/**
 * What a recipient can do with what a recipient has: write a whole conversation in another's name.
 * Takes the recipient's own keys and the other's public description, and no secret of the other.
 */

import { Secret } from '../../src/lib/crypto/secret.ts';
import type { Agreement } from '../../src/lib/crypto/suite.ts';
import type { Me, Person, ThreadPorts } from '../../src/lib/threads/thread.ts';
import { equal } from '../../src/lib/wire/bytes.ts';
import { cardDecoder } from '../../src/lib/wire/identity.ts';
import { keyToPeerName } from '../../src/lib/wire/ids.ts';

/**
 * Someone who passes for `other` before `me`, and before everybody to whom `me` shows all that it has.
 * Every tag that `other` would make for `me` comes out of X25519 between a key of each, so `me`
 * computes the same; join and writer keys may be anybody's invention.
 */
export async function pretendToBe(
	{ suite, random }: ThreadPorts,
	me: Me,
	other: Person
): Promise<Me> {
	const card = cardDecoder.decode(other.card);
	if (!card.ok) throw new Error(card.reason);
	const secret = () => new Secret(random(32));
	const writer = await suite.signer(secret());
	const peer = await suite.signer(secret());
	return {
		...other,
		auth: agreeAs(card.value.auth, me, () => secret()),
		prekeys: [],
		joinSecret: secret(),
		writer: async () => writer,
		peer: keyToPeerName(peer.publicKey)
	};
}

/** What it would agree on with itself or with strangers nobody but its owner can check. */
function agreeAs(publicKey: Uint8Array, { auth, prekeys }: Me, invent: () => Secret): Agreement {
	const mine = [auth, ...prekeys.map(({ dh }) => dh)];
	return {
		publicKey: Uint8Array.from(publicKey),
		agree: async (peer) => {
			const key = mine.find((each) => equal(each.publicKey, peer));
			return key === undefined ? invent() : key.agree(publicKey);
		}
	};
}
