import { writeCards, type CardToWrite } from '../exchange/vcard-write.ts';
import { GROUPS, type GroupRecord } from '../mailbox/groups.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { toMailAddress } from '../mailbox/people.ts';
import type { Desk } from '../post/ports.ts';
import type { ContactRecord } from '../post/records.ts';

/** Of these contacts, with the user's names, notes and pictures for them, as a file of vCards. */
export async function cardsOf(
	{ store }: Pick<Desk, 'store'>,
	contacts: readonly ContactRecord[]
): Promise<Blob> {
	const groups = await readOwn(store, GROUPS);
	const cards: string[] = [];
	// One after the other: the pictures of hundreds need not be in memory at once.
	for (const contact of contacts) cards.push(writeCards([await toCard(store, contact, groups)]));
	return new Blob(cards, { type: 'text/vcard' });
}

async function toCard(
	store: Desk['store'],
	{ address, name, alias }: ContactRecord,
	groups: readonly GroupRecord[]
): Promise<CardToWrite> {
	return {
		uid: address,
		name: alias ?? name,
		address: toMailAddress(address, name),
		notes: (await store.get('person', [address]))?.notes ?? '',
		photo: await store.get('photo', [address]),
		groups: groups.filter(({ members }) => members.includes(address)).map((group) => group.name)
	};
}
