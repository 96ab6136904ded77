/** Making a card: the routine half of an identity's public description (protocol §2). */

import type { CID } from 'multiformats/cid';
import type { Signer, Suite } from '../crypto/suite.ts';
import type { CardOffice, CardPair, Prekey } from '../wire/identity.ts';
import { LABELS } from '../wire/labels.ts';
import { signObject } from './sign.ts';

export interface CardFields {
	/** 32 bytes. */
	readonly root: Uint8Array;
	readonly pair: CardPair;
	readonly name: string;
	readonly aliases?: readonly string[];
	/** A raw or DAG-CBOR block. */
	readonly avatar?: CID;
	/** 32 bytes, X25519. */
	readonly auth: Uint8Array;
	readonly prekey: Prekey;
	readonly offices: readonly CardOffice[];
	/** Who may write first. */
	readonly policy: string;
}

/** The signed bytes. What does not fit the decoder's limits is refused by whoever verifies it. */
export function createCard(
	suite: Suite,
	cardKey: Signer,
	{ root, pair, name, aliases = [], avatar, auth, prekey, offices, policy }: CardFields
): Promise<Uint8Array<ArrayBuffer>> {
	return signObject(suite, cardKey, LABELS.card, {
		v: 1,
		t: 'card',
		root,
		rootSeq: pair.rootSeq,
		seq: pair.seq,
		name,
		aliases,
		avatar,
		auth,
		prekey: { id: prekey.id, xwing: prekey.xwing, dh: prekey.dh, until: prekey.until },
		offices: offices.map(({ url, slot }) => ({ url, slot })),
		policy
	});
}
