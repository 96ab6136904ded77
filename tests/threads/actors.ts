/** People with keys and copies of threads, for tests of `threads/`: no storage, no network. */

import { Secret } from '../../src/lib/crypto/secret.ts';
import type { Agreement, Signer, Suite } from '../../src/lib/crypto/suite.ts';
import { createCard } from '../../src/lib/identity/card.ts';
import { verifyCard } from '../../src/lib/identity/chain.ts';
import { createPrekey, loadPrekey } from '../../src/lib/identity/prekey.ts';
import { createRootRecord } from '../../src/lib/identity/root.ts';
import {
	addMembers,
	appendMessage,
	createThread,
	leave,
	removeMember
} from '../../src/lib/threads/make.ts';
import { entryIds, printOfThread, refusedEntries } from '../../src/lib/threads/entries.ts';
import { membersOf } from '../../src/lib/threads/members.ts';
import { printOfEntries } from '../../src/lib/threads/print.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import { openBundles } from '../../src/lib/threads/receive.ts';
import type { ThreadSecrets } from '../../src/lib/threads/secrets.ts';
import type {
	Draft,
	Made,
	MakeResult,
	Me,
	NewThread,
	Opened,
	OwnPrekey,
	Person,
	ShownMessage,
	ThreadPorts,
	ThreadState
} from '../../src/lib/threads/thread.ts';
import { concat, equal, toHex, utf8 } from '../../src/lib/wire/bytes.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import { keyToPeerName, rootKeyToAddress, type EntryId } from '../../src/lib/wire/ids.ts';
import { rootRecordDecoder } from '../../src/lib/wire/identity.ts';
import type { Mail } from '../../src/lib/wire/mail.ts';
import { doubleSuite } from '../conformance/crypto-double.ts';

export const START_MS = Date.UTC(2026, 0, 1);

/** Everybody's ground: one suite, one clock, chance from a seed. */
export class World {
	readonly suite: Suite;
	now = START_MS;
	#drawn = 0;

	constructor(suite: Suite = doubleSuite) {
		this.suite = suite;
	}

	get ports(): ThreadPorts {
		const { suite } = this;
		return {
			suite,
			random: (size) => this.random(size),
			now: () => this.now,
			checkIdentity: async (record, card) => {
				const decoded = rootRecordDecoder.decode(record);
				if (!decoded.ok) return null;
				const address = rootKeyToAddress(decoded.value.root);
				const verified = await verifyCard(suite, address, record, card);
				return verified.ok ? verified.value : null;
			}
		};
	}

	/** A fixed sequence, so that a run can be repeated. */
	random(size: number): Uint8Array<ArrayBuffer> {
		const bytes = new Uint8Array(size);
		for (let i = 0; i < size; i++) {
			this.#drawn = (Math.imul(this.#drawn, 1664525) + 1013904223) >>> 0;
			bytes[i] = this.#drawn >>> 24;
		}
		return bytes;
	}

	secret(): Secret {
		return new Secret(this.random(32));
	}

	async person(name: string): Promise<Actor> {
		const actor = new Actor(this, name, await this.suite.signer(this.secret()));
		await actor.renewRoot();
		return actor;
	}
}

/** One identity on one device. */
export class Actor {
	readonly world: World;
	readonly name: string;
	readonly rootKey: Signer;
	cardKey!: Signer;
	auth!: Agreement;
	record!: Uint8Array;
	card!: Uint8Array;
	xwing!: Uint8Array;
	joinSecret!: Secret;
	#writerSecret: Secret;
	#prekeys: OwnPrekey[] = [];
	#seq = START_MS;
	#rootSeq = 0;

	constructor(world: World, name: string, rootKey: Signer) {
		this.world = world;
		this.name = name;
		this.rootKey = rootKey;
		this.#writerSecret = world.secret();
	}

	get root(): Uint8Array {
		return this.rootKey.publicKey;
	}

