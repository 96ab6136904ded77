/**
 * Members who write, add, remove, leave and are robbed, without cryptography: what an entry says is
 * there for whoever may read it, and a signature is a name. Everything that decides is the real code.
 */

import type { CID } from 'multiformats/cid';
import { hasBit, type Bits } from '../../src/lib/threads/bits.ts';
import { chooseEpoch, equalsFold } from '../../src/lib/threads/epoch-choice.ts';
import { foldEpochs, isOutdated, type EpochFact, type Fold } from '../../src/lib/threads/fold.ts';
import { judgeEpoch } from '../../src/lib/threads/judge.ts';
import type { EpochList, Listed, RootHex } from '../../src/lib/threads/list.ts';
import {
	emptyLog,
	epochFacts,
	foldBefore,
	listEpochs,
	listNodes,
	marksBefore,
	nodeAt,
	nodeOf,
	placeOf,
	pushNode,
	replaceNodes,
	type Content,
	type LogNode,
	type LogView
} from '../../src/lib/threads/log.ts';
import { orderOnScreen } from '../../src/lib/threads/order.ts';
import { chooseParents, nearestEpochs, type Parents } from '../../src/lib/threads/parents.ts';
import { NOTHING_ASKED, planList, type Ask, type Planned } from '../../src/lib/threads/plan.ts';
import {
	computeStanding,
	extendStanding,
	NO_STANDING,
	type Standing
} from '../../src/lib/threads/standing.ts';
import { cidOfObject, encodePlain } from '../../src/lib/wire/codec.ts';
import type { EntryHeader, EpochHeader } from '../../src/lib/wire/entry.ts';
import { cidToEntryId, type EntryId } from '../../src/lib/wire/ids.ts';

/** An entry as it lies in the world; `readers` are told its secret by a wrap. */
export interface SimEntry {
	readonly id: EntryId;
	readonly cid: CID;
	readonly parents: readonly EntryId[];
	readonly kind: 'epoch' | 'join' | 'message';
	readonly by: RootHex;
	readonly join: string;
	readonly epoch: EntryId | null;
	readonly list: EpochList | null;
	/** Of an epoch: root → seed under which a first join key is proved. */
	readonly proofs: ReadonlyMap<RootHex, string>;
	/** Of a join: the seed that signed it. */
	readonly seed: string;
	/** Really by the person that it names? An authenticator tells its readers. */
	readonly isGenuine: boolean;
	readonly clock: Uint8Array;
}

export const NEVER = new Uint8Array(0);

export interface Reader {
	/** May the replica read every epoch, as nobody in the real thread can? */
	readonly isOmniscient: boolean;
	readonly root: RootHex;
}

/** One copy of the thread. */
export class Replica {
	view: LogView = emptyLog();
	standing: Standing = NO_STANDING;
	readonly refusedForGood = new Set<EntryId>();
	readonly reasons = new Map<EntryId, string>();
	readonly #waiting = new Map<EntryId, SimEntry>();
	readonly #keys = new Set<EntryId>();
	readonly entries = new Map<EntryId, SimEntry>();
	readonly reader: Reader;
	readonly #followed = new Set<EntryId>();
	#marks = 0;
	#isInBatch = false;

	constructor(reader: Reader) {
		this.reader = reader;
	}

	get fold(): Fold {
		const { fold } = this.standing;
		if (fold === null) throw new Error('no fold yet');
		return fold;
	}

	receive(entry: SimEntry): void {
		if (this.entries.has(entry.id)) return;
		this.entries.set(entry.id, entry);
		this.#waiting.set(entry.id, entry);
		this.#admitWaiting();
	}

	/** As a batch from a peer: what they say together is asked once, after the last. */
	receiveAll(entries: Iterable<SimEntry>): void {
		const { length } = this.view;
		this.#isInBatch = true;
		for (const entry of entries) this.receive(entry);
		this.#isInBatch = false;
		if (this.view.length > length) this.standing = computeStanding(this.view);
	}

