/**
 * One run: members come to know each other, write, and everything that can go wrong does; then the
 * world heals, and all that was accepted has to arrive.
 */

import type { Dice } from './dice.ts';
import { sayLastWords } from './circles.ts';
import { befriend, deedsOf } from './deeds.ts';
import { passEnds } from './endings.ts';
import { judgeAgreement, judgeEnd, judgeNotices, judgeNow, unsettled } from './judge.ts';
import type { Town } from './town.ts';
import { CALM, drawWeather } from './weather.ts';
import { Broken, Life } from './world.ts';

export interface StorySize {
	/** Deeds and mishaps before the world heals. */
	readonly deeds: number;
	/** Largest attachment, bytes. */
	readonly fileBytes: number;
	/** Does time pass in the middle, so that keys are renewed and destroyed? */
	readonly isLong: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Pauses of the healing world; an office repeats after at most six hours, again and again. */
const PAUSES = [
	...[5_000, 20_000, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, HOUR, 2 * HOUR],
	...Array<number>(24).fill(6 * HOUR)
];
/** Pauses of two seconds: longer than every deadline, and a stream of events. */
const MOST_TRIES = 100;
/** Longer than a pass of listening. */
const DILIGENT_MS = 90_000;
/** In threads that somebody left: one brings the sides of a fork together, one shows that it did. */
const LAST_WORDS = 2;
/** Of how many stories the last meeting is looked at: it costs as much as some deeds. */
const AGREEMENTS = 0.25;
/** Rounds of truth-telling in the middle of the story. */
const LOOKS = 4;

export async function tellStory(town: Town, dice: Dice, size: StorySize): Promise<void> {
	const { world, network } = town;
	const director = new Life('director');
	for (const relay of town.relays) relay.start();
	for (const member of town.members) member.start();
	if (dice.chance(0.8)) await meet(town, dice, director);
	network.weather = drawWeather(dice);
	world.impatience = network.weather.impatience;
	const deeds = deedsOf(town, dice, size);
	for (let i = 1; i <= size.deeds; i++) {
		if (dice.chance(0.5)) await world.turn(director, 'next');
		else await world.sleep(director, dice.below(dice.pick([100, 5_000, MINUTE])), 'next');
		deeds.draw();
		if (size.isLong && i === Math.ceil(size.deeds / 2)) await deeds.passWeeks(director);
		if (i % Math.ceil(size.deeds / LOOKS) === 0) await look(town, director);
	}
	await heal(town, director);
	await judgeEnd(town);
	if (!town.ledger.isAttacked && dice.fork('agreement').chance(AGREEMENTS)) {
		await meetAll(town, director);
		await judgeAgreement(town);
	}
	await passEnds(town, dice.fork('ends'));
}

/** Most stories begin in good weather, with friends: each but the first was invited by another. */
async function meet(town: Town, dice: Dice, director: Life): Promise<void> {
	await until(town, director, 'all are there', () =>
		town.members.every(({ state }) => state === 'on')
	);
	for (const [i, member] of town.members.entries()) {
		member.act('listen once', (process) => member.listen(process, true), 'leader');
		for (const host of town.members.slice(0, i)) {
			if (host === town.members[0] || dice.chance(0.5)) befriend(host, member);
		}
	}
	await until(town, director, 'all have met', () => town.running.length === 0);
}

async function heal(town: Town, director: Life): Promise<void> {
	const { world, network } = town;
	const start = world.clock.now;
	world.note('the world heals');
	network.weather = CALM;
	world.impatience = 0;
	network.part(new Set());
	for (const relay of town.relays) {
		relay.calm();
		relay.start();
	}
	for (const member of town.members) {
		member.calm();
		member.profile.isOnline = true;
		member.profile.disk.isFull = false;
		member.start();
	}
	// Who is diligent may show it; then all become still, lest each listening count for hours.
	await world.sleep(director, DILIGENT_MS, 'the diligent world');
	for (const member of town.members) member.leader?.idle.abort();
	// What was begun in the storm: it may still write.
	await until(town, director, 'the last deeds are done', () => town.busy.length === 0);
	let lastWords = 0;
	for (const pause of PAUSES) {
		await until(town, director, 'all are there', () =>
			town.members.every(({ state }) => state === 'on')
		);
		await Promise.all(town.members.map((member) => member.settle()));
		// What a hostile member gave to some alone, the others have from them.
		if (town.ledger.isAttacked) await meetAll(town, director);
		await look(town, director);
		await judgeNotices(town, world.clock.now - start);
		if ((await unsettled(town)).length === 0) {
			if (lastWords === LAST_WORDS) return quiet(town, director);
			// Who was added or went beside it hears of that from whoever knows both.
			if (lastWords === 0) await meetAll(town, director);
			if (sayLastWords(town, ++lastWords)) continue;
			return quiet(town, director);
		}
		await world.sleep(director, pause, 'the healing world');
	}
	throw new Broken(`not settled in the end:\n${(await unsettled(town)).join('\n')}`);
}

/** Everybody meets everybody, twice over: what each has, all who share it have then. */
async function meetAll(town: Town, director: Life): Promise<void> {
	for (const round of ['meet', 'meet again']) {
		for (const [i, member] of town.members.entries()) {
			for (const other of town.members.slice(0, i)) town.connect(other, member);
		}
		await town.world.sleep(director, MINUTE, `all ${round}`);
		for (const member of town.members) member.leader?.courier.close();
		await until(town, director, 'all have parted', () => town.running.length === 0);
	}
}

/** In a turn of its own, when nobody else is in the middle of something. */
async function look(town: Town, director: Life): Promise<void> {
	await town.world.turn(director, 'looks');
	await judgeNow(town);
}

/** Everything that began ends: nobody waits for what never comes. */
async function quiet(town: Town, director: Life): Promise<void> {
	for (const member of town.members) member.leader?.courier.close();
	await until(town, director, 'all is quiet', () => town.running.length === 0);
}

async function until(town: Town, director: Life, what: string, isSo: () => boolean): Promise<void> {
	for (let tries = 0; !isSo(); tries++) {
		if (tries === MOST_TRIES) {
			const running = town.running.join('\n');
			throw new Broken(`waited in vain until ${what}; still under way:\n${running}`);
		}
		await town.world.sleep(director, 2_000, `until ${what}`);
	}
}
