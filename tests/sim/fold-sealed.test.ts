/**
 * The same storms as in `fold.test.ts`, fewer and smaller, through the whole of threads/: sealed,
 * signed and wrapped on the simulator's suite.
 */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeStanding } from '../../src/lib/threads/standing.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import type { EntryId } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { Box, World, type Actor } from '../threads/actors.ts';

const RUNS = Number(process.env['FOLD_RUNS'] ?? 25);
const PEOPLE = 5;

const step = fc.record({
	kind: fc.nat(99),
	who: fc.nat(PEOPLE - 1),
	whom: fc.nat(PEOPLE - 1),
	part: fc.nat(3)
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('sealed threads come to one fold in any order, and the removed read nothing new', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }),
			fc.nat(),
			async (steps, turn) => {
				const town = await createTown();
				for (const next of steps) await takeStep(town, next);
				await settle(town, turn);
			}
		),
		{ numRuns: RUNS, interruptAfterTimeLimit: 120_000 }
	);
}, 240_000);

interface Town {
	readonly world: World;
	readonly people: readonly Actor[];
	readonly boxes: readonly Box[];
	readonly bundles: Map<EntryId, EntryBundle>;
	/** Text → roots of those to whom its epoch was wrapped. */
	readonly readers: Map<string, readonly string[]>;
	written: number;
}

async function createTown(): Promise<Town> {
	const world = new World();
	const people: Actor[] = [];
	for (let i = 0; i < PEOPLE; i++) people.push(await world.person(`P${String(i)}`));
	const boxes = people.map((actor) => new Box(actor));
	const town = { world, people, boxes, bundles: new Map(), readers: new Map(), written: 0 };
	publish(town, (await boxes[0]!.create(people.slice(1, 3), 'first')).bundles);
	return town;
}

function publish({ bundles }: Town, made: readonly EntryBundle[]): void {
	for (const bundle of made) bundles.set(entryIdOf(bundle.header), bundle);
}

async function takeStep(town: Town, { kind, who, whom, part }: Step): Promise<void> {
	const { people, boxes, world } = town;
	const [box, other] = [boxes[who]!, boxes[whom]!];
	const actor = people[whom]!;
	world.now += 60_000;
	if (kind < 45) await sync(box, other, part);
	else if (kind < 70) await write(town, box);
	else if (kind < 80) await attempt(town, box, () => box.add([actor], people));
	else if (kind < 88) await attempt(town, box, () => box.remove(actor, people));
	else if (kind < 91) await attempt(town, box, () => box.leave(people));
	else if (kind < 94) world.now += LIMITS.epochAgeMs;
	else if (kind < 97) await renewCard(box);
	else boxes[who]!.state = box.state === null ? null : (await box.restart()).state;
}

async function sync(to: Box, from: Box, part: number): Promise<void> {
	if (from.state === null || !from.members().includes(toHex(to.actor.root))) return;
	const { bundles } = from;
	const offered = part === 0 ? bundles.toReversed() : bundles.filter((_, i) => i % 4 !== part);
	await to.receive(offered);
}

async function renewCard(box: Box): Promise<void> {
	await box.actor.renewCard();
	box.me = box.actor.me;
}

async function write(town: Town, box: Box): Promise<void> {
	if (box.state === null) return;
	const text = `m${String(town.written++)}`;
	const before = box.state;
	const made = await box.tryWrite(text, town.people);
	if (!made.ok) return;
	box.keep(made);
	publish(town, made.bundles);
	const listed = box.members();
	town.readers.set(text, listed);
	expect(listed).toContain(toHex(box.actor.root));
	expect(before.size).toBeLessThan(made.state.size);
}

/** What the rules forbid stays undone. */
async function attempt(
	town: Town,
	box: Box,
	act: () => Promise<{ readonly bundles: readonly EntryBundle[] }>
): Promise<void> {
	if (box.state === null) return;
	try {
		publish(town, (await act()).bundles);
	} catch (error) {
		expect(String(error)).toMatch(/not made: (not-|needs-people)/);
	}
}

async function settle(town: Town, turn: number): Promise<void> {
	const { boxes, bundles, readers } = town;
	for (let round = 0; round < 2; round++) {
		for (const box of boxes) await box.receive([...bundles.values()]);
		for (const box of boxes) {
			await write(town, box);
			for (const each of boxes) await each.receive([...bundles.values()]);
		}
	}
	for (const box of boxes.filter(({ state }) => state !== null)) {
		const { view, standing } = box.open.replica;
		expect(standing).toEqual(computeStanding(view));
		expect(box.open.missing).toEqual([]);
		await checkOrder(town, box, turn);
		for (const { mail, root } of box.messages()) {
			const isReader = readers.get(mail.text)?.includes(toHex(box.actor.root)) ?? true;
			expect(isReader || toHex(root) === toHex(box.actor.root)).toBe(true);
		}
	}
}

/** The same entries in another order, and the way back from storage. */
async function checkOrder({ bundles }: Town, box: Box, turn: number): Promise<void> {
	const fresh = new Box(box.actor);
	fresh.me = box.me;
	const all = [...bundles.values()];
	await fresh.receive([all[0]!]);
	const from = turn % all.length;
	const turned = [...all.slice(from), ...all.slice(0, from)].reverse();
	for (let i = 0; i < turned.length; i += 3) await fresh.receive(turned.slice(i, i + 3));
	// A newcomer keeps nothing before there is an epoch that it can read.
	await fresh.receive(all);
	// Who has left was not given the key of that list; it made it, and a new device of its own did not.
	const isIn = box.members().includes(toHex(box.actor.root));
	for (const each of isIn ? [fresh, await box.restart()] : [await box.restart()]) {
		if (each.state === null) continue;
		expect(each.members()).toEqual(box.members());
		expect(each.open.heads).toEqual(box.open.heads);
		expect(each.texts()).toEqual(box.texts());
	}
}
