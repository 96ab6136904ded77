import { expect, test } from 'vitest';
import { Box, mingle, threadOf, World } from '../../../tests/threads/actors.ts';
import { headerDecoder, type EntryBundle } from '../wire/entry.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function isEpoch({ header }: EntryBundle): boolean {
	const decoded = headerDecoder.decode(header);
	return decoded.ok && decoded.value.t === 'epoch';
}

test('withheld wraps make nobody count more epochs side by side than there are', async () => {
	const world = new World();
	const alice = await world.person('Alice');
	const bob = await world.person('Bob');
	const mallory = await world.person('Mallory');
	const dave = await world.person('Dave');
	const [a, b, m] = (await threadOf(alice, [bob, mallory])) as [Box, Box, Box];
	for (const box of [b, m]) await box.write(box.actor.name);
	await mingle(a, b, m);
	const merges: EntryBundle[] = [];
	for (const _ of [1, 2]) {
		const merger = await m.restart();
		for (let i = 0; i < 17; i++) {
			const twin = await m.restart();
			const { bundles } = await twin.add([dave], [alice, bob]);
			await merger.receive(bundles);
			await a.receive(bundles);
			await b.receive(bundles);
		}
		world.now += 11 * DAY_MS;
		merges.push(...(await merger.write('merged', [alice, bob, dave])).bundles);
		world.now -= 11 * DAY_MS;
	}
	await a.receive(merges);
	world.now += 11 * DAY_MS;
	const { bundles } = await a.write('an honest message', [bob, mallory, dave]);
	await b.receive(merges.map((each) => (isEpoch(each) ? { ...each, wraps: [] } : each)));
	expect((await b.receive(bundles)).refused).toEqual([]);
	await b.receive(merges);
	expect(b.texts()).toContain('an honest message');
	expect((await b.restart()).texts()).toEqual(b.texts());
});
