import { expect, test } from 'vitest';
import { hexOf, threadOf, World } from '../../../tests/threads/actors.ts';

test('whoever began a thread and left it can be added again, also beside unused seeds of theirs', async () => {
	const world = new World();
	const alice = await world.person('Alice');
	const bob = await world.person('Bob');
	const carol = await world.person('Carol');
	const [a, b] = await threadOf(alice, [bob, carol]);
	await b!.receive((await a!.leave([bob, carol])).bundles);
	// Alice chose Carol's seed, and Carol has not joined.
	await b!.add([alice], [carol]);
	expect(b!.members()).toEqual(hexOf(alice, bob, carol));
	await a!.receive(b!.bundles);
	expect(a!.members()).toEqual(hexOf(alice, bob, carol));
});
