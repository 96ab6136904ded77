import { expect, test } from 'vitest';
import { addressOf, contactOf, peopleWith } from '../../../tests/mailbox/records.ts';
import { readQuery } from '../search/query.ts';
import { startOfDay } from '../search/values.ts';
import { toBook } from './book.ts';
import { indexContacts } from './people.ts';
import { namesIn, withPeople } from './query-people.ts';

test('the seat of a letter link is nobody whose name is completed', () => {
	const seat = { ...contactOf('mallory'), seat: 'given', sitter: addressOf('bob') } as const;
	const entered = { ...contactOf('carol'), seat: 'opened' } as const;
	const people = peopleWith(contactOf('bob'), seat, entered);
	expect(namesIn(people).map(({ name }) => name)).toEqual(['Bob']);
});

test('a name means all addresses of whoever is called so', () => {
	const contacts = indexContacts([contactOf('bob'), contactOf('carol'), contactOf('mallory')]);
	const parts = [addressOf('bob'), addressOf('carol')];
	const book = toBook([{ kind: 'merged', id: 'p1', parts, name: 'Bobby', createdAt: 1 }], contacts);
	const people = { ...peopleWith(), contacts, book };
	for (const typed of ['from:carol', 'from:bobby']) {
		const { query } = readQuery(typed, { now: 0, startOf: startOfDay });
		const asked = JSON.stringify(query && withPeople(query, people));
		for (const part of parts) expect(asked, typed).toContain(part);
		expect(asked).not.toContain(addressOf('mallory'));
	}
});
