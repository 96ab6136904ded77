/** Is a writer surely who it says? The authenticator that was made for us decides (protocol §3). */

import { equalConstantTime } from '../crypto/secret.ts';
import type { Certificate, Vouch } from '../wire/body.ts';
import { equal, toHex } from '../wire/bytes.ts';
import type { Admission } from './admission.ts';
import { joinSigner, vouchFor } from './keys.ts';
import type { ListedIdentity } from './list.ts';
import { writerName } from './replica.ts';

export interface Vouching {
	readonly writer: Uint8Array;
	readonly cert: Certificate;
	readonly vouches: readonly Vouch[];
}

/**
 * Remembers the writer key of an authentic body as sure, where it is. Its absence voids nothing.
 * `join`: the key that certifies it; `identity`: of the writer's root, as the thread lists it.
 */
export async function takeVouch(
	admission: Admission,
	{ writer, cert, vouches }: Vouching,
	join: string,
	identity: ListedIdentity | null
): Promise<void> {
	const { me, suite, origin, sure, ownWriter } = admission;
	const name = writerName(cert.root, writer);
	if (sure.has(name)) return;
	if (equal(cert.root, me.root)) {
		if (name === ownWriter || (await isOwnJoin(admission, join))) sure.add(name);
		return;
	}
	const mine = vouches.find(({ to }) => equal(to, me.root));
	if (mine === undefined || identity === null) return;
	const names = { origin, writer, writerRoot: cert.root, readerRoot: me.root };
	const expected = await vouchFor(suite, me.auth, identity.card.auth, names);
	if (expected !== null && equalConstantTime(expected, mine.mac)) sure.add(name);
}

/** Our other devices: only they have the join secret. */
async function isOwnJoin({ me, suite, origin }: Admission, join: string): Promise<boolean> {
	return toHex((await joinSigner(suite, me.joinSecret, origin)).publicKey) === join;
}