	#admitWaiting(): void {
		for (let moved = true; moved;) {
			moved = false;
			for (const entry of this.#waiting.values()) {
				if (entry.parents.some((parent) => this.refusedForGood.has(parent))) {
					this.refusedForGood.add(entry.id);
				} else if (entry.parents.some((parent) => placeOf(this.view, parent) === null)) {
					continue;
				} else this.#admit(entry);
				this.#waiting.delete(entry.id);
				moved = true;
			}
		}
	}

	#admit(entry: SimEntry): void {
		const parents = entry.parents.map((parent) => placeOf(this.view, parent) ?? -1);
		const before = marksBefore(this.view, parents);
		const mark = entry.kind === 'message' ? null : this.#marks++;
		const sealed = toNode(entry, parents, before, mark);
		if (entry.kind === 'epoch') this.#learnKeys(entry);
		const content = this.#open(sealed);
		if (content?.kind === 'refused') {
			this.refusedForGood.add(entry.id);
			this.reasons.set(entry.id, content.reason);
			return;
		}
		this.view = pushNode(this.view, content === null ? sealed : { ...sealed, content });
		const hasOpened = entry.kind === 'epoch' && this.#readSealed();
		if (this.#isInBatch) return;
		const isPlain = entry.kind !== 'epoch' && !hasOpened;
		this.standing = isPlain ? extendStanding(this.view, this.standing) : computeStanding(this.view);
	}

	#learnKeys(entry: SimEntry): void {
		const { isOmniscient, root } = this.reader;
		const isGiven = entry.list?.members.some((member) => member.root === root) === true;
		if (isOmniscient || isGiven || entry.by === root) this.#keys.add(entry.id);
	}

	/** What has become readable by a new epoch, parents first. */
	#readSealed(): boolean {
		this.#followListKeys();
		let hasOpened = false;
		for (let place = 0; place < this.view.length; place++) {
			const node = nodeAt(this.view, place);
			if (node.content.kind !== 'sealed') continue;
			const isOrphan = node.parents.some(
				(parent) => nodeAt(this.view, parent).content.kind === 'refused'
			);
			const content: Content | null = isOrphan
				? { kind: 'refused', reason: 'missing-parent' }
				: this.#open(node);
			if (content === null) continue;
			if (content.kind === 'refused') this.refusedForGood.add(node.id);
			this.view = replaceNodes(this.view, new Map([[place, { ...node, content }]]));
			hasOpened = true;
		}
		return hasOpened;
	}

	#followListKeys(): void {
		for (const id of this.#keys) {
			const node = this.#followed.has(id) ? null : nodeOf(this.view, id);
			if (node === null || node.mark === null) continue;
			this.#followed.add(id);
			for (const near of nearestHeaders(this.view, node.before)) this.#keys.add(near);
		}
	}

	#open(node: LogNode): Content | null {
		const entry = this.entries.get(node.id);
		if (entry === undefined) throw new Error('unknown entry');
		return entry.kind === 'epoch' ? this.#openEpoch(node, entry) : this.#openEntry(node, entry);
	}

	#openEpoch(node: LogNode, entry: SimEntry): Content | null {
		if (!this.#keys.has(entry.id) || entry.list === null || node.mark === null) return null;
		const isClosed = listEpochs(this.view).some(
			({ mark, content }) => content.kind !== 'epoch' && mark !== null && hasBit(node.before, mark)
		);
		if (isClosed) return null;
		const isFirst = node.parents.length === 0;
		const past = isFirst ? null : foldBefore(this.view, node.before);
		if (!isFirst && past === null) throw new Error('an epoch without a past');
		const list = prove(entry.list, entry, past);
		const maker = past?.members.get(entry.by);
		const makerJoin = maker?.join ?? list.members.find(({ root }) => root === entry.by)?.join;
		if (makerJoin !== entry.join) return { kind: 'refused', reason: 'unknown-writer' };
		const changes = judgeEpoch(list, past);
		if (!changes.ok) return { kind: 'refused', reason: changes.reason };
		const fact: EpochFact = {
			id: node.id,
			cid: node.cid,
			mark: node.mark,
			before: node.before,
			list,
			changes: changes.value,
			makerSeq: maker?.record.seq ?? list.members.find((m) => m.root === entry.by)?.record.seq ?? 0
		};
		return { kind: 'epoch', fact, clock: entry.clock };
	}

	#openEntry(node: LogNode, entry: SimEntry): Content | null {
		const epoch = entry.epoch === null ? null : nodeOf(this.view, entry.epoch);
		if (epoch?.content.kind !== 'epoch') return null;
		const { list } = epoch.content.fact;
		const isReader =
			this.reader.isOmniscient || list.members.some(({ root }) => root === this.reader.root);
		if (!isReader) return null;
		const listed = list.members.find(({ root }) => root === entry.by);
		if (listed === undefined) return { kind: 'refused', reason: 'not-a-member' };
		if (!this.#isJoinKey(node, entry, listed)) return { kind: 'refused', reason: 'unknown-writer' };
		return toContent(entry, listed);
	}

	#isJoinKey(node: LogNode, entry: SimEntry, listed: Listed): boolean {
		if (listed.join !== null) return listed.join === entry.join;
		if (entry.kind === 'join') return entry.seed === listed.seed;
		return this.joins().some(
			(join) =>
				join.by === entry.by &&
				join.join === entry.join &&
				join.seed === listed.seed &&
				hasBit(node.before, nodeOf(this.view, join.id)?.mark ?? -1)
		);
	}

	/** Readable joins. */
	joins(): SimEntry[] {
		return listNodes(this.view).flatMap(({ id, content }) => {
			const entry = this.entries.get(id);
			return content.kind === 'entry' && entry?.kind === 'join' ? [entry] : [];
		});
	}

	parents(): Parents {
		return chooseParents(this.view, this.standing.heads);
	}

	idOf(place: number): EntryId {
		return nodeAt(this.view, place).id;
	}

	refusedIds(): EntryId[] {
		return [...this.standing.refused.keys()].map((place) => this.idOf(place)).sort();
	}

	headIds(): EntryId[] {
		return this.standing.heads.map((place) => this.idOf(place)).sort();
	}

	/** Messages in the order of the screen, without the refused. */
	shown(): EntryId[] {
		return orderOnScreen(this.view)
			.filter((place) => !this.standing.refused.has(place))
			.filter((place) => nodeAt(this.view, place).content.kind === 'entry')
			.map((place) => this.idOf(place));
	}
}

