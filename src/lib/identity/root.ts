/** Making a root record: the rare half of an identity's public description (protocol §2). */

import type { CID } from 'multiformats/cid';
import type { Signer, Suite } from '../crypto/suite.ts';
import { LABELS } from '../wire/labels.ts';
import { signObject } from './sign.ts';

export interface RootRecordFields {
	readonly seq: number;
	/** 32 bytes, Ed25519. */
	readonly card: Uint8Array;
	/** `since`: Unix milliseconds from which the key is doubtful. */
	readonly revoked?: readonly { readonly key: Uint8Array; readonly since: number }[];
	/** The record before, where it holds revoked keys that found no room here. */
	readonly older?: CID;
	/** 32 bytes, another root key. */
	readonly successor?: Uint8Array;
}

/** The signed bytes. What does not fit the decoder's limits is refused by whoever verifies it. */
export function createRootRecord(
	suite: Suite,
	root: Signer,
	{ seq, card, revoked = [], older, successor }: RootRecordFields
): Promise<Uint8Array<ArrayBuffer>> {
	const { publicKey } = root;
	return signObject(suite, root, LABELS.rootRecord, {
		v: 1,
		t: 'root',
		root: publicKey,
		seq,
		card,
		revoked: revoked.map(({ key, since }) => ({ key, since })),
		older,
		successor
	});
}
