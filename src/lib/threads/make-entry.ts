/** Making plain entries: our `join`, and what we write. */

import type { Secret } from '../crypto/secret.ts';
import type { Signer, Suite } from '../crypto/suite.ts';
import type { Certificate, Vouch } from '../wire/body.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { idToCid, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { tick } from './clock.ts';
import type { EpochFact } from './fold.ts';
import {
	certificateToSign,
	entryKey,
	joinSigner,
	joinToSign,
	toSecret,
	vouchFor,
	writerOf
} from './keys.ts';
import type { Listed } from './list.ts';
import { nodeAt } from './log.ts';
import { sealOwnEntry, type OwnEntry } from './own.ts';
import { vouchName, type Replica } from './replica.ts';
import type { Me, NotMade, ThreadPorts } from './thread.ts';
import { chooseHere, pastOf } from './write-in.ts';

export type MadeEntry = OwnEntry | NotMade;

export function refused(reason: Refusal): NotMade {
	return { ok: false, kind: 'refused', reason };
}

/**
 * Our first `join` under the epoch that we are going to write in; `null` where none is needed: the
 * epoch lists our join key, or everybody in it was given a `join` of ours under the same seed.
 */
export async function makeJoin(
	ports: ThreadPorts,
	me: Me,
	replica: Replica
): Promise<MadeEntry | null> {
	const past = pastOf(replica);
	const epoch = past && chooseHere(replica, past);
	if (epoch === null) return refused('no-wrap-for-me');
	const self = epoch.list.members.find(({ root }) => root === toHex(me.root));
	if (self === undefined) return refused('not-a-member');
	if (self.seed === null || hasJoined(replica, epoch, self)) return null;
	const proof = await proveJoin(ports, me, replica, self.seed);
	if (proof === null) return refused('no-wrap-for-me');
	const fields = { t: 'join', root: me.root, join: proof.join, seedSig: proof.seedSig };
	return makeEntry(ports, me, replica, ports.random(MESSAGE_ID_BYTES), fields);
}

function hasJoined({ joins }: Replica, { list }: EpochFact, { root, seed }: Listed): boolean {
	return joins.some(
		(join) =>
			join.root === root &&
			join.seed === seed &&
			list.members.every((member) => join.readers.has(member.root))
	);
}

/** Our join key, signed by this seed; `null` where no wrap gave us the seed. */
export async function proveJoin(
	{ suite }: ThreadPorts,
	me: Me,
	{ secrets, origin }: Replica,
	seed: string
): Promise<{ readonly join: Uint8Array; readonly seedSig: Uint8Array } | null> {
	for (const { joinSeed } of Object.values(secrets.epochs)) {
		if (joinSeed === undefined) continue;
		const signer = await suite.signer(toSecret(joinSeed));
		if (toHex(signer.publicKey) !== seed) continue;
		const join = (await joinSigner(suite, me.joinSecret, origin)).publicKey;
		return { join, seedSig: await signer.sign(joinToSign(origin, me.root, join)) };
	}
	return null;
}

/** An entry of ours in the epoch that is to be written in, on top of all heads. */
export async function makeEntry(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	id: Uint8Array,
	fields: Readonly<Record<string, unknown>>
): Promise<MadeEntry> {
	const { suite } = ports;
	const past = pastOf(replica);
	const epoch = past && chooseHere(replica, past);
	const secret = epoch === null ? undefined : replica.secrets.epochs[epoch.id]?.secret;
	if (past === null || epoch === null || secret === undefined) return refused('no-wrap-for-me');
	const writer = await writerOf(me, replica.origin);
	const core = {
		v: 1 as const,
		t: 'entry' as const,
		thread: replica.thread,
		parents: past.parents.map((place) => nodeAt(replica.view, place).cid),
		epoch: idToCid(epoch.id),
		salt: ports.random(32)
	};
	const key = await entryKey(suite, toSecret(secret), core.salt, replica.thread);
	const own = await sealOwnEntry(
		suite,
		core,
		{ writer, key },
		{
			...fields,
			v: 1,
			id,
			clock: tick(replica.clock, ports.now()),
			writer: writer.publicKey,
			cert: await certify(ports, me, replica.origin, writer),
			vouches: await vouchToNew(ports, me, replica, writer, [...past.fold.members.values()])
		}
	);
	return own.ok ? own.value : refused(own.reason);
}

/** Certificates by the join secret under which they were made: an entry needs one each time. */
const certificates = new WeakMap<Secret, Map<string, Promise<Certificate>>>();

/** The join key's word for this device. */
export function certify(
	{ suite }: ThreadPorts,
	me: Me,
	origin: Uint8Array,
	writer: Signer
): Promise<Certificate> {
	const made = certificates.get(me.joinSecret) ?? new Map<string, Promise<Certificate>>();
	certificates.set(me.joinSecret, made);
	const name = [toHex(origin), toHex(writer.publicKey), me.peer].join();
	const given = made.get(name) ?? signCertificate(suite, me, origin, writer.publicKey);
	made.set(name, given);
	return given;
}

async function signCertificate(
	suite: Suite,
	{ root, peer, joinSecret }: Me,
	origin: Uint8Array,
	writer: Uint8Array
): Promise<Certificate> {
	const join = await joinSigner(suite, joinSecret, origin);
	const key = { root, writer, peer };
	return { ...key, sig: await join.sign(certificateToSign(origin, key)) };
}

/** An authenticator for each member that has none of this writer key yet. */
export async function vouchToNew(
	{ suite }: ThreadPorts,
	me: Me,
	{ origin, vouched }: Pick<Replica, 'origin' | 'vouched'>,
	writer: Signer,
	members: readonly Pick<Listed, 'identity'>[]
): Promise<Vouch[]> {
	const vouches: Vouch[] = [];
	for (const { identity } of members) {
		if (identity === null || equal(identity.card.root, me.root)) continue;
		const { root: to, auth } = identity.card;
		if (vouched.has(vouchName(to, auth))) continue;
		const names = { origin, writer: writer.publicKey, writerRoot: me.root, readerRoot: to };
		const mac = await vouchFor(suite, me.auth, auth, names);
		if (mac !== null) vouches.push({ to, mac });
	}
	return vouches;
}
