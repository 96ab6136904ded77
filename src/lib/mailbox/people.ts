/** Whom an address belongs to, as this user sees it: name and badge from contacts, never from mail. */

import type { Badge, Person } from '../app/view.ts';
import { addressOf, isOrdinary } from '../post/ordinary.ts';
import type { ContactRecord, PersonMarks } from '../post/records.ts';
import type { Tier } from '../trust/policy.ts';
import { formatMailAddress, nameToLocal, type Address } from '../wire/ids.ts';
import type { Party } from '../wire/mail.ts';
import type { Book, Merged } from './book.ts';

/** What is known of people; replaced as a whole when a contact or the own account changes. */
export interface People {
	readonly me: { readonly address: Address; readonly name: string };
	readonly contacts: ReadonlyMap<Address, ContactRecord>;
	/** Absent where it was not read. */
	readonly book?: Book;
}

const BADGES: Readonly<Record<Tier, Badge>> = {
	trusted: 'verified',
	known: 'known',
	unknown: 'new',
	blocked: 'known'
};

/** Whom this address stands for: the seat of a letter link, whoever came in by it. */
export function holderOf({ me, contacts }: People, address: Address): Address {
	const contact = contacts.get(address);
	if (contact?.seat === 'opened') return me.address;
	return contact?.seat === 'given' ? (contact.sitter ?? address) : address;
}

/**
 * `claimed`: the name as somebody wrote it; it counts only for one who is no contact. Of one person's
 * addresses each has their name and picture, and its own badge.
 */
export function toPerson(people: People, named: Address, claimed = ''): Person {
	const { me, contacts, book } = people;
	const address = holderOf(people, named);
	const merged = book?.merged.get(address);
	if (isOrdinary(address)) return toOrdinary(people, address, claimed, merged);
	const isMe = address === me.address;
	const contact = contacts.get(address);
	const cardName = isMe ? me.name : (contact?.name ?? claimed);
	const photo = merged
		? photoOf(merged.record.id, merged.record)
		: contact && photoOf(address, contact);
	return {
		name: (merged && nameOfMerged(people, merged)) ?? contact?.alias ?? cardName,
		// It is handed on: what the user calls somebody has no place in it.
		address: toMailAddress(address, cardName),
		...(photo !== undefined && { photo }),
		isMe,
		badge: isMe ? 'known' : BADGES[contact?.tier ?? 'unknown']
	};
}

function toOrdinary(
	people: People,
	address: Address,
	claimed: string,
	merged: Merged | undefined
): Person {
	const row = people.book?.ordinary.get(address);
	const photo = merged ? photoOf(merged.record.id, merged.record) : row && photoOf(address, row);
	return {
		name: (merged && nameOfMerged(people, merged)) ?? row?.name ?? claimed,
		address,
		...(photo !== undefined && { photo }),
		isMe: false,
		badge: 'ordinary'
	};
}

function nameOfMerged({ contacts, book }: People, { name, addresses }: Merged): string | undefined {
	const names = addresses.map((address) => {
		const contact = contacts.get(address);
		return contact?.alias ?? contact?.name ?? book?.ordinary.get(address)?.name ?? '';
	});
	return [name ?? '', ...names].find((one) => one !== '');
}

/** As somebody is called in what leaves this browser: never by the user's own name for them. */
export function nameForOthers({ me, contacts }: People, party: Party): string {
	const address = addressOf(party);
	if (address === me.address) return me.name;
	return contacts.get(address)?.name ?? party.name;
}

/** Names a picture: another one has another name. */
export function photoOf(id: string, { photo }: PersonMarks): string | undefined {
	return photo === undefined ? undefined : `${id}/${photo}`;
}

export function partyToPerson(people: People, party: Party): Person {
	return toPerson(people, addressOf(party), party.name);
}

export function partiesToPersons(people: People, parties: readonly Party[]): Person[] {
	return parties.map((party) => partyToPerson(people, party));
}

/** `mira.kessler@k51….ipns`: the part before the @ is for human eyes only. */
export function toMailAddress(address: Address, name: string): string {
	return formatMailAddress({ local: nameToLocal(name), address });
}

export function indexContacts(
	contacts: readonly ContactRecord[]
): ReadonlyMap<Address, ContactRecord> {
	return new Map(contacts.map((contact) => [contact.address, contact]));
}
