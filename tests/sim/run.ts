/** One seed, played once: what came out, and how it went. */

import { Dice } from './dice.ts';
import { SUITES, type SuiteName } from './suites.ts';
import { tellStory, type StorySize } from './story.ts';
import { MOST_MEMBERS, Town, type TownSize } from './town.ts';
import { World } from './world.ts';

export interface Played {
	readonly seed: number;
	readonly suite: SuiteName;
	/** Equal for equal runs. */
	readonly hash: string;
	readonly steps: number;
	/** Accepted mails. */
	readonly mails: number;
	readonly failure: Failure | null;
}

export interface Failure {
	readonly message: string;
	/** What had begun and not ended. */
	readonly waiting: readonly string[];
	/** The last lines of what happened. */
	readonly tail: readonly string[];
}

/** Every so many seeds one runs on the real cryptography. */
const REAL_EVERY = 25;
const START = Date.UTC(2026, 0, 1);

export async function play(seed: number, onLine?: (line: string) => void): Promise<Played> {
	const dice = new Dice(`defms/${seed}`);
	const world = new World(dice.fork('world'), START, onLine);
	const suite = seed % REAL_EVERY === 0 ? 'noble' : 'double';
	// An object of its own: what is remembered by suite must not reach from one play into the next.
	const own = { ...SUITES[suite] };
	const town = new Town(world, own, dice.fork('town'), drawTown(dice, suite));
	const size = drawStory(dice, suite);
	const onRejection = (reason: unknown) => world.fail(reason);
	process.on('unhandledRejection', onRejection);
	try {
		await world.run(() => tellStory(town, dice.fork('story'), size));
		return { ...summary(), failure: null };
	} catch (error) {
		const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
		const waiting = [...town.running, ...world.parked().map((label) => `parked: ${label}`)];
		return { ...summary(), failure: { message, waiting, tail: world.trace.tail() } };
	} finally {
		process.off('unhandledRejection', onRejection);
	}

	function summary() {
		const { hash, count: steps } = world.trace;
		const mails = town.ledger.mails.filter(({ accepted }) => accepted !== null).length;
		return { seed, suite, hash, steps, mails } as const;
	}
}

function drawTown(dice: Dice, suite: SuiteName): TownSize {
	const counts = suite === 'noble' ? [3] : [3, 3, 3, 4, 5, 6];
	// Dice of their own: the others fall as they always did, so that kept seeds tell their stories.
	const rare = dice.fork('rare');
	const isCrowd = suite === 'double' && rare.chance(0.02);
	const hasThird = rare.chance(0.1);
	const members = dice.pick(counts);
	const relays = dice.pick([1, 2]);
	return {
		members: isCrowd ? rare.between(7, MOST_MEMBERS) : members,
		relays: hasThird ? 3 : relays,
		diligence: dice.pick([0, 0, 0.5, 1]),
		hasMallory: dice.chance(0.3),
		isParting: rare.chance(0.3)
	};
}

function drawStory(dice: Dice, suite: SuiteName): StorySize {
	if (suite === 'noble') return { deeds: 25, fileBytes: 20_000, isLong: dice.chance(0.2) };
	const deeds = dice.pick([10, 20, 20, 35, 70]);
	return { deeds, fileBytes: dice.pick([30_000, 300_000]), isLong: dice.chance(0.4) };
}
