/** What the list of people shows, one below the other. */
import type { Group } from '../../app/view-people.ts';
import type { Contact } from '../../app/view.ts';
import { findContacts, isFound } from './find.ts';

export type Item =
	| { readonly kind: 'title'; readonly key: string; readonly title: string }
	| { readonly kind: 'group'; readonly key: string; readonly group: Group }
	| { readonly kind: 'contact'; readonly key: string; readonly contact: Contact }
	| { readonly kind: 'blocked'; readonly key: string; readonly count: number };

interface Asked {
	/** What is searched for; empty: nothing. */
	readonly typed: string;
	readonly isBlockedShown: boolean;
}

/** Groups, people, and at the end those who are blocked, who may be folded away. */
export function toItems(
	contacts: readonly Contact[],
	groups: readonly Group[],
	{ typed, isBlockedShown }: Asked
): Item[] {
	const found = findContacts(contacts, typed);
	const people = found.filter(({ tier }) => tier !== 'blocked');
	const blocked = found.filter(({ tier }) => tier === 'blocked');
	const named = groups.filter(({ name }) => isFound(typed, [name]));
	const items: Item[] = [];
	if (named.length > 0) {
		items.push({ kind: 'title', key: 'groups', title: 'Groups' });
		items.push(...named.map((group): Item => ({ kind: 'group', key: group.id, group })));
		if (people.length > 0) items.push({ kind: 'title', key: 'people', title: 'People' });
	}
	items.push(...people.map(toItem));
	if (blocked.length > 0) {
		items.push({ kind: 'blocked', key: 'blocked', count: blocked.length });
		if (isBlockedShown || typed.trim() !== '') items.push(...blocked.map(toItem));
	}
	return items;
}

function toItem(contact: Contact): Item {
	return { kind: 'contact', key: contact.address, contact };
}
