import { expect, test } from 'vitest';
import { addressOf, contactOf, peopleWith } from '../../../tests/mailbox/records.ts';
import { recognise } from './contacts.svelte.ts';

const people = peopleWith(
	contactOf('bob'),
	contactOf('carol', { name: 'Kim' }),
	contactOf('mallory', { name: 'Kim' })
);
const bob = `bob@${addressOf('bob')}.ipns`;

test.each([
	['bob', { name: 'Bob', address: bob, standing: 'reachable' }],
	[` "Somebody" <${bob}> `, { name: 'Bob', address: bob, standing: 'reachable' }],
	[addressOf('bob'), { name: 'Bob', address: bob, standing: 'reachable' }],
	['Tom@Example.org', { address: 'Tom@Example.org', standing: 'ordinary' }],
	['Tom <tom@example.org>', { address: 'tom@example.org', standing: 'ordinary' }],
	['nobody', { name: '', address: '', standing: 'unreadable' }]
])('%s', (text, expected) => {
	expect(recognise(people, text)).toEqual({ text, name: '', ...expected });
});

test('two of one name must be told apart by the reader', () => {
	expect(recognise(people, 'kim').standing).toBe('unreadable');
});

test('an address that is no contact keeps the name it came with', () => {
	const address = `zoe@${addressOf('alice')}.ipns`;
	expect(recognise(peopleWith(), `Zoe <${address}>`)).toMatchObject({ standing: 'reachable' });
	expect(recognise(null, `Zoe <${address}>`)).toMatchObject({ name: 'Zoe', address });
});

test('what the user calls somebody is no part of the address that is handed on', () => {
	const named = peopleWith(contactOf('bob', { alias: 'Teddy Bear' }));
	for (const text of ['teddy bear', bob, `"Teddy Bear" <${bob}>`]) {
		expect(recognise(named, text)).toMatchObject({ name: 'Teddy Bear', address: bob });
	}
});
