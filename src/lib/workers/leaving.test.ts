import { expect, test } from 'vitest';
import { Leaving } from './leaving.ts';

function setUp(...pages: string[]) {
	const world = { now: 1_000_000, pages };
	const leaving = new Leaving({
		listPages: async () => world.pages,
		now: () => world.now,
		wait: async (ms) => {
			world.now += ms;
		}
	});
	return { world, leaving };
}

test('the last page, though the browser still lists it', async () => {
	const { leaving } = setUp('one');
	expect(await leaving.pageLeaves('one')).toBe(true);
});

test('not the last, and the last of two that close together', async () => {
	const { leaving } = setUp('one', 'two');
	expect(await leaving.pageLeaves('one')).toBe(false);
	expect(await leaving.pageLeaves('two')).toBe(true);
});

test('a page that came back as it was counts again', async () => {
	const { leaving } = setUp('one', 'two');
	await leaving.pageLeaves('one');
	leaving.pageSpeaks('one');
	expect(await leaving.pageLeaves('two')).toBe(false);
});

test('a reload is no farewell, unless nobody comes', async () => {
	const { world, leaving } = setUp('before');
	leaving.pageIsComing();
	world.pages = ['before', 'after'];
	expect(await leaving.pageLeaves('before')).toBe(false);
	const broken = setUp('before');
	broken.leaving.pageIsComing();
	expect(await broken.leaving.pageLeaves('before')).toBe(true);
	expect(broken.world.now).toBe(1_005_000);
});
