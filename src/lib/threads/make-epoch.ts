/** Making an epoch: member list, seeds, slots, secret, wraps (protocol §4). */

import { CID } from 'multiformats/cid';
import { randomSecret } from '../crypto/random.ts';
import type { Secret } from '../crypto/secret.ts';
import type { Signer } from '../crypto/suite.ts';
import type { Certificate, EndRule, OpenFields, Rules } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import { cidToBlockId, idToCid, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { NO_CLOCK, tick } from './clock.ts';
import type { FoldMember } from './fold.ts';
import {
	commitTo,
	commitToList,
	joinSigner,
	listBodyKey,
	listKey,
	toSecret,
	writerOf
} from './keys.ts';
import type { ListedIdentity, RootHex } from './list.ts';
import { nodeAt } from './log.ts';
import { certify, proveJoin, refused, vouchToNew } from './make-entry.ts';
import { sealOwnEpoch, type OwnEntry } from './own.ts';
import { nearestEpochs } from './parents.ts';
import { planList, type Ask, type KnownCard, type Planned, type ProvedJoin } from './plan.ts';
import { devicesOf } from './members.ts';
import { joinName, type Replica } from './replica.ts';
import type { EpochSecrets } from './secrets.ts';
import type { Me, NewThread, NotMade, Person, ThreadPorts, ThreadState } from './thread.ts';
import { drawEphemeral, makeWraps, type WrapTarget } from './wraps.ts';
import { pastOf, type Past } from './write-in.ts';

export interface NewEpoch {
	readonly ok: true;
	readonly own: OwnEntry;
	readonly secrets: EpochSecrets;
}

/** Creator and all others in one list; the others by seeds. Refuses `wrong-signature`, `too-large`. */
export async function makeFirstEpoch(
	ports: ThreadPorts,
	me: Me,
	{ people, open, rules, previous, ends }: NewThread
): Promise<NewEpoch | NotMade> {
	const salt = ports.random(32);
	const known = await readPeople(ports, [...people, toPerson(me)]);
	if (known === null) return refused('wrong-signature');
	if (known.size > LIMITS.members) return refused('too-large');
	const join = await joinSigner(ports.suite, me.joinSecret, salt);
	const planned = [...known].map(([root, { record, card, identity }]): Planned => {
		const isMe = root === toHex(me.root);
		const keys = { join: isMe ? toHex(join.publicKey) : null, seed: isMe ? null : 'fresh' };
		return { root, record, card, identity, seedSig: null, ...keys };
	});
	return seal(ports, me, {
		salt,
		origin: salt,
		planned: planned.sort((a, b) => (a.root < b.root ? -1 : 1)),
		known,
		past: null,
		drawsSlots: true,
		head: { parents: [] },
		state: {
			creator: me.root,
			open,
			rules,
			listKeys: [],
			...(previous !== undefined && { previous: idToCid(previous) }),
			...(ends !== undefined && { ends })
		}
	});
}

/**
 * On top of all heads. `needs-people`: members whose present X-Wing keys the caller has not given.
 * Refuses what `planList` refuses, and `wrong-signature` for a card that does not verify.
 */
export async function makeEpoch(
	ports: ThreadPorts,
	me: Me,
	{ replica }: ThreadState,
	people: readonly Person[],
	ask: Ask
): Promise<NewEpoch | NotMade> {
	const past = pastOf(replica);
	if (past === null) return refused('not-a-member');
	const known = await readPeople(ports, [...people, toPerson(me)]);
	if (known === null) return refused('wrong-signature');
	const maker = {
		root: toHex(me.root),
		cardOf: (root: RootHex) => known.get(root) ?? null,
		joinOf: await findJoins(ports, me, replica, past)
	};
	const planned = planList(past.fold, maker, ask);
	if (!planned.ok) return refused(planned.reason);
	if (planned.value.length === 0) return refused('not-allowed');
	if (planned.value.length > LIMITS.members) return refused('too-large');
	const missing = planned.value.filter((member) => xwingOf(known, member) === null);
	if (missing.length > 0) {
		const roots = missing.flatMap(({ root }) => fromHex(root) ?? []);
		return { ok: false, kind: 'needs-people', roots };
	}
	const { creator, open, rules, previous } = past.fold;
	return seal(ports, me, {
		salt: ports.random(32),
		origin: replica.origin,
		planned: planned.value,
		known,
		past: { replica, members: past.fold.members },
		drawsSlots: ask.remove.length > 0,
		head: headOf(replica, past),
		state: {
			creator: fromHex(creator) ?? new Uint8Array(),
			open,
			rules,
			listKeys: listKeysOf(replica, past),
			...(previous !== null && { previous: CID.parse(previous) })
		}
	});
}

function headOf({ view, thread }: Replica, { parents, epochs, before }: Past): Plan['head'] {
	const [epoch] = nearestEpochs(epochs, before);
	if (epoch === undefined) throw new Error('every epoch but the first has one before it');
	return { thread, parents: parents.map((place) => nodeAt(view, place).cid), epoch: epoch.cid };
}

function listKeysOf({ secrets }: Replica, { epochs, before }: Past): Plan['state']['listKeys'] {
	return nearestEpochs(epochs, before).map(({ cid, id }) => {
		const key = secrets.epochs[id]?.listKey;
		if (key === undefined) throw new Error('a readable epoch has its list key');
		return { epoch: cid, key };
	});
}

/** Our own join key if we know the seed, and those of others that we believe to be theirs. */
async function findJoins(ports: ThreadPorts, me: Me, replica: Replica, { fold }: Past) {
	const self = toHex(me.root);
	const seed = fold.members.get(self)?.seed ?? null;
	const proof = seed === null ? null : await proveJoin(ports, me, replica, seed);
	const own = proof && { join: toHex(proof.join), seedSig: proof.seedSig };
	return (root: RootHex, under: string): ProvedJoin | null => {
		if (root === self) return own;
		const believed = replica.joins.find(
			(join) =>
				join.root === root && join.seed === under && replica.believed.has(joinName(root, join.join))
		);
		return believed ?? null;
	};
}

interface Known extends KnownCard {
	readonly identity: ListedIdentity;
	readonly person: Person;
}

function toPerson({ root, record, card, xwing }: Me): Person {
	return { root, record, card, xwing };
}

/** `null` where a card does not verify: the caller gave what it had not checked. */
async function readPeople(
	{ checkIdentity }: ThreadPorts,
	people: readonly Person[]
): Promise<ReadonlyMap<RootHex, Known> | null> {
	const known = new Map<RootHex, Known>();
	for (const person of people) {
		const identity = await checkIdentity(person.record, person.card);
		if (identity === null || !equal(identity.card.root, person.root)) return null;
		known.set(toHex(person.root), {
			person,
			record: { cid: cidToBlockId(cidOfObject(person.record)), seq: identity.record.seq },
			card: { cid: cidToBlockId(cidOfObject(person.card)), seq: identity.card.seq },
			identity: { ...identity, recordBytes: person.record, cardBytes: person.card }
		});
	}
	return known;
}

/** The X-Wing key of the very card that is planned; the caller's may be older than the fold's. */
function xwingOf(known: ReadonlyMap<RootHex, Known>, { root, identity }: Planned) {
	const given = known.get(root);
	const isSame =
		given !== undefined &&
		identity !== null &&
		equal(given.identity.card.prekey.xwing, identity.card.prekey.xwing);
	return isSame ? given.person.xwing : null;
}

interface Plan {
	readonly salt: Uint8Array;
	readonly origin: Uint8Array;
	readonly planned: readonly Planned[];
	readonly known: ReadonlyMap<RootHex, Known>;
	readonly past: {
		readonly replica: Replica;
		readonly members: ReadonlyMap<RootHex, FoldMember>;
	} | null;
	/** New thread slots for all: whoever was removed knows the old ones (protocol §6.7). */
	readonly drawsSlots: boolean;
	readonly head:
		| { readonly parents: readonly [] }
		| { readonly thread: CID; readonly parents: readonly CID[]; readonly epoch: CID };
	readonly state: {
		readonly creator: Uint8Array;
		readonly open: OpenFields;
		readonly rules: Rules;
		readonly listKeys: readonly { readonly epoch: CID; readonly key: Uint8Array }[];
		readonly previous?: CID;
		readonly ends?: EndRule;
	};
}

async function seal(ports: ThreadPorts, me: Me, plan: Plan): Promise<NewEpoch | NotMade> {
	const { suite, random } = ports;
	const { salt, head } = plan;
	const secret = randomSecret(random, 32);
	const list = await listKey(suite, secret);
	const ephemeral = await drawEphemeral(ports);
	const writer = await writerOf(me, plan.origin);
	const core = {
		v: 1 as const,
		t: 'epoch' as const,
		...head,
		salt,
		commit: await commitTo(suite, secret, salt),
		listCommit: await commitToList(suite, list, salt),
		eph: ephemeral.publicKey
	};
	const cert = await certify(ports, me, plan.origin, writer);
	const drawn = await Promise.all(plan.planned.map((each) => draw(ports, me, plan, each, cert)));
	const key = await listBodyKey(suite, list, salt, 'thread' in head ? head.thread : null);
	const body = await stateFields(ports, me, plan, drawn, { writer, cert });
	const targets = drawn.map((each) => toTarget(plan, each, secret));
	const own = await sealOwnEpoch(suite, core, { writer, key }, body, (bound) =>
		makeWraps(ports, me, pairOf(plan, me), bound, ephemeral, targets)
	);
	if (!own.ok) return refused(own.reason);
	const slot = drawn.find(({ planned }) => planned.root === toHex(me.root))?.slotSecret;
	return {
		ok: true,
		own: own.value,
		secrets: {
			secret: secret.reveal(),
			listKey: list.reveal(),
			storedAt: ports.now(),
			...(slot !== undefined && { slot })
		}
	};
}

function pairOf({ known }: Plan, { root }: Me) {
	const own = known.get(toHex(root));
	return { rootSeq: own?.record.seq ?? 0, seq: own?.card.seq ?? 0 };
}

/** A planned member with what was drawn for it. */
interface Drawn {
	readonly planned: Planned;
	readonly identity: ListedIdentity;
	readonly seed: Uint8Array | undefined;
	readonly seedKey: Uint8Array | null;
	readonly slotSecret: Uint8Array | undefined;
	readonly slot: Uint8Array;
	readonly devices: readonly Certificate[];
}

async function draw(
	{ suite, random }: ThreadPorts,
	me: Me,
	{ past, drawsSlots }: Plan,
	planned: Planned,
	cert: Certificate
): Promise<Drawn> {
	const { root, identity } = planned;
	if (identity === null) throw new Error('a planned member has its card');
	const before = past?.members.get(root);
	const seed = planned.seed === 'fresh' ? random(32) : undefined;
	const seedKey =
		seed === undefined
			? fromHexOrNull(planned.seed)
			: (await suite.signer(toSecret(seed))).publicKey;
	const slotSecret = before === undefined || drawsSlots ? random(32) : undefined;
	const slot =
		slotSecret === undefined ? (before?.slot ?? new Uint8Array()) : await suite.sha256(slotSecret);
	const isMe = root === toHex(me.root);
	const known = before === undefined || past === null ? [] : devicesOf(past.replica, before);
	const others = isMe ? known.filter(({ writer }) => !equal(writer, cert.writer)) : known;
	const devices = isMe ? [...others.slice(1 - LIMITS.devices), cert] : others;
	return { planned, identity, seed, seedKey, slotSecret, slot, devices };
}

function fromHexOrNull(text: string | null): Uint8Array | null {
	return text === null ? null : fromHex(text);
}

async function stateFields(
	ports: ThreadPorts,
	me: Me,
	plan: Plan,
	drawn: readonly Drawn[],
	{ writer, cert }: { readonly writer: Signer; readonly cert: Certificate }
): Promise<Readonly<Record<string, unknown>>> {
	const bytes = drawn.flatMap(({ identity }) => [identity.recordBytes, identity.cardBytes]);
	return {
		...plan.state,
		v: 1,
		t: 'state',
		id: ports.random(MESSAGE_ID_BYTES),
		clock: tick(plan.past?.replica.clock ?? NO_CLOCK, ports.now()),
		writer: writer.publicKey,
		cert,
		vouches: await vouchToNew(
			ports,
			me,
			plan.past?.replica ?? { origin: plan.origin, vouched: new Set() },
			writer,
			drawn
		),
		members: drawn.map(toMember),
		records: bytes
	};
}

function toMember({ planned, identity, seedKey, slot, devices }: Drawn) {
	return {
		root: identity.card.root,
		record: cidOfObject(identity.recordBytes),
		card: cidOfObject(identity.cardBytes),
		join: fromHexOrNull(planned.join) ?? undefined,
		seed: seedKey ?? undefined,
		seedSig: planned.seedSig ?? undefined,
		slot,
		devices
	};
}

function toTarget({ known }: Plan, { planned, identity, seed, slotSecret }: Drawn, secret: Secret) {
	const xwing = xwingOf(known, planned);
	if (xwing === null) throw new Error('a planned member has its X-Wing key');
	const contact = known.get(planned.root)?.person.contact;
	const payload = { secret: secret.reveal(), seed, slot: slotSecret, contact };
	const target: WrapTarget = { card: identity.card, xwing, payload };
	return target;
}
