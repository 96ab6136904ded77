/** Entries that an honest program does not make, sealed and signed as well as their maker can. */

import type { Me, ThreadPorts, ThreadState } from '../../src/lib/threads/thread.ts';
import type { Signer } from '../../src/lib/crypto/suite.ts';
import {
	commitTo,
	commitToList,
	entryKey,
	listBodyKey,
	listKey,
	toSecret
} from '../../src/lib/threads/keys.ts';
import { nodeAt } from '../../src/lib/threads/log.ts';
import { certify } from '../../src/lib/threads/make-entry.ts';
import { openBody, sealBody } from '../../src/lib/threads/seal.ts';
import { chooseHere, pastOf } from '../../src/lib/threads/write-in.ts';
import { drawEphemeral, makeWraps } from '../../src/lib/threads/wraps.ts';
import { tick } from '../../src/lib/threads/clock.ts';
import { stateDecoder } from '../../src/lib/wire/body.ts';
import { encodeFields } from '../../src/lib/wire/codec.ts';
import { entryIdOf, epochHeaderDecoder, headerCore } from '../../src/lib/wire/entry.ts';
import type { EntryBundle } from '../../src/lib/wire/entry.ts';
import { idToCid } from '../../src/lib/wire/ids.ts';
import type { CID } from 'multiformats/cid';
import { mail, type Actor, type Box } from './actors.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Forgery {
	/** Laid over an ordinary message body. */
	readonly body?: Fields;
	/** Laid over the header, before it is sealed. */
	readonly header?: Fields;
	readonly writer?: Signer;
	/** For which parts the key is derived; the header may say otherwise. */
	readonly parents?: readonly CID[];
}

/** Whose keys are used, and on top of what; a `Box` is one. */
export interface Forger {
	readonly ports: ThreadPorts;
	readonly me: Me;
	readonly open: ThreadState;
	/** Writes the mail where the forgery has none. */
	readonly actor?: Actor;
}

/** Where a forger would write; `null`: it would have to make an epoch first. */
export function placeToForge({ replica }: ThreadState) {
	const past = pastOf(replica);
	const epoch = past && chooseHere(replica, past);
	const secret = epoch === null ? undefined : replica.secrets.epochs[epoch.id]?.secret;
	return past === null || epoch === null || secret === undefined ? null : { past, epoch, secret };
}

/** A message of `box`'s owner, in the epoch in which it would write, with something else in it. */
export async function forgeEntry(box: Forger, forgery: Forgery = {}): Promise<EntryBundle> {
	const { ports, me, open } = box;
	const { replica } = open;
	const place = placeToForge(open);
	if (place === null) throw new Error('no epoch');
	const { past, epoch, secret } = place;
	const own = await me.writer(replica.origin);
	const writer = forgery.writer ?? own;
	const parents = past.parents.map((place) => nodeAt(replica.view, place).cid);
	const core = {
		v: 1 as const,
		t: 'entry' as const,
		thread: replica.thread,
		parents: forgery.parents ?? parents,
		epoch: idToCid(epoch.id),
		salt: ports.random(32),
		...forgery.header
	};
	const key = await entryKey(ports.suite, toSecret(secret), core.salt, replica.thread);
	const sealed = await sealBody(ports.suite, writer, key, headerCore(core), {
		v: 1,
		t: 'message',
		mail: box.actor && mail(box.actor, 'forged'),
		id: ports.random(16),
		clock: tick(replica.clock, ports.now()),
		writer: own.publicKey,
		cert: await certify(ports, me, replica.origin, own),
		vouches: [],
		...forgery.body
	});
	if (!sealed.ok) throw new Error(sealed.reason);
	const body = await ports.suite.sha256(sealed.value.sealed);
	return { header: encodeFields({ ...core, body }), body: sealed.value.sealed, wraps: [] };
}

/**
 * The epoch that `bundle` is (made by `box`, which took it in), with another list, sealed anew and
 * wrapped to `readers`.
 */
export async function forgeEpoch(
	box: Box,
	bundle: EntryBundle,
	readers: readonly Actor[],
	change: (body: Fields) => Fields,
	changeHeader: (core: Fields) => Fields = (core) => core
): Promise<EntryBundle> {
	const { ports, me, open } = box;
	const { suite } = ports;
	const { origin, secrets } = open.replica;
	const decoded = epochHeaderDecoder.decode(bundle.header);
	const known = secrets.epochs[entryIdOf(bundle.header)];
	if (!decoded.ok || known === undefined || bundle.body === null) throw new Error('no epoch');
	const { thread, salt } = decoded.value;
	const bodyKey = await listBodyKey(suite, toSecret(known.listKey), salt, thread ?? null);
	const opened = await openBody(suite, bodyKey, headerCore(decoded.value), bundle.body);
	const state = opened.ok ? stateDecoder.decode(opened.value) : opened;
	if (!state.ok) throw new Error(state.reason);
	const secret = box.actor.world.secret();
	const list = await listKey(suite, secret);
	const ephemeral = await drawEphemeral(ports);
	const { body: _, wraps: __, ...before } = decoded.value;
	const core = {
		...before,
		...changeHeader(before),
		commit: await commitTo(suite, secret, salt),
		listCommit: await commitToList(suite, list, salt),
		eph: ephemeral.publicKey
	};
	const key = await listBodyKey(suite, list, salt, thread ?? null);
	const writer = await me.writer(origin);
	const { sig: ___, ...unsigned } = state.value;
	const sealed = await sealBody(suite, writer, key, headerCore(core), change(unsigned));
	if (!sealed.ok) throw new Error(sealed.reason);
	const bound = { ...core, body: await suite.sha256(sealed.value.sealed) };
	const targets = await Promise.all(
		readers.map(async ({ record, card, xwing }) => {
			const identity = await ports.checkIdentity(record, card);
			if (identity === null) throw new Error('no such card');
			return { card: identity.card, xwing, payload: { secret: secret.reveal() } };
		})
	);
	const own = await ports.checkIdentity(me.record, me.card);
	const pair = { rootSeq: own?.record.seq ?? 0, seq: own?.card.seq ?? 0 };
	const wraps = await makeWraps(ports, me, pair, bound, ephemeral, targets);
	if (!wraps.ok) throw new Error(wraps.reason);
	const header = encodeFields({ ...bound, wraps: wraps.value.refs });
	return { header, body: sealed.value.sealed, wraps: wraps.value.blocks };
}

export function idOf(bundle: EntryBundle) {
	return entryIdOf(bundle.header);
}

export function parentsOf(box: Box): CID[] {
	return box.open.heads.map(idToCid);
}
