/**
 * People of a file into the address book, as the plan says and the user decided. Nothing that stands there is
 * replaced: what is missing is filled in, so that the same file twice changes nothing the second time.
 */

import { readNotes, setAlias, setPhoto, toAlias, writeNotes } from '../mailbox/address-book.ts';
import { isContactId } from '../mailbox/book.ts';
import type { Undo } from '../mailbox/filing.ts';
import { changeMembers, createGroup, GROUPS, removeGroup } from '../mailbox/groups.ts';
import { joinNotes, merge, split } from '../mailbox/merging.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { BOOK_MAX, GROUP_MEMBERS_MAX, NOTES_CHARACTERS } from '../mailbox/people-limits.ts';
import { newContact, putContact } from '../post/contacts.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { ContactRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';
import type { PlannedPerson } from './vcard-plan.ts';
import type { ReadCard } from './vcard-read.ts';
import {
	namedIn,
	notesOf,
	putNewPeople,
	toNewPerson,
	type FactWords,
	type NewPerson,
	type SmallPicture
} from './vcard-rows.ts';

type BringDesk = Pick<Desk, 'store' | 'random' | 'now' | 'exclusive'>;

export interface Decided {
	readonly person: PlannedPerson;
	/** Of `alike`: is it one with whom it is like? */
	readonly isOne: boolean;
	readonly picture: SmallPicture | null;
}

export interface BringOptions {
	readonly words: FactWords;
	/** Where cards may be looked for, besides what an invite says; base URL, or empty. */
	readonly office: string;
}

/** New people of one transaction. */
const TOGETHER = 100;

/**
 * What is brought, and the way back. For whoever has the turn in the book (`inBook`) from the plan to the
 * last of them.
 */
export class Bringing {
	added = 0;
	changed = 0;
	/** For whom there was no room. */
	leftOut = 0;
	readonly #desk: BringDesk;
	readonly #options: BringOptions;
	readonly #ways: Undo[] = [];
	#waiting: NewPerson[] = [];
	#entries: number;

	/** @param entries rows that are in the book */
	constructor(desk: BringDesk, options: BringOptions, entries: number) {
		this.#desk = desk;
		this.#options = options;
		this.#entries = entries;
	}

	/** The address at which they are written to; `null`: nothing was changed. */
	async take({ person, isOne, picture }: Decided): Promise<Address | null> {
		const { card, outcome, known, knownAt, fresh } = person;
		const isNew = outcome === 'new' || (outcome === 'alike' && !isOne);
		if (outcome === 'same') return knownAt[0] ?? null;
		if (isNew && fresh.length === 0) return null;
		if (this.#entries + fresh.length + 1 > BOOK_MAX) {
			this.leftOut++;
			return null;
		}
		await this.#addContacts(card, fresh.filter(isContactId));
		if (isNew) await this.#addPerson(card, fresh, picture);
		else await this.#addTo(card, known, fresh, picture);
		const all = isNew ? fresh : [...knownAt, ...fresh];
		return all.find(isContactId) ?? all[0] ?? null;
	}

