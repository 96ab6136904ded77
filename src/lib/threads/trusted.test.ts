import { expect, test } from 'vitest';
import { Box, mingle, threadOf, World } from '../../../tests/threads/actors.ts';
import { forgeEntry } from '../../../tests/threads/forge.ts';
import { entryIdOf } from '../wire/entry.ts';
import { toHex } from '../wire/bytes.ts';

test('what could not be read when it came is not believed because storage gives it', async () => {
	const world = new World();
	const alice = await world.person('Alice');
	const bob = await world.person('Bob');
	const mallory = await world.person('Mallory');
	const [, b, m] = (await threadOf(alice, [bob, mallory])) as [Box, Box, Box];
	for (const box of [b, m]) await box.write(box.actor.name);
	await mingle(b, m);
	// Bob's other tab has made a prekey of which this one does not know yet.
	await bob.renewCard();
	world.now += 11 * 24 * 3600_000;
	const { bundles } = await m.write('in a new epoch', [alice, bob]);
	const own = m.open.replica.certificates.get(toHex(bob.root));
	const [known] = [...(own?.values() ?? [])];
	if (known === undefined) throw new Error('bob has written');
	const forged = await forgeEntry(m, {
		body: {
			cert: known.cert,
			writer: known.cert.writer,
			mail: { ...m.message('Bob').mail, text: 'forged' }
		}
	});
	await b.receive([...bundles, forged]);
	expect(b.texts()).not.toContain('forged');
	b.me = bob.me;
	const again = await b.restart();
	expect(again.texts()).not.toContain('forged');
	const opened = await again.receive([...bundles, forged]);
	expect(new Set(opened.refused.map(({ reason }) => reason))).toEqual(new Set(['wrong-signature']));
	expect(opened.opened).toEqual(
		expect.arrayContaining(bundles.map(({ header }) => entryIdOf(header)))
	);
	expect(again.texts()).toContain('in a new epoch');
	expect(again.texts()).not.toContain('forged');
});