function nearestHeaders(view: LogView, before: Bits): EntryId[] {
	const inside = listEpochs(view).filter(({ mark }) => mark !== null && hasBit(before, mark));
	return inside
		.filter(({ mark }) => !inside.some((later) => mark !== null && hasBit(later.before, mark)))
		.map(({ id }) => id);
}

/** Who opened the entry knows which seed proved which first join key. */
function prove(list: EpochList, entry: SimEntry, past: Fold | null): EpochList {
	const members = list.members.map((member) => {
		const seed = entry.proofs.get(member.root) ?? null;
		const isNew = past?.members.get(member.root)?.join === null;
		return isNew && member.join !== null ? { ...member, provedBy: seed } : member;
	});
	return { ...list, members };
}

function toContent(entry: SimEntry, listed: Listed): Content {
	const bytes = new Uint8Array(16);
	const head = {
		v: 1 as const,
		id: bytes,
		clock: entry.clock,
		writer: bytes,
		cert: { root: bytes, writer: bytes, peer: '', sig: bytes },
		vouches: [],
		sig: bytes
	};
	const body = { ...head, t: 'withdraw' as const, target: bytes };
	const seq = listed.record.seq;
	return { kind: 'entry', body, by: entry.by, seq, seenMs: 0, records: [] };
}

