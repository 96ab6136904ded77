import { writeCards, type CardToWrite } from '../exchange/vcard-write.ts';
import { entryIdOf, isContactId, toBook, type Book } from '../mailbox/book.ts';
import { GROUPS, type GroupRecord } from '../mailbox/groups.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { indexContacts, toMailAddress } from '../mailbox/people.ts';
import { isOrdinary } from '../post/ordinary.ts';
import type { Desk } from '../post/ports.ts';
import type { ContactRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';

type Contacts = ReadonlyMap<Address, ContactRecord>;

/**
 * Of the people of these addresses, each once, with the user's names, notes and pictures for them, as a file
 * of vCards. Null: of all who are not blocked.
 */
export async function cardsOf(
	{ store }: Pick<Desk, 'store'>,
	wanted: readonly Address[] | null
): Promise<Blob> {
	const contacts = indexContacts(await store.list('contact'));
	const book = toBook(await store.list('book'), contacts);
	const groups = await readOwn(store, GROUPS);
	const people = new Map<string, readonly Address[]>();
	for (const address of wanted ?? [...contacts.keys(), ...book.ordinary.keys()]) {
		const own = book.merged.get(address)?.addresses ?? [address];
		const given = own.filter((one) => isGiven(contacts, book, one, wanted !== null));
		if (given.length > 0) people.set(entryIdOf(book, address), given);
	}
	const cards: string[] = [];
	// One after the other: the pictures of hundreds need not be in memory at once.
	for (const [id, addresses] of people) {
		cards.push(writeCards([await toCard(store, { contacts, book, groups }, id, addresses)]));
	}
	return new Blob(cards, { type: 'text/vcard' });
}

/** The seat of a letter link is nobody: whoever imported it would write into nowhere. */
function isGiven(contacts: Contacts, book: Book, address: Address, isWanted: boolean): boolean {
	const contact = contacts.get(address);
	if (contact === undefined) return book.ordinary.has(address);
	return contact.seat === undefined && (isWanted || contact.tier !== 'blocked');
}

interface Here {
	readonly contacts: Contacts;
	readonly book: Book;
	readonly groups: readonly GroupRecord[];
}

async function toCard(
	store: Desk['store'],
	{ contacts, book, groups }: Here,
	id: string,
	addresses: readonly Address[]
): Promise<CardToWrite> {
	const named = addresses.map((address) => {
		const contact = contacts.get(address);
		return { contact, name: contact?.name ?? book.ordinary.get(address)?.name ?? '' };
	});
	const [first] = addresses;
	const mergedName = first && book.merged.get(first)?.name;
	const called = isContactId(id) ? named[0]?.contact?.alias : mergedName;
	const names = [called, ...named.map(({ contact, name }) => contact?.alias ?? name)];
	const shown = names.find((name) => name !== undefined && name !== '') ?? '';
	// Whoever reads it must not take it for what somebody calls themselves, and hand it on.
	const isOwn = shown !== '' && named.some(({ contact }) => contact && contact.name !== shown);
	return {
		uid: id,
		name: shown,
		...(called !== undefined ? { nickname: called } : isOwn && { nickname: shown }),
		addresses: addresses.map((address, at) =>
			isOrdinary(address) ? address : toMailAddress(address, named[at]?.name ?? '')
		),
		notes: (await store.get('person', [id]))?.notes ?? '',
		photo: await store.get('photo', [id]),
		groups: groups
			.filter(({ members }) => addresses.some((address) => members.includes(address)))
			.map((group) => group.name)
	};
}
