/** Making an epoch: member list, seeds, secret, wraps (protocol §4). */

import { randomSecret } from '../crypto/random.ts';
import type { Signer } from '../crypto/suite.ts';
import type { Certificate, Member, OpenFields, Rules, Vouch } from '../wire/body.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import { headerCore, type EntryBundle } from '../wire/entry.ts';
import { CID } from 'multiformats/cid';
import { idToCid, MESSAGE_ID_BYTES } from '../wire/ids.ts';
import type { CardPair } from '../wire/identity.ts';
import type { Refusal } from '../wire/refusal.ts';
import { NO_CLOCK, tick } from './clock.ts';
import type { Fold } from './fold.ts';
import {
	certificateToSign,
	commitTo,
	commitToList,
	joinSigner,
	listBodyKey,
	listKey,
	vouchFor
} from './keys.ts';
import { foldBefore, nodeAt } from './log.ts';
import type { RootHex } from './list.ts';
import { chooseParents, nearestEpochs } from './parents.ts';
import { planList, type Ask, type KnownCard, type Planned } from './plan.ts';
import { devicesOf } from './read.ts';
import type { Replica } from './replica.ts';
import { sealBody } from './seal.ts';
import type { EpochSecrets } from './secrets.ts';
import type { Me, NewThread, NotMade, Person, ThreadPorts, ThreadState } from './thread.ts';
import { drawEphemeral, makeWraps, type WrapTarget } from './wraps.ts';

export interface NewEpoch {
	readonly ok: true;
	readonly bundle: EntryBundle;
	readonly secrets: EpochSecrets;
}

/** Creator and all others in one list; the others by seeds. */
export async function makeFirstEpoch(
	ports: ThreadPorts,
	me: Me,
	{ people, open, rules, previous }: NewThread
): Promise<NewEpoch | NotMade> {
	const salt = ports.random(32);
	const known = await readPeople(ports, [toPerson(me), ...people]);
	if (known === null) return refused('wrong-signature');
	const join = await joinSigner(ports.suite, me.joinSecret, salt);
	const planned = [...known.values()].map(({ root, record, card, identity }): Planned => {
		const isMe = root === toHex(me.root);
		const base = { root, record, card, identity, seedSig: null };
		return { ...base, join: isMe ? toHex(join.publicKey) : null, seed: isMe ? null : 'fresh' };
	});
	planned.sort((a, b) => (a.root < b.root ? -1 : 1));
	return seal(ports, me, {
		salt,
		origin: salt,
		planned,
		known,
		past: null,
		head: { parents: [] },
		state: {
			creator: me.root,
			open,
			rules,
			listKeys: [],
			...(previous !== undefined && { previous: idToCid(previous) })
		}
	});
}

/** On top of all heads. `needs-people`: members whose X-Wing keys the caller has not given. */
export async function makeEpoch(
	ports: ThreadPorts,
	me: Me,
	{ replica }: ThreadState,
	people: readonly Person[],
	ask: Ask
): Promise<NewEpoch | NotMade> {
	const parents = chooseParents(replica.view, replica.standing.heads);
	const past = foldBefore(replica.view, parents.before);
	const known = await readPeople(ports, [toPerson(me), ...people]);
	if (past === null || known === null) return refused('not-a-member');
	const maker = {
		root: toHex(me.root),
		cardOf: (root: RootHex) => known.get(root) ?? null,
		joinOf: (root: RootHex, seed: string) =>
			replica.joins.find((join) => join.root === root && join.seed === seed) ?? null
	};
	const planned = planList(past, maker, ask);
	if (!planned.ok) return refused(planned.reason);
	const missing = planned.value.filter(({ root }) => !known.has(root));
	if (missing.length > 0) {
		const roots = missing.flatMap(({ root }) => fromHex(root) ?? []);
		return { ok: false, kind: 'needs-people', roots };
	}
	const nearest = nearestEpochs(parents.epochs, parents.before);
	const listKeys = nearest.flatMap(({ cid, id }) => {
		const key = replica.secrets.epochs[id]?.listKey;
		return key === undefined ? [] : [{ epoch: cid, key }];
	});
	const epoch = nearest.toSorted((a, b) => b.mark - a.mark)[0]?.cid;
	return seal(ports, me, {
		salt: ports.random(32),
		origin: replica.origin,
		planned: planned.value,
		known,
		past: { fold: past, replica },
		head: {
			thread: replica.thread,
			parents: parents.places.map((place) => nodeAt(replica.view, place).cid),
			epoch
		},
		state: {
			creator: fromHex(past.creator) ?? me.root,
			open: past.open,
			rules: past.rules,
			listKeys,
			...(past.previous !== null && { previous: CID.parse(past.previous) })
		}
	});
}

