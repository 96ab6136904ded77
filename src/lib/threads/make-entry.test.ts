import { expect, test } from 'vitest';
import { threadOf, World } from '../../../tests/threads/actors.ts';
import { makeJoin } from './make-entry.ts';

test('a join that is no ancestor of what is written next is made again', async () => {
	const world = new World();
	const alice = await world.person('Alice');
	const bob = await world.person('Bob');
	const [, b] = await threadOf(alice, [bob]);
	const { heads } = b!.open.replica.standing;
	await b!.write('joined');
	const { replica } = b!.open;
	expect(await makeJoin(b!.ports, b!.me, replica)).toBeNull();
	// As where what was written since is refused: then it is no head.
	const before = { ...replica, standing: { ...replica.standing, heads } };
	expect(await makeJoin(b!.ports, b!.me, before)).toMatchObject({ ok: true });
});
