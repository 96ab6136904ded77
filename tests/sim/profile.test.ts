import { expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { Network } from './network.ts';
import { Profile } from './profile.ts';
import { SUITES } from './suites.ts';
import { World } from './world.ts';

test('power that goes at once goes once: a cut that was to come later ends nobody who starts then', async () => {
	const dice = new Dice('profile');
	const world = new World(dice, 1_000_000);
	const profile = new Profile(world, new Network(world), SUITES.double, dice, 'alice');
	const ended: string[] = [];
	profile.crash(5, () => ended.push('later'));
	profile.crash(0, () => ended.push('now'));
	const { life, desk } = profile.open('page');
	await desk.store.commit([{ table: 'setting', key: ['a'], put: { value: 1 } }]);
	expect(ended).toEqual(['now']);
	expect(life.isOver).toBe(false);
});
