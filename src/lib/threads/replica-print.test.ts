import { expect, test } from 'vitest';
import { Box, threadOf, World } from '../../../tests/threads/actors.ts';
import { toHex } from '../wire/bytes.ts';
import { entryIds } from './entries.ts';
import { printOfEntries } from './print.ts';
import { printOfState } from './replica-print.ts';
import type { ThreadState } from './thread.ts';

async function two() {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')] as const;
	const [a, b] = await threadOf(alice, [bob]);
	return { world, bob, a: a!, b: b! };
}

async function expectRight(world: World, state: ThreadState): Promise<void> {
	const print = await printOfState(world.suite, state);
	expect(toHex(print)).toBe(toHex(await printOfEntries(world.suite, entryIds(state))));
}

test('is that of all entries, entry by entry and many at once', async () => {
	const { world, bob, a } = await two();
	await expectRight(world, a.open);
	for (let i = 0; i < 20; i++) {
		await a.write(`one ${i}`);
		await expectRight(world, a.open);
	}
	for (let i = 0; i < 70; i++) await a.write(`many ${i}`);
	await expectRight(world, a.open);
	await a.write('one more');
	await expectRight(world, a.open);
	const late = new Box(bob);
	await late.receive(a.bundles);
	await expectRight(world, late.open);
});

test('of an older state it is what it was', async () => {
	const { world, a } = await two();
	const before = a.open;
	await a.write('first');
	await expectRight(world, a.open);
	await expectRight(world, before);
	await a.write('second');
	await expectRight(world, a.open);
});

test('counts no entry whose body was withheld, and counts it when the body comes', async () => {
	const { world, a, b } = await two();
	const [bundle] = (await a.write('withheld')).bundles;
	const [later] = (await a.write('whole')).bundles;
	await b.receive([{ ...bundle!, body: null }, later!]);
	await expectRight(world, b.open);
	await b.receive([bundle!]);
	await expectRight(world, b.open);
	expect(await printOfState(world.suite, b.open)).toEqual(await printOfState(world.suite, a.open));
});

test('counts what waits for its parents', async () => {
	const { world, a, b } = await two();
	await expectRight(world, b.open);
	const [parent] = (await a.write('parent')).bundles;
	await b.receive((await a.write('child')).bundles);
	await expectRight(world, b.open);
	await b.receive([parent!]);
	await expectRight(world, b.open);
});
