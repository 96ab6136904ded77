/** Making plain entries: our `join`, and what we write. */

import type { Secret } from '../crypto/secret.ts';
import type { Signer, Suite } from '../crypto/suite.ts';
import type { Certificate, Vouch } from '../wire/body.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { idToCid, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { hasBit, type Bits } from './bits.ts';
import { tick } from './clock.ts';
import type { EpochFact, Fold } from './fold.ts';
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
 * epoch lists our join key, or everybody in it was given a `join` of ours under the same seed, which the
 * entry has before it.
 */
export async function makeJoin(
	ports: ThreadPorts,
	me: Me,
	replica: Replica
): Promise<MadeEntry | null> {
	const past = pastOf(replica);
	const epoch = past && chooseHere(replica, past);
	if (past === null || epoch === null) return refused('no-wrap-for-me');
	const own = toHex(me.root);
	const self = epoch.list.members.find(({ root }) => root === own);
	if (self === undefined) return refused('not-a-member');
	if (self.seed === null || hasJoined(replica, past.before, epoch, self)) return null;
	const proof = await proveJoin(ports, me, replica, self.seed);
	if (proof === null) return refused('no-wrap-for-me');
	const fields = { t: 'join', root: me.root, join: proof.join, seedSig: proof.seedSig };
	return makeEntry(ports, me, replica, ports.random(MESSAGE_ID_BYTES), fields);
}

/** A `join` that is no ancestor of what we are about to write vouches for nothing of it. */
function hasJoined(
	{ joins }: Replica,
	before: Bits,
	{ list }: EpochFact,
	{ root, seed }: Listed
): boolean {
	return joins.some(
		(join) =>
			hasBit(before, join.mark) &&
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
	const cert = await certify(ports, me, replica.origin, writer);
	const vouches = await vouchToMembers(ports, me, replica, writer, past.fold);
	const key = entryKey(suite, toSecret(secret), core.salt, replica.thread);
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
			cert,
			vouches
		}
	);
	return own.ok ? own.value : refused(own.reason);
}

/** By writer key and the join secret under which it was made: an entry needs it each time. */
const certificates = new WeakMap<Signer, WeakMap<Secret, Promise<Certificate>>>();

/** The join key's word for this device. A writer key is one device's in one thread (`writerOf`). */
export function certify(
	{ suite }: ThreadPorts,
	me: Me,
	origin: Uint8Array,
	writer: Signer
): Promise<Certificate> {
	const made = certificates.get(writer) ?? new WeakMap<Secret, Promise<Certificate>>();
	certificates.set(writer, made);
	const given = made.get(me.joinSecret) ?? signCertificate(suite, me, origin, writer.publicKey);
	made.set(me.joinSecret, given);
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

/** Folds whose members all have one, by whom it was given to. */
const vouchedAll = new WeakMap<Fold, ReadonlySet<string>>();

async function vouchToMembers(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	writer: Signer,
	fold: Fold
): Promise<Vouch[]> {
	const { vouched } = replica;
	if (vouchedAll.get(fold) === vouched) return [];
	const vouches = await vouchToNew(ports, me, replica, writer, [...fold.members.values()]);
	if (vouches.length === 0) vouchedAll.set(fold, vouched);
	return vouches;
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
