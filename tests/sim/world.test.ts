import { describe, expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { Broken, Life, never, World } from './world.ts';

const START = 1_000_000;
const worldOf = (seed: string) => new World(new Dice(seed), START);

/** Three who each take three turns; the order in which they came. */
async function race(seed: string): Promise<{ order: string[]; hash: string }> {
	const world = worldOf(seed);
	const life = new Life('racer');
	const order: string[] = [];
	const runner = async (name: string) => {
		for (let i = 0; i < 3; i++) {
			await world.turn(life, name);
			order.push(name);
		}
	};
	await world.run(async () => {
		await Promise.all(['a', 'b', 'c'].map(runner));
	});
	return { order, hash: world.trace.hash };
}

describe('turns', () => {
	test('come in the order of the dice, the same for the same seed', async () => {
		const [one, same] = [await race('1'), await race('1')];
		expect(same).toEqual(one);
		const others = await Promise.all([race('2'), race('3'), race('4')]);
		expect(new Set(others.map(({ hash }) => hash)).size).toBe(3);
		expect(others.some(({ order }) => order.join() !== one.order.join())).toBe(true);
	});

	test('of a life that has ended never come', async () => {
		const world = worldOf('1');
		const life = new Life('short');
		let gone = false;
		await world.run(async () => {
			const turn = world.turn(life, 'x').then(() => (gone = true));
			world.end(life);
			void turn;
			await world.turn(new Life('long'), 'y');
		});
		expect(gone).toBe(false);
		expect(world.parked()).toEqual([]);
	});
});

describe('time', () => {
	test('passes when nothing else can happen, from timer to timer', async () => {
		const world = worldOf('1');
		const times: number[] = [];
		await world.run(async () => {
			setTimeout(() => times.push(world.clock.now - START), 5000);
			await world.sleep(new Life('a'), 60_000, 'long');
			times.push(world.clock.now - START);
		});
		expect(times).toEqual([5000, 60_000]);
	});

	test('lets an interval ring once for a long sleep', async () => {
		const world = worldOf('1');
		let rings = 0;
		await world.run(async () => {
			const timer = setInterval(() => rings++, 1000);
			await world.sleep(new Life('a'), 3_600_000, 'long');
			clearInterval(timer);
		});
		expect(rings).toBe(1);
	});

	test('is the real one again afterwards', async () => {
		const before = globalThis.setTimeout;
		await worldOf('1').run(async () => {
			expect(globalThis.setTimeout).not.toBe(before);
			await Promise.resolve();
		});
		expect(globalThis.setTimeout).toBe(before);
	});

	test('a sleep ends early when its signal aborts', async () => {
		const world = worldOf('1');
		const waking = new AbortController();
		await world.run(async () => {
			setTimeout(() => waking.abort(), 10);
			await world.sleep(new Life('a'), 60_000, 'long', waking.signal);
		});
		expect(world.clock.now - START).toBe(10);
	});
});

describe('a run', () => {
	test('that waits for nothing is stuck', async () => {
		await expect(worldOf('1').run(() => never())).rejects.toThrow(/stuck/);
	});

	test('ends with what went wrong in it, or beside it', async () => {
		const fails = async () => Promise.reject(new Broken('so'));
		await expect(worldOf('1').run(fails)).rejects.toThrow('so');
		const world = worldOf('1');
		const story = async () => {
			world.fail(new Broken('beside'));
			await never();
		};
		await expect(world.run(story)).rejects.toThrow('beside');
	});
});