function toNode(
	entry: SimEntry,
	parents: readonly number[],
	before: Bits,
	mark: number | null
): LogNode {
	const bundle = { header: NEVER, body: NEVER, wraps: [] };
	const common = { v: 1 as const, parents: [], salt: NEVER, body: NEVER };
	const epoch: EpochHeader = {
		...common,
		t: 'epoch',
		commit: NEVER,
		listCommit: NEVER,
		eph: NEVER,
		wraps: []
	};
	const plain: EntryHeader = { ...common, t: 'entry', thread: entry.cid, epoch: entry.cid };
	const header = entry.kind === 'epoch' ? epoch : plain;
	const content: Content = { kind: 'sealed', bundle };
	return { id: entry.id, cid: entry.cid, header, parents, before, mark, content };
}

/* ------------------------------------------------------------------- people */

export interface Person {
	readonly root: RootHex;
	/** Root records; the last is the newest. Each has a join key of its own. */
	records: number;
	cards: number;
}

export interface Actor {
	readonly person: Person;
	/** Newest cards that it has heard of. */
	readonly known: Map<RootHex, Person>;
	/** Which of the person's root records it acts under: a thief stays with an old one. */
	readonly record: number;
	readonly isHonest: boolean;
	readonly replica: Replica;
	/** Ignores what would end its membership, as a patched program may. */
	readonly isStubborn: boolean;
}

let created = 0;
let clock = 0;

/** Ids differ from run to run of one process, so a run starts with this. */
export function resetWorld(): void {
	created = 0;
	clock = 0;
}

export function createActor(person: Person, options: Partial<Actor> = {}): Actor {
	return {
		person,
		known: new Map(),
		record: person.records,
		isHonest: true,
		isStubborn: false,
		replica: new Replica({ isOmniscient: false, root: person.root }),
		...options
	};
}

function createEntry(fields: Omit<SimEntry, 'id' | 'cid' | 'clock'>): SimEntry {
	created += 1;
	clock += 1;
	const cid = cidOfObject(encodePlain({ created }));
	const time = new Uint8Array(8);
	// Clocks that disagree: the order of the screen must not need them to be right.
	new DataView(time.buffer).setUint32(2, (clock * 7919) % 1000);
	return { ...fields, id: cidToEntryId(cid), cid, clock: time };
}

export function joinKeyOf(actor: Actor): string {
	return `join-${actor.person.root}-${String(actor.record)}`;
}

const RULES = { add: 'members', write: 'members' } as const;
const OPEN = { from: [], to: [], cc: [], subject: '' };

export function createFirst(actor: Actor, others: readonly Person[]): SimEntry {
	const all = [actor.person, ...others].sort((a, b) => (a.root < b.root ? -1 : 1));
	const members = all.map((person) => ({
		...listedCard(person),
		root: person.root,
		join: person === actor.person ? joinKeyOf(actor) : null,
		seed: person === actor.person ? null : drawSeed(person.root),
		provedBy: null,
		slot: NEVER,
		devices: [],
		identity: null
	}));
	const { root } = actor.person;
	const list = { maker: root, creator: root, members, rules: RULES, open: OPEN, previous: null };
	return createEntry({ ...unsigned(actor), parents: [], kind: 'epoch', epoch: null, list });
}

function unsigned(actor: Actor) {
	return {
		by: actor.person.root,
		join: joinKeyOf(actor),
		list: null,
		proofs: new Map<RootHex, string>(),
		seed: '',
		isGenuine: actor.isHonest
	};
}

function listedCard(person: Person) {
	return {
		record: { cid: `record-${person.root}-${String(person.records)}`, seq: person.records },
		card: { cid: `card-${person.root}-${String(person.cards)}`, seq: person.cards },
		identity: null
	};
}

function drawSeed(root: RootHex): string {
	created += 1;
	return `seed-${root}-${String(created)}`;
}

/* ------------------------------------------------------------------- writing */

export interface Made {
	readonly entries: readonly SimEntry[];
	/** The epoch into which the message went, with its list. */
	readonly epoch: EpochFact | null;
}