	/** @param members addresses that are in the book, as far as there is room in a group. False: none is. */
	async takeGroup(name: string, members: readonly Address[]): Promise<boolean> {
		await this.flush();
		return bringGroup(this.#desk, name, members, this.#ways);
	}

	/** Stores what waits. */
	async flush(): Promise<void> {
		const waiting = this.#waiting;
		this.#waiting = [];
		if (waiting.length === 0) return;
		this.#ways.push(await putNewPeople(this.#desk, waiting));
		this.added += waiting.length;
	}

	/** The last first, each once. */
	async takeBack(): Promise<void> {
		for (let undo = this.#ways.pop(); undo !== undefined; undo = this.#ways.pop()) await undo();
	}

	/**
	 * Whoever is new here is unknown until written to. The name in a file is the user's own for them, which
	 * is not handed on; only cards of ours say what somebody calls themselves.
	 */
	async #addContacts(card: ReadCard, addresses: readonly Address[]): Promise<void> {
		const { store } = this.#desk;
		const offices = [...new Set([card.office, this.#options.office])].filter(Boolean);
		const name = card.isOurs && card.alias === '' ? card.name : '';
		const alias = name === '' ? toAlias(card.alias || card.name) : '';
		for (const address of addresses) {
			const made = newContact(this.#desk, {
				...{ address, name, tier: 'unknown', origin: 'thread', offices },
				...(alias !== '' && { alias })
			});
			await store.update('contact', [address], (row) => (row === null ? [putContact(made)] : []));
			this.#ways.push(() => removeContact(this.#desk, made));
		}
	}

	async #addPerson(
		card: ReadCard,
		fresh: readonly Address[],
		picture: SmallPicture | null
	): Promise<void> {
		const [only] = fresh;
		if (fresh.length === 1 && only !== undefined && isContactId(only)) {
			await this.#fillIn(only, card, picture);
			this.added++;
			return;
		}
		const { words } = this.#options;
		const made = toNewPerson(this.#desk, card, fresh, { words, picture });
		this.#entries += made.book.length;
		this.#waiting.push(made);
		if (this.#waiting.length >= TOGETHER) await this.flush();
	}

	async #addTo(
		card: ReadCard,
		known: readonly string[],
		fresh: readonly Address[],
		picture: SmallPicture | null
	): Promise<void> {
		await this.flush();
		const { words } = this.#options;
		const bare = { ...card, notes: '', facts: [] };
		const added = fresh
			.filter((address) => !isContactId(address))
			.map((address) => toNewPerson(this.#desk, bare, [address], { words, picture: null }));
		if (added.length > 0) this.#ways.push(await putNewPeople(this.#desk, added));
		const parts = [...known, ...fresh];
		const [head = ''] = parts;
		const merged = parts.length < 2 ? null : await merge(this.#desk, { parts, photoOf: head });
		if (merged?.ok === true) {
			this.#ways.push(async () => {
				await split(this.#desk, merged.id);
			});
		}
		this.#entries += added.length + 1;
		await this.#fillIn(merged?.ok === true ? merged.id : head, card, picture);
		this.changed++;
	}

	async #fillIn(id: string, card: ReadCard, picture: SmallPicture | null): Promise<void> {
		const desk = this.#desk;
		const before = await readNotes(desk, id);
		const notes = notesOf(card, this.#options.words);
		const after = joinNotes([before, notes]).slice(0, NOTES_CHARACTERS);
		if (after !== before) {
			await writeNotes(desk, id, after);
			this.#ways.push(async () => {
				if ((await readNotes(desk, id)) === after) await writeNotes(desk, id, before);
			});
		}
		if (picture !== null && (await desk.store.get('photo', [id])) === null) {
			this.#keep(await setPhoto(desk, id, picture));
		}
		const contact = isContactId(id) ? await desk.store.get('contact', [id]) : null;
		if (contact !== null && contact.alias === undefined && card.alias !== '') {
			this.#keep(await setAlias(desk, contact.address, card.alias));
		}
	}

	#keep(undo: Undo | null): void {
		if (undo !== null) this.#ways.push(undo);
	}
}

/** Unless something was written of them since, they were merged with others, or put into a group. */
async function removeContact({ store }: Pick<Desk, 'store'>, made: ContactRecord): Promise<void> {
	const { address } = made;
	if ((await readNotes({ store }, address)) !== '' || (await namedIn(store)).has(address)) return;
	await store.update('contact', [address], (row) => withoutContact(row, made));
}

/** As long as nothing came of it: with a card, or another tier, somebody has written to them, or they to us. */
function withoutContact(row: ContactRecord | null, made: ContactRecord): readonly Change[] {
	const isAsMade =
		row !== null &&
		row.tier === made.tier &&
		row.createdAt === made.createdAt &&
		row.keys === undefined &&
		row.writeTo === undefined &&
		row.photo === undefined &&
		row.alias === made.alias;
	return isAsMade ? [{ table: 'contact', key: [made.address], remove: true }] : [];
}

async function bringGroup(
	desk: BringDesk,
	name: string,
	members: readonly Address[],
	ways: Undo[]
): Promise<boolean> {
	const wanted = toAlias(name);
	const group = (await readOwn(desk.store, GROUPS)).find(
		(one) => one.name.toLowerCase() === wanted.toLowerCase()
	);
	if (group === undefined) {
		const taken = members.slice(0, GROUP_MEMBERS_MAX);
		const id = await createGroup(desk, wanted, taken);
		if (id === null) return false;
		ways.push(() => removeAsMade(desk, id, taken));
		return true;
	}
	const add = members.filter((one) => !group.members.includes(one));
	const undo = await changeMembers(desk, group.id, {
		add: add.slice(0, GROUP_MEMBERS_MAX - group.members.length)
	});
	if (undo !== null && add.length > 0) ways.push(undo);
	return undo !== null;
}

/** Whom others were put in beside since, they keep the group. */
async function removeAsMade(desk: BringDesk, id: string, made: readonly string[]): Promise<void> {
	const group = (await readOwn(desk.store, GROUPS)).find((one) => one.id === id);
	if (group === undefined) return;
	if (group.members.every((one) => made.includes(one))) await removeGroup(desk, id);
	else await changeMembers(desk, id, { remove: made });
}
