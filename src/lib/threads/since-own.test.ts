import { expect, test } from 'vitest';
import { threadOf, World } from '../../../tests/threads/actors.ts';
import { entryIdOf } from '../wire/entry.ts';
import { sinceOwn } from './since-own.ts';

const MANY = 100;

test('others’ entries that came after the last own one, parents first, the nearest where they are many', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a, b] = await threadOf(alice, [bob]);
	const since = (limit: number) => {
		const fresh = a!.bundles.slice(-1).map(({ header }) => entryIdOf(header));
		return sinceOwn(a!.open, alice.root, fresh, limit);
	};
	const told: string[] = [];
	for (const text of ['one', 'two', 'three']) {
		const { bundles } = await b!.write(text);
		await a!.receive(bundles);
		told.push(...bundles.map(({ header }) => entryIdOf(header)));
	}
	await a!.write('four');
	expect(since(MANY)).toEqual(told);
	expect(since(2)).toEqual(told.slice(-2));
	await a!.write('five');
	expect(since(MANY)).toEqual([]);
});