/** Another than its owner, who knows the seed, joins in the owner's name. */
export function joinAsImposter(actor: Actor, victim: RootHex): SimEntry | null {
	const { replica } = actor;
	const epoch = epochFacts(replica.view).find(
		({ list, changes }) => list.maker === actor.person.root && changes.added.includes(victim)
	);
	const seed = epoch?.list.members.find(({ root }) => root === victim)?.seed ?? null;
	if (epoch === undefined || seed === null || replica.standing.heads.length === 0) return null;
	const entry = createEntry({
		...unsigned(actor),
		by: victim,
		join: `fake-${victim}`,
		isGenuine: false,
		parents: parentIds(replica),
		kind: 'join',
		epoch: epoch.id,
		seed
	});
	if (!hasBit(replica.parents().before, epoch.mark)) return null;
	replica.receive(entry);
	return entry;
}

/** A list that its maker has no right to; every replica must refuse it for good. */
export function forge(actor: Actor, victim: Person, chance: number): SimEntry | null {
	if (actor.isHonest || !canAct(actor)) return null;
	const entry = makeEpoch(actor, NOTHING_ASKED);
	const { root } = victim;
	const isListed = entry?.list?.members.some((member) => member.root === root) === true;
	if (entry === null || entry.list === null || !isListed) return null;
	const { list } = entry;
	const isOwn = root === actor.person.root || actor.person.root === list.creator;
	const changed = list.members.flatMap((member) => {
		if (member.root !== root) return [member];
		if (chance % 4 === 0 && !isOwn) return [];
		if (chance % 4 === 1) return [{ ...member, join: `fake-${root}`, seed: null }];
		if (chance % 4 === 2) return [{ ...member, join: null, seed: drawSeed(root) }];
		return [{ ...member, record: { ...member.record, cid: 'another' } }];
	});
	const fake = createEntry({ ...entry, list: { ...list, members: changed }, proofs: new Map() });
	actor.replica.receive(fake);
	return fake;
}

/** What an honest program does at "send": an epoch if one is due, a join if needed, the message. */
export function write(actor: Actor): Made {
	const made: SimEntry[] = [];
	const { replica, person } = actor;
	if (!canAct(actor)) return { entries: [], epoch: null };
	let epoch = writable(actor);
	if (epoch === null) {
		const entry = makeEpoch(actor, NOTHING_ASKED);
		if (entry === null) return { entries: [], epoch: null };
		made.push(entry);
		replica.receive(entry);
		epoch = writable(actor);
		if (epoch === null) throw new Error(`${person.root} cannot write in its own epoch`);
	}
	const join = joinIfNeeded(actor, epoch);
	if (join !== null) {
		made.push(join);
		replica.receive(join);
	}
	const message = createEntry({
		...unsigned(actor),
		parents: parentIds(replica),
		kind: 'message',
		epoch: epoch.id
	});
	replica.receive(message);
	return { entries: [...made, message], epoch };
}

/** Changes the members; `null` where the program refuses. */
export function change(actor: Actor, ask: Partial<Ask>): SimEntry[] {
	if (!canAct(actor)) return [];
	const made: SimEntry[] = [];
	if (ask.leave === true && actor.replica.fold.members.get(actor.person.root)?.join === null) {
		const own = makeEpoch(actor, NOTHING_ASKED);
		if (own === null) return [];
		made.push(own);
		actor.replica.receive(own);
	}
	const entry = makeEpoch(actor, { ...NOTHING_ASKED, ...ask });
	if (entry === null) return made;
	actor.replica.receive(entry);
	return [...made, entry];
}

/** A member whose listed join key is not ours was replaced: our program says so and stops. */
export function canAct({ replica, person, record, isHonest }: Actor): boolean {
	const self = replica.standing.fold?.members.get(person.root);
	if (self === undefined || replica.standing.heads.length === 0) return false;
	if (isOutdated(replica.fold, person.root)) return false;
	// A thief does not learn the new seed: it is wrapped to a prekey of the newer card.
	if ((isHonest || self.join === null) && self.record.seq !== record) return false;
	return self.join === null || self.join === `join-${person.root}-${String(record)}`;
}