function refused(reason: Refusal): NotMade {
	return { ok: false, kind: 'refused', reason };
}

interface Known extends KnownCard {
	readonly root: RootHex;
	readonly person: Person;
}

function toPerson({ root, record, card, xwing }: Me): Person {
	return { root, record, card, xwing };
}

/** `null` where a card does not verify: the caller gave what it had not checked. */
async function readPeople(
	{ checkIdentity }: ThreadPorts,
	people: readonly Person[]
): Promise<Map<RootHex, Known> | null> {
	const known = new Map<RootHex, Known>();
	for (const person of people) {
		const identity = await checkIdentity(person.record, person.card);
		if (identity === null) return null;
		const root = toHex(person.root);
		known.set(root, {
			root,
			person,
			record: { cid: cidOfObject(person.record).toString(), seq: identity.record.seq },
			card: { cid: cidOfObject(person.card).toString(), seq: identity.card.seq },
			identity: { ...identity, recordBytes: person.record, cardBytes: person.card }
		});
	}
	return known;
}

interface Plan {
	readonly salt: Uint8Array;
	readonly origin: Uint8Array;
	readonly planned: readonly Planned[];
	readonly known: ReadonlyMap<RootHex, Known>;
	readonly past: { readonly fold: Fold; readonly replica: Replica } | null;
	readonly head: {
		readonly thread?: CID;
		readonly parents: readonly CID[];
		readonly epoch?: CID | undefined;
	};
	readonly state: {
		readonly creator: Uint8Array;
		readonly open: OpenFields;
		readonly rules: Rules;
		readonly listKeys: readonly { readonly epoch: CID; readonly key: Uint8Array }[];
		readonly previous?: CID;
	};
}

async function seal(ports: ThreadPorts, me: Me, plan: Plan): Promise<NewEpoch | NotMade> {
	const { suite, random } = ports;
	const secret = randomSecret(random, 32);
	const list = await listKey(suite, secret);
	const ephemeral = await drawEphemeral(ports);
	const { salt } = plan;
	const core = {
		v: 1 as const,
		t: 'epoch' as const,
		...plan.head,
		salt,
		commit: await commitTo(suite, secret, salt),
		listCommit: await commitToList(suite, list, salt),
		eph: ephemeral.publicKey
	};
	const drawn = await drawMembers(ports, me, plan);
	const key = await listBodyKey(suite, list, salt, plan.head.thread ?? null);
	const body = await stateFields(ports, me, plan, drawn);
	const sealed = await sealBody(suite, drawn.writer, key, headerCore(core), body);
	if (!sealed.ok) return refused(sealed.reason);
	const bound = { ...core, body: await suite.sha256(sealed.value) };
	const targets = drawn.members.map(({ known, seed, slot }): WrapTarget => {
		const { contact, xwing } = known.person;
		const told = { secret: secret.reveal(), seed, slot, contact };
		const card = known.identity?.card;
		if (card === undefined) throw new Error('a planned member has its card');
		return { card, xwing, payload: told };
	});
	const wraps = await makeWraps(ports, me, pairOf(plan, me), bound, ephemeral, targets);
	if (!wraps.ok) return refused(wraps.reason);
	const header = encodeFields({ ...bound, wraps: wraps.value.refs });
	const own = drawn.members.find(({ known }) => known.root === toHex(me.root));
	return {
		ok: true,
		bundle: { header, body: sealed.value, wraps: wraps.value.blocks },
		secrets: {
			secret: secret.reveal(),
			listKey: list.reveal(),
			storedAt: ports.now(),
			...(own?.slot && { slot: own.slot })
		}
	};
}

