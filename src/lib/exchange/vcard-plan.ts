/**
 * What would come of the people in a file: who is here already, who is new, and who might be one with
 * somebody. Two entries become one person only where the user says so, for a file may be anybody's.
 */

import { entryIdOf, EMPTY_BOOK } from '../mailbox/book.ts';
import type { GroupRecord } from '../mailbox/groups.ts';
import { joinNotes } from '../mailbox/merging.ts';
import { PERSON_ADDRESSES_MAX } from '../mailbox/people-limits.ts';
import { toPerson, type People } from '../mailbox/people.ts';
import type { MailStore } from '../post/ports.ts';
import type { Address } from '../wire/ids.ts';
import { VCARD_LIMITS } from './vcard-limits.ts';
import type { ReadCard } from './vcard-read.ts';

/** A person in a file: one card, or several that share an address. Without pictures. */
export interface PlannedPerson {
	/** Places of its cards among those that were read. */
	readonly cards: readonly number[];
	readonly card: ReadCard;
	/**
	 * `new`; `same`: nothing of it is new; `adds`: notes, a picture or groups to somebody who is here;
	 * `alike`: it may be one with somebody, by a name or by some of its addresses.
	 */
	readonly outcome: 'new' | 'same' | 'adds' | 'alike';
	/** Ids of entries that are here: of `same` and `adds` one. */
	readonly known: readonly string[];
	/** An address of each of these. */
	readonly knownAt: readonly Address[];
	/** Addresses that are nobody's yet. */
	readonly fresh: readonly Address[];
}

export interface CardPlan {
	readonly people: readonly PlannedPerson[];
	/** Cards that name members. */
	readonly groups: readonly ReadCard[];
	/** People without an address, and oneself. */
	readonly withoutAddress: number;
	readonly isMe: number;
}

export async function planCards(
	store: Pick<MailStore, 'get'>,
	people: People,
	groups: readonly GroupRecord[],
	cards: readonly ReadCard[]
): Promise<CardPlan> {
	const persons = cards.map((card, at) => ({ card, at })).filter(({ card }) => !card.isGroup);
	const addressed = persons.filter(({ card }) => card.addresses.length > 0);
	const others = addressed.filter(({ card }) => !card.addresses.includes(people.me.address));
	const names = toNames(people);
	const planned: PlannedPerson[] = [];
	for (const one of oncePerPerson(others)) {
		planned.push(await planPerson(store, people, groups, names, one));
	}
	return {
		people: planned,
		groups: cards.filter(({ isGroup }) => isGroup),
		withoutAddress: persons.length - addressed.length,
		isMe: addressed.length - others.length
	};
}

type Once = Pick<PlannedPerson, 'card' | 'cards'>;

async function planPerson(
	store: Pick<MailStore, 'get'>,
	people: People,
	groups: readonly GroupRecord[],
	names: ReadonlyMap<string, Address>,
	{ card, cards }: Once
): Promise<PlannedPerson> {
	const { contacts, book = EMPTY_BOOK } = people;
	const here = card.addresses.filter((one) => contacts.has(one) || book.ordinary.has(one));
	const fresh = card.addresses.filter((one) => !here.includes(one));
	const named = here.length === 0 ? names.get(fold(card.name)) : undefined;
	const knownAt = named === undefined ? onePerEntry(people, here) : [named];
	const known = knownAt.map((address) => entryIdOf(book, address));
	const planned = { card, cards, known, knownAt, fresh };
	const [only] = known;
	if (only === undefined) return { ...planned, outcome: 'new' };
	if (known.length > 1 || fresh.length > 0) return { ...planned, outcome: 'alike' };
	const isWithin = await isKnown(store, groups, card, only, here);
	return { ...planned, outcome: isWithin ? 'same' : 'adds' };
}

/** Is all that it says known of this entry? */
async function isKnown(
	store: Pick<MailStore, 'get'>,
	groups: readonly GroupRecord[],
	{ notes, facts, hasPhoto, groups: named }: ReadCard,
	id: string,
	addresses: readonly Address[]
): Promise<boolean> {
	const noted = (await store.get('person', [id]))?.notes ?? '';
	if (!noted.includes(notes) || !facts.every(({ text }) => noted.includes(text))) return false;
	if (hasPhoto && (await store.get('photo', [id])) === null) return false;
	return named.every((name) => {
		const group = groups.find((one) => fold(one.name) === fold(name));
		return group !== undefined && addresses.some((one) => group.members.includes(one));
	});
}

function onePerEntry({ book = EMPTY_BOOK }: People, addresses: readonly Address[]): Address[] {
	const byEntry = new Map(addresses.map((one) => [entryIdOf(book, one), one]));
	return [...byEntry.values()];
}

const BY_TRUST = ['trusted', 'known', 'unknown'] as const;

/** Of people who are not blocked; of each name whoever is trusted most. */
function toNames(people: People): ReadonlyMap<string, Address> {
	const { contacts, book = EMPTY_BOOK } = people;
	const here = [...contacts.values()].filter(({ seat }) => seat === undefined);
	const byTrust = BY_TRUST.flatMap((tier) => here.filter((one) => one.tier === tier));
	const all = [...byTrust.map(({ address }) => address), ...book.ordinary.keys()];
	// The first of a name is the last to be set.
	return new Map(all.reverse().map((one) => [fold(toPerson(people, one).name), one]));
}

function fold(text: string): string {
	return text.normalize('NFKC').trim().toLowerCase();
}

/** Cards that share an address are of one person: what the later ones have besides is added. */
function oncePerPerson(
	cards: readonly { readonly card: ReadCard; readonly at: number }[]
): readonly Once[] {
	/** Of each card an earlier one of the same person, or itself. */
	const earlier = cards.map((_, index) => index);
	const firstOf = (index: number): number => {
		let at = index;
		for (let next = earlier[at] ?? at; next !== at; next = earlier[at] ?? at) {
			earlier[at] = earlier[next] ?? next;
			at = next;
		}
		return at;
	};
	const firstWith = new Map<Address, number>();
	for (const [index, { card }] of cards.entries()) {
		for (const address of card.addresses) {
			const [a, b] = [firstOf(index), firstOf(firstWith.get(address) ?? index)];
			earlier[Math.max(a, b)] = Math.min(a, b);
			firstWith.set(address, index);
		}
	}
	const persons = new Map<number, { card: ReadCard; cards: number[] }>();
	for (const [index, { card, at }] of cards.entries()) {
		const person = persons.get(firstOf(index));
		if (person === undefined) persons.set(firstOf(index), { card, cards: [at] });
		else {
			person.card = unite(person.card, card);
			person.cards.push(at);
		}
	}
	return [...persons.values()];
}

/** As long as one of them may be, however many there are. */
function unite(first: ReadCard, second: ReadCard): ReadCard {
	const { notesCharacters, facts, groups } = VCARD_LIMITS;
	const notes = joinNotes([first.notes, second.notes]).slice(0, notesCharacters);
	const added = second.facts.filter(({ text }) => !first.facts.some((one) => one.text === text));
	return {
		...first,
		alias: first.alias || second.alias,
		office: first.office || second.office,
		addresses: once([...first.addresses, ...second.addresses]).slice(0, PERSON_ADDRESSES_MAX),
		notes,
		facts: [...first.facts, ...added].slice(0, facts),
		groups: once([...first.groups, ...second.groups]).slice(0, groups),
		hasPhoto: first.hasPhoto || second.hasPhoto
	};
}

function once<T>(all: readonly T[]): readonly T[] {
	return [...new Set(all)];
}