function writable({ replica, person, known }: Actor): EpochFact | null {
	const { epochs, before } = replica.parents();
	const fold = foldBefore(replica.view, before);
	if (fold === null) return null;
	const mine = new Set(
		epochs
			.filter(({ list }) => list.members.some(({ root }) => root === person.root))
			.map(({ id }) => id)
	);
	const epoch = chooseEpoch(epochs, fold, (id) => mine.has(id));
	const isStale = [...fold.members.values()].some(
		({ root, record }) => root !== person.root && record.seq < (known.get(root)?.records ?? 0)
	);
	return isStale ? null : epoch;
}

function makeEpoch(actor: Actor, ask: Ask): SimEntry | null {
	const { replica, person } = actor;
	const parents = replica.parents();
	const fold = foldBefore(replica.view, parents.before);
	if (fold === null) return null;
	const plan = planList(fold, toMaker(actor), ask);
	if (!plan.ok || plan.value.length === 0) return null;
	const members = plan.value.map((planned) => toListed(planned));
	const proofs = new Map(
		members.flatMap(({ root, join }): [RootHex, string][] => {
			const seed = fold.members.get(root)?.seed ?? null;
			return join !== null && seed !== null ? [[root, seed]] : [];
		})
	);
	const list: EpochList = {
		maker: person.root,
		creator: fold.creator,
		members,
		rules: fold.rules,
		open: OPEN,
		previous: null
	};
	return createEntry({
		...unsigned(actor),
		parents: parents.places.map((place) => replica.idOf(place)),
		kind: 'epoch',
		epoch: nearestEpochs(parents.epochs, parents.before)[0]?.id ?? null,
		list,
		proofs
	});
}

function toMaker(actor: Actor) {
	const { replica, person, known: people } = actor;
	return {
		root: person.root,
		cardOf: (root: RootHex) => {
			const known = people.get(root);
			return known === undefined ? null : listedCard(known);
		},
		joinOf: (root: RootHex, seed: string) => {
			if (root === person.root) return { join: joinKeyOf(actor), seedSig: NEVER };
			const join = replica
				.joins()
				.find((entry) => entry.by === root && entry.seed === seed && entry.isGenuine);
			return join === undefined ? null : { join: join.join, seedSig: NEVER };
		}
	};
}

function toListed({ seedSig: _, ...planned }: Planned): Listed {
	const seed = planned.seed === 'fresh' ? drawSeed(planned.root) : planned.seed;
	return { ...planned, seed, provedBy: null, slot: NEVER, devices: [] };
}

function joinIfNeeded(actor: Actor, epoch: EpochFact): SimEntry | null {
	const { replica, person } = actor;
	const self = epoch.list.members.find(({ root }) => root === person.root);
	if (self === undefined || self.seed === null) return null;
	const readers = epoch.list.members.map(({ root }) => root);
	const { before } = replica.parents();
	const has = replica.joins().some((join) => {
		if (!hasBit(before, nodeOf(replica.view, join.id)?.mark ?? -1)) return false;
		const within = join.epoch === null ? null : nodeOf(replica.view, join.epoch);
		if (join.by !== person.root || join.seed !== self.seed || join.join !== joinKeyOf(actor)) {
			return false;
		}
		if (within?.content.kind !== 'epoch') return false;
		const given = within.content.fact.list.members.map(({ root }) => root);
		return readers.every((root) => given.includes(root));
	});
	if (has) return null;
	return createEntry({
		...unsigned(actor),
		parents: parentIds(replica),
		kind: 'join',
		epoch: epoch.id,
		seed: self.seed
	});
}

function parentIds(replica: Replica): EntryId[] {
	return replica.parents().places.map((place) => replica.idOf(place));
}

/** The fold of exactly what lies before and at the heads. */
export function foldOfHeads(replica: Replica): Fold {
	const before = marksBefore(replica.view, replica.standing.heads);
	return foldEpochs(epochFacts(replica.view).filter(({ mark }) => hasBit(before, mark)));
}

export function isWritableEpoch(epoch: EpochFact, fold: Fold): boolean {
	return (
		equalsFold(epoch, fold) && epoch.list.members.some(({ root }) => root === epoch.list.maker)
	);
}