function pairOf({ known }: Plan, { root }: Me): CardPair {
	const own = known.get(toHex(root));
	return { rootSeq: own?.record.seq ?? 0, seq: own?.card.seq ?? 0 };
}

interface Drawn {
	readonly writer: Signer;
	readonly cert: Certificate;
	readonly members: readonly {
		readonly known: Known;
		readonly member: Member;
		readonly seed: Uint8Array | undefined;
		readonly slot: Uint8Array | undefined;
	}[];
}

/** Seeds for those who have not joined, slots for those who are new. */
async function drawMembers(ports: ThreadPorts, me: Me, plan: Plan): Promise<Drawn> {
	const { suite, random } = ports;
	const writer = await me.writer(plan.origin);
	const join = await joinSigner(suite, me.joinSecret, plan.origin);
	const key = { root: me.root, writer: writer.publicKey, peer: me.peer };
	const cert = { ...key, sig: await join.sign(certificateToSign(plan.origin, key)) };
	const members: Drawn['members'][number][] = [];
	for (const planned of plan.planned) {
		const known = plan.known.get(planned.root);
		if (known === undefined) throw new Error('a planned member is known');
		const before = plan.past?.fold.members.get(planned.root);
		const seed = planned.seed === 'fresh' ? random(32) : undefined;
		const slot = before === undefined ? random(32) : undefined;
		const devices =
			planned.root === toHex(me.root)
				? [cert]
				: before === undefined || plan.past === null
					? []
					: devicesOf(plan.past.replica, before);
		const seedKey =
			seed === undefined
				? planned.seed === null
					? undefined
					: (fromHex(planned.seed) ?? undefined)
				: (await suite.signer(toSeed(seed))).publicKey;
		const member: Member = {
			root: known.person.root,
			record: cidOfObject(known.person.record),
			card: cidOfObject(known.person.card),
			...(planned.join !== null && { join: fromHex(planned.join) ?? undefined }),
			...(seedKey !== undefined && { seed: seedKey }),
			...(planned.seedSig !== null && { seedSig: planned.seedSig }),
			slot: before?.slot ?? (await suite.sha256(slot ?? new Uint8Array())),
			devices
		};
		members.push({ known, member, seed, slot });
	}
	return { writer, cert, members };
}

function toSeed(seed: Uint8Array) {
	return randomSecret(() => Uint8Array.from(seed), seed.length);
}

async function stateFields(
	ports: ThreadPorts,
	me: Me,
	plan: Plan,
	{ writer, cert, members }: Drawn
): Promise<Readonly<Record<string, unknown>>> {
	const records = members.flatMap(({ known }) => [known.person.record, known.person.card]);
	return {
		...plan.state,
		v: 1,
		t: 'state',
		id: ports.random(MESSAGE_ID_BYTES),
		clock: tick(plan.past?.replica.clock ?? NO_CLOCK, ports.now()),
		writer: writer.publicKey,
		cert,
		vouches: await vouchToAll(ports, me, plan, writer),
		members: members.map(({ member }) => member),
		records
	};
}

async function vouchToAll(
	{ suite }: ThreadPorts,
	me: Me,
	{ origin, planned, known, past }: Plan,
	writer: Signer
): Promise<Vouch[]> {
	const vouches: Vouch[] = [];
	for (const { root } of planned) {
		const card = known.get(root)?.identity?.card;
		if (root === toHex(me.root) || card === undefined) continue;
		if (past?.replica.vouched.has(root) === true) continue;
		const names = { origin, writer: writer.publicKey, writerRoot: me.root, readerRoot: card.root };
		const mac = await vouchFor(suite, me.auth, card.auth, names);
		if (mac !== null) vouches.push({ to: card.root, mac });
	}
	return vouches;
}
