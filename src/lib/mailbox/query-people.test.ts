import { expect, test } from 'vitest';
import { addressOf, contactOf, peopleWith } from '../../../tests/mailbox/records.ts';
import { namesIn } from './query-people.ts';

test('the seat of a letter link is nobody whose name is completed', () => {
	const seat = { ...contactOf('mallory'), seat: 'given', sitter: addressOf('bob') } as const;
	const entered = { ...contactOf('carol'), seat: 'opened' } as const;
	const people = peopleWith(contactOf('bob'), seat, entered);
	expect(namesIn(people).map(({ name }) => name)).toEqual(['Bob']);
});