	/** New root record with new card, authentication and join keys: "I was hacked". */
	async renewRoot(): Promise<void> {
		const { suite } = this.world;
		this.cardKey = await suite.signer(this.world.secret());
		this.auth = await suite.agreement(this.world.secret());
		this.joinSecret = this.world.secret();
		this.#rootSeq = ++this.#seq;
		const fields = { seq: this.#rootSeq, card: this.cardKey.publicKey };
		this.record = await createRootRecord(suite, this.rootKey, fields);
		await this.renewCard();
	}

	/** New card with a new prekey. */
	async renewCard(): Promise<void> {
		const { suite, now } = this.world;
		const made = await createPrekey(suite, (size) => this.world.random(size), now);
		this.#prekeys = [await loadPrekey(suite, made.secrets), ...this.#prekeys];
		this.xwing = made.xwing;
		this.card = await createCard(suite, this.cardKey, {
			root: this.root,
			pair: { rootSeq: this.#rootSeq, seq: ++this.#seq },
			name: this.name,
			auth: this.auth.publicKey,
			prekey: made.prekey,
			offices: [],
			policy: 'open'
		});
	}

	/** What stands at this moment, however the keys change later. */
	get me(): Me {
		const { root, record, card, xwing, auth, joinSecret, world } = this;
		const secret = this.#writerSecret;
		const prekeys = [...this.#prekeys];
		return {
			root,
			record,
			card,
			xwing,
			auth,
			prekeys,
			joinSecret,
			peer: keyToPeerName(root),
			writer: async (salt) =>
				world.suite.signer(await world.suite.hkdf(secret, concat(utf8('test/writer'), salt), 32))
		};
	}

	get person(): Person {
		const { root, record, card, xwing } = this;
		return { root, record, card, xwing };
	}

	/** The same identity on another device: all keys but the writer's. */
	otherDevice(): Actor {
		const twin = Object.assign(Object.create(Actor.prototype), this) as Actor;
		const other = new Actor(this.world, this.name, this.rootKey);
		const { cardKey, auth, record, card, xwing, joinSecret } = twin;
		Object.assign(other, { cardKey, auth, record, card, xwing, joinSecret });
		other.#prekeys = this.#prekeys;
		other.#seq = this.#seq;
		other.#rootSeq = this.#rootSeq;
		return other;
	}
}

/** One replica with its storage. */
export class Box {
	readonly actor: Actor;
	/** As which it acts; a thief keeps the old one. */
	me: Me;
	state: ThreadState | null = null;
	secrets: ThreadSecrets | null = null;
	readonly stored = new Map<EntryId, EntryBundle>();

	constructor(actor: Actor) {
		this.actor = actor;
		this.me = actor.me;
	}

	get ports(): ThreadPorts {
		return this.actor.world.ports;
	}

	get open(): ThreadState {
		if (this.state === null) throw new Error(`${this.actor.name} has no such thread`);
		return this.state;
	}

	get bundles(): EntryBundle[] {
		return [...this.stored.values()];
	}

	async create(
		others: readonly Actor[],
		text: string,
		options: Partial<NewThread> = {}
	): Promise<Made> {
		return this.keep(
			await createThread(this.ports, this.me, {
				people: others.map(({ person }) => person),
				open: { from: [], to: [], cc: [], subject: 'Test' },
				rules: { add: 'members', write: 'members' },
				draft: this.draft(text),
				...options
			})
		);
	}

	draft(text: string): Draft {
		return { mail: mail(this.actor, text) };
	}

	async write(text: string, people: readonly Actor[] = [], draft: Partial<Draft> = {}) {
		return this.keep(await this.tryWrite(text, people, draft));
	}

	tryWrite(text: string, people: readonly Actor[] = [], draft: Partial<Draft> = {}) {
		const known = people.map(({ person }) => person);
		const full = { ...this.draft(text), ...draft };
		return appendMessage(this.ports, this.me, this.open, full, known);
	}

	async add(added: readonly Actor[], known: readonly Actor[]): Promise<Made> {
		const people = known.map(({ person }) => person);
		const newcomers = added.map(({ person }) => person);
		return this.keep(await addMembers(this.ports, this.me, this.open, newcomers, people));
	}

	async remove(gone: Actor, known: readonly Actor[]): Promise<Made> {
		const people = known.map(({ person }) => person);
		return this.keep(await removeMember(this.ports, this.me, this.open, gone.root, people));
	}

	async leave(known: readonly Actor[]): Promise<Made> {
		const people = known.map(({ person }) => person);
		return this.keep(await leave(this.ports, this.me, this.open, people));
	}

	/** Throws where nothing was made. */
	keep(made: MakeResult): Made {
		if (!made.ok) throw new Error(`not made: ${made.kind === 'refused' ? made.reason : made.kind}`);
		this.state = made.state;
		this.secrets = made.secrets;
		expectPrint(made.state);
		for (const bundle of made.bundles) this.stored.set(entryIdOf(bundle.header), bundle);
		return made;
	}

	async receive(bundles: readonly EntryBundle[]): Promise<Opened> {
		const opened = await openBundles(this.ports, this.me, this.state, bundles);
		for (const bundle of opened.kept) this.stored.set(entryIdOf(bundle.header), bundle);
		if (opened.state !== null) {
			this.state = opened.state;
			this.secrets = opened.secrets;
			expectPrint(opened.state);
			expectShown(opened.state, new Set(opened.opened));
		}
		return opened;
	}

	/** All that the other has. */
	async sync(other: Box): Promise<Opened> {
		return this.receive(other.bundles);
	}

	/** The same replica after a restart: from storage alone. */
	async restart(): Promise<Box> {
		const again = new Box(this.actor);
		again.me = this.me;
		for (const [id, bundle] of this.stored) again.stored.set(id, bundle);
		const secrets = this.secrets ?? undefined;
		const refused = this.state === null ? new Map() : refusedEntries(this.state);
		const options = { trusted: true, secrets, refused };
		const opened = await openBundles(this.ports, this.me, null, this.bundles, options);
		again.state = opened.state;
		again.secrets = opened.secrets;
		return again;
	}

	messages(): readonly ShownMessage[] {
		return shownMessages(this.open);
	}

	/** Texts that the screen shows, in its order. */
	texts(): string[] {
		const shown = this.messages().filter(({ status }) => status.kind === 'shown');
		return shown.map(({ mail: { text } }) => text);
	}

	message(text: string): ShownMessage {
		const found = this.messages().find((message) => message.mail.text === text);
		if (found === undefined) throw new Error(`no message ${text}`);
		return found;
	}

	/** Roots of the members, in hex. */
	members(): string[] {
		return membersOf(this.open).map(({ root }) => toHex(root));
	}
}

/** It is kept up step by step; from scratch it must be the same. */
function expectPrint(state: ThreadState): void {
	const print = printOfEntries(entryIds(state));
	if (!equal(printOfThread(state), print)) throw new Error('the print is not that of the entries');
}

/** Of some entries it is said in a quicker way than of all. */
function expectShown(state: ThreadState, some: ReadonlySet<EntryId>): void {
	const toLines = (messages: readonly ShownMessage[]) =>
		messages.map(({ entry, id, status, withdrawn }) =>
			[entry, id, status.kind, 'reason' in status && status.reason, withdrawn].join()
		);
	const among = shownMessages(state).filter(({ entry }) => some.has(entry));
	const [quick, full] = [toLines(shownMessages(state, some)), toLines(among)];
	if (quick.sort().join() !== full.sort().join()) throw new Error('some are shown as all are not');
}

export function mail(from: Actor, text: string): Mail {
	return {
		from: { root: from.root, name: from.name },
		to: [],
		cc: [],
		subject: 'Test',
		date: from.world.now,
		text,
		attachments: [],
		answers: []
	};
}

export function hexOf(...actors: readonly Actor[]): string[] {
	return actors.map(({ root }) => toHex(root)).sort();
}

/** Alice's thread with these, who have all opened it. */
export async function threadOf(
	alice: Actor,
	others: readonly Actor[],
	options: Partial<NewThread> = {}
): Promise<Box[]> {
	const first = new Box(alice);
	await first.create(others, 'first', options);
	const boxes = others.map((actor) => new Box(actor));
	for (const box of boxes) await box.sync(first);
	return [first, ...boxes];
}

/** Everybody gets everything, until nobody learns anything new. */
export async function mingle(...boxes: readonly Box[]): Promise<void> {
	for (let round = 0; round < 2; round++) {
		const all = new Map(boxes.flatMap((box) => [...box.stored]));
		for (const box of boxes) await box.receive([...all.values()]);
	}
}
