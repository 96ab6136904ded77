/** The simulated pipes, with real sessions at both ends. */

import { describe, expect, test } from 'vitest';
import { meet } from '../../src/lib/net/meet.ts';
import { PipeGone } from '../../src/lib/net/pipe.ts';
import { entryIdOf } from '../../src/lib/wire/entry.ts';
import { makeEntry, Replica, seededRandom, threadOf } from '../net/support/memory.ts';
import { Dice } from './dice.ts';
import { createPipes } from './pipes.ts';
import { CALM } from './weather.ts';
import { Life, World } from './world.ts';

const worldOf = (seed: string) => new World(new Dice(seed), 0);

async function twoReplicas(): Promise<[Replica, Replica]> {
	const replicas: [Replica, Replica] = [await Replica.create(1), await Replica.create(2)];
	const random = seededRandom(7);
	const first = makeEntry(random, null, []);
	for (const replica of replicas) {
		replica.add(first);
		for (let i = 0; i < 40; i++) {
			replica.add(makeEntry(random, threadOf(first), [entryIdOf(first.header)], 2000));
		}
	}
	replicas[0].meets(replicas[1]);
	replicas[1].meets(replicas[0]);
	return replicas;
}

/** One connection, until it breaks, or for a minute. */
async function connect(world: World, [alice, bob]: [Replica, Replica], brokenPipe: number) {
	const ends = [alice, bob].map(({ peer }, i) => ({ life: new Life(`life ${i}`), peer }));
	const [a, b] = ends;
	if (a === undefined || b === undefined) throw new Error('two ends');
	const [here, there] = createPipes(world, { weather: { ...CALM, brokenPipe } }, a, b);
	const timer = (ms: number, work: () => void) => {
		const handle = world.clock.setTimeout(work, ms);
		return () => world.clock.clear(handle);
	};
	const sides = [
		meet(alice.ports(1, timer), here, bob.root),
		meet(bob.ports(2, timer), there, null)
	];
	const runs = sides.map(async (side) => (await side)?.run() ?? null);
	void world.sleep(world.ether, 60_000, 'long enough').then(() => here.close());
	return Promise.all(runs);
}

describe('sessions over simulated pipes', () => {
	test('agree when the pipe holds', async () => {
		const world = worldOf('1');
		const replicas = await twoReplicas();
		await world.run(async () => {
			const ends = await connect(world, replicas, 0);
			expect(ends).toEqual([{ kind: 'closed' }, { kind: 'closed' }]);
		});
		expect([...replicas[0].entries.keys()].sort()).toEqual([...replicas[1].entries.keys()].sort());
	});

	test('agree in the end when pipes break, at whatever piece', async () => {
		for (let seed = 1; seed <= 10; seed++) {
			const world = worldOf(String(seed));
			const replicas = await twoReplicas();
			let tries = 0;
			await world.run(async () => {
				const isEqual = () => replicas[0].entries.size === 81 && replicas[1].entries.size === 81;
				for (; !isEqual() && tries < 50; tries++) {
					for (const end of await connect(world, replicas, 0.08)) {
						expect(end?.kind ?? 'closed').toBe('closed');
					}
				}
			});
			expect(tries).toBeLessThan(50);
		}
	});
});

describe('a pipe', () => {
	test('keeps bytes in order, in pieces of any size, and ends', async () => {
		const world = worldOf('3');
		const ends = ['a', 'b'].map((name) => new Life(name));
		const { peer } = await Replica.create(1);
		const [a, b] = ends.map((life) => ({ life, peer }));
		if (a === undefined || b === undefined) throw new Error('two ends');
		const heard: number[] = [];
		await world.run(async () => {
			const [here, there] = createPipes(world, { weather: CALM }, a, b);
			for (let i = 0; i < 100; i++) await here.send(Uint8Array.of(i, i, i));
			await world.sleep(world.ether, 1000, 'all is there');
			here.close();
			for await (const piece of there.incoming) heard.push(...piece);
			await expect(here.send(Uint8Array.of(1))).rejects.toThrow(PipeGone);
			await expect(there.send(Uint8Array.of(1))).rejects.toThrow(PipeGone);
		});
		expect(heard).toEqual(Array.from({ length: 300 }, (_, i) => Math.floor(i / 3)));
	});
});
