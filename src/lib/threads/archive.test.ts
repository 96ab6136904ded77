import { expect, test } from 'vitest';
import { Box, mail, threadOf, World } from '../../../tests/threads/actors.ts';
import { LIMITS } from '../wire/limits.ts';
import { archiveOf } from './archive.ts';
import { shownMessages } from './shown.ts';

test('a message that nests too deep for an archive keeps no other out', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [box] = (await threadOf(alice, [bob])) as [Box, Box];
	let deep: unknown = 1;
	// The body and the mail are the other two.
	for (let level = 2; level < LIMITS.depth; level++) deep = [deep];
	await box.write('', [], { mail: { ...mail(alice, 'deep'), deep } });
	await box.write('shallow');
	const portions = archiveOf(shownMessages(box.open));
	const texts = portions.flat().map((each) => each.mail.text);
	expect(texts).toContain('shallow');
	expect(texts).not.toContain('deep');
	expect(shownMessages(box.open).map((each) => each.mail.text)).toContain('deep');
});
