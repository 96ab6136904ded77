import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	messageIn,
	threadOf,
	type Name
} from '../../../tests/mailbox/records.ts';
import { toListed } from '../post/listed.ts';
import type { BookRecord, ContactRecord } from '../post/records.ts';
import { parseOrdinary } from '../wire/ids.ts';
import { toBook } from './book.ts';
import { indexContacts, type People } from './people.ts';
import { listPersons, mainAddresses } from './persons.ts';

const bob = addressOf('bob');
const carol = addressOf('carol');
const mail = parseOrdinary('bob@example.org') ?? bob;

function peopleOf(...contacts: readonly ContactRecord[]): People {
	const indexed = indexContacts(contacts);
	const rows: readonly BookRecord[] = [
		{ kind: 'ordinary', id: mail, name: 'Robert', createdAt: 1 },
		{ kind: 'merged', id: 'p1', parts: [mail, bob, carol], createdAt: 1 }
	];
	return {
		me: { address: addressOf('alice'), name: 'Alice' },
		contacts: indexed,
		book: toBook(rows, indexed)
	};
}

function threadWith(name: Name, at: number) {
	const members = [addressOf('alice'), addressOf(name)];
	return toListed(
		threadOf(`${name}${String(at)}`, [messageIn(name, at, { from: name })], { members })
	);
}

const none = () => 'none' as const;

test('a person stands there once, written to at the address that was used last', () => {
	const people = peopleOf(contactOf('bob', { tier: 'trusted' }), contactOf('carol'));
	const [only, ...others] = listPersons(
		people,
		[threadWith('carol', 2), threadWith('bob', 1)],
		none
	);
	expect(others).toEqual([]);
	expect(only).toMatchObject({ name: 'Robert', badge: 'known', isOrdinary: false });
	expect(only?.address).toContain(carol);
	expect(only?.addresses.map(({ badge }) => badge)).toEqual(['known', 'verified', 'ordinary']);
	const again = listPersons(people, [threadWith('bob', 3), threadWith('carol', 2)], none);
	expect(again[0]).toMatchObject({ badge: 'verified' });
});

test('an address that nobody has answered draws no letters to itself by writing last', () => {
	const people = peopleOf(contactOf('bob'), contactOf('carol', { tier: 'unknown' }));
	const threads = [threadWith('carol', 2), threadWith('bob', 1)];
	expect(mainAddresses(people, threads)(carol)).toBe(bob);
	expect(listPersons(people, threads, none)).toMatchObject([{ badge: 'known' }]);
});

test('a blocked address is never the one to write to, and an ordinary one only where there is no other', () => {
	const threads = [threadWith('carol', 2)];
	const blocked = peopleOf(contactOf('bob'), contactOf('carol', { tier: 'blocked' }));
	expect(mainAddresses(blocked, threads)(carol)).toBe(bob);
	const alone = peopleOf(contactOf('carol', { tier: 'blocked' }));
	expect(mainAddresses(alone, threads)(carol)).toBe(mail);
	expect(listPersons(alone, threads, none)).toMatchObject([{ isOrdinary: true, tier: 'unknown' }]);
});
