/** Everybody in the address book, each person once, with all their addresses. */

import type { PersonPart } from '../app/view-people.ts';
import type { Contact, ContactAddress } from '../app/view.ts';
import type { ListedThread } from '../post/listed.ts';
import { isOrdinary } from '../post/ordinary.ts';
import type { BookRecord, ContactRecord, OrdinaryRecord } from '../post/records.ts';
import type { Tier } from '../trust/policy.ts';
import type { Address } from '../wire/ids.ts';
import { addressesOf, EMPTY_BOOK, entryIdOf, toBook } from './book.ts';
import { lastUsed } from './last-used.ts';
import { toPerson, type People } from './people.ts';

type PathTo = (address: Address) => ContactAddress['connection'];

/** In no order. `threads`: as far as they are read; they tell which address of several was used last. */
export function listPersons(
	people: People,
	threads: readonly ListedThread[],
	pathTo: PathTo
): Contact[] {
	const { contacts, book = EMPTY_BOOK } = people;
	const used = lastUsed(threads, new Set(book.merged.keys()));
	const shown = [...contacts.values()].filter(({ seat }) => seat === undefined);
	const all = [...shown.map(({ address }) => address), ...book.ordinary.keys()];
	const done = new Set<Address>();
	return all.flatMap((address) => {
		const own = inOrder(people, used, addressesOf(book, address));
		const [main = address] = own;
		if (done.has(main)) return [];
		done.add(main);
		return [toContact(people, own, pathTo)];
	});
}

/** The address at which whoever has one of theirs is written to. */
export function mainAddresses(
	people: People,
	threads: readonly ListedThread[]
): (address: Address) => Address {
	const { book = EMPTY_BOOK } = people;
	const used = lastUsed(threads, new Set(book.merged.keys()));
	return (address) => inOrder(people, used, addressesOf(book, address))[0] ?? address;
}

/** Ids of a group's members → where each of them is written to, by name; each person once. */
export function membersIn(
	people: People,
	threads: readonly ListedThread[]
): (ids: readonly string[]) => readonly string[] {
	const contacts: ReadonlyMap<string, ContactRecord> = people.contacts;
	const ordinary: ReadonlyMap<string, OrdinaryRecord> = (people.book ?? EMPTY_BOOK).ordinary;
	const toMain = mainAddresses(people, threads);
	return (ids) => {
		const here = ids.flatMap((id) => contacts.get(id)?.address ?? ordinary.get(id)?.id ?? []);
		return [...new Set(here.map(toMain))]
			.map((address) => toPerson(people, address))
			.sort((a, b) => a.name.localeCompare(b.name))
			.map(({ address }) => address);
	};
}

/** Whom a person would be split into; `null`: nobody has put them together. */
export function partsIn(
	people: People,
	rows: readonly BookRecord[],
	address: Address
): readonly PersonPart[] | null {
	const merged = people.book?.merged.get(address);
	if (merged === undefined) return null;
	// As the book would be without it.
	const book = toBook(
		rows.filter(({ id }) => id !== merged.record.id),
		people.contacts
	);
	const parts = new Map<string, PersonPart>();
	for (const one of merged.addresses) {
		const { name, address: shown } = toPerson({ ...people, book }, one);
		const id = entryIdOf(book, one);
		parts.set(id, { name, addresses: [...(parts.get(id)?.addresses ?? []), shown] });
	}
	return [...parts.values()];
}

/**
 * Those that letters reach before the others; of these the ones that the user knows, and of these the one that
 * was used last: by writing often, an address that nobody has answered yet does not draw letters to itself.
 */
function inOrder(
	{ contacts }: People,
	used: ReadonlyMap<Address, number>,
	addresses: readonly Address[]
): readonly Address[] {
	if (addresses.length < 2) return addresses;
	const rank = (address: Address) => {
		if (isOrdinary(address)) return 2;
		return RANKS[contacts.get(address)?.tier ?? 'unknown'];
	};
	return addresses.toSorted((a, b) => rank(a) - rank(b) || (used.get(b) ?? 0) - (used.get(a) ?? 0));
}

const RANKS: Readonly<Record<Tier, number>> = { trusted: 0, known: 0, unknown: 1, blocked: 3 };

function toContact(people: People, own: readonly Address[], pathTo: PathTo): Contact {
	const addresses = own.map((address) => toAddress(people, address, pathTo));
	const [main] = addresses;
	const [first] = own;
	if (main === undefined || first === undefined) throw new TypeError('nobody has no address');
	const seen = addresses.flatMap(({ lastSeen }) => lastSeen ?? []);
	const paths = addresses.map(({ connection }) => connection);
	return {
		...toPerson(people, first),
		...main,
		connection: paths.includes('direct') ? 'direct' : paths.includes('relay') ? 'relay' : 'none',
		lastSeen: seen.length === 0 ? null : Math.max(...seen),
		addresses
	};
}

function toAddress(people: People, address: Address, pathTo: PathTo): ContactAddress {
	const contact = people.contacts.get(address);
	const person = toPerson(people, address);
	return {
		address: person.address,
		badge: person.badge,
		cardName: contact?.name ?? '',
		tier: contact?.tier ?? 'unknown',
		connection: contact === undefined ? 'none' : pathTo(address),
		lastSeen: contact?.lastSeen ?? null,
		isOrdinary: contact === undefined
	};
}
