import { expect, test } from 'vitest';
import { createPerson } from '../../../tests/sim/people.ts';
import { formatMailAddress } from '../wire/ids.ts';
import { PictureTrust } from './pictures.ts';

const NOW = 1_790_000_000_000;

test('whose pictures may come is told by the key, not by the name before it', async () => {
	const alice = await createPerson('Alice', () => NOW);
	const bob = await createPerson('Bob', () => NOW);
	const pictures = new PictureTrust(Promise.resolve(alice.desk));
	const { address } = bob.account.record;
	await pictures.remember(formatMailAddress({ local: 'bob', address }), true);
	expect(await pictures.mayFetch(formatMailAddress({ local: 'robert', address }))).toBe(true);
	const other = formatMailAddress({ local: 'bob', address: alice.account.record.address });
	expect(await pictures.mayFetch(other)).toBe(false);
	await pictures.remember(formatMailAddress({ local: 'robert', address }), false);
	expect(await pictures.mayFetch(formatMailAddress({ local: 'bob', address }))).toBe(false);
});

test('of an address that anybody writes nothing is remembered', async () => {
	const alice = await createPerson('Alice', () => NOW);
	const pictures = new PictureTrust(Promise.resolve(alice.desk));
	await pictures.remember('news@example.org', true);
	expect(await pictures.mayFetch('news@example.org')).toBe(false);
});
