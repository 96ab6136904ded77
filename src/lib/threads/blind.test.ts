import { expect, test } from 'vitest';
import { Box, mail, threadOf, World } from '../../../tests/threads/actors.ts';
import { entryIdOf } from '../wire/entry.ts';
import { isBlind } from './blind.ts';
import { openBundles } from './receive.ts';

async function blindThread() {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [box] = (await threadOf(alice, [bob])) as [Box, Box];
	const before = box.open;
	const made = await box.write('', [], { mail: { ...mail(alice, 'to you alone'), blind: true } });
	return { box, before, made };
}

test('a message says that it went to a blind recipient, and to that state alone that has it', async () => {
	const { box, before } = await blindThread();
	expect(isBlind(before)).toBe(false);
	expect(isBlind(box.open)).toBe(true);
	expect(isBlind(before)).toBe(false);
	await box.write('later');
	expect(isBlind(box.open)).toBe(true);
});

test('a text that is gone may have said it', async () => {
	const { box, made } = await blindThread();
	const last = made.bundles.at(-1);
	if (last === undefined || box.secrets === null) throw new Error('nothing was written');
	const gone = new Map([[entryIdOf(last.header), null]]);
	const options = { trusted: true, secrets: box.secrets, gone };
	const opened = await openBundles(box.ports, box.me, null, box.bundles, options);
	if (opened.state === null) throw new Error('it does not open');
	expect(isBlind(opened.state)).toBeNull();
});

test('a text that has not come may say it', async () => {
	const { box, made } = await blindThread();
	const last = made.bundles.at(-1);
	if (last === undefined || box.secrets === null) throw new Error('nothing was written');
	const bundles = box.bundles.map((one) =>
		entryIdOf(one.header) === entryIdOf(last.header) ? { ...one, body: null } : one
	);
	const options = { trusted: true, secrets: box.secrets };
	const opened = await openBundles(box.ports, box.me, null, bundles, options);
	if (opened.state === null) throw new Error('it does not open');
	expect(isBlind(opened.state)).toBeNull();
});
