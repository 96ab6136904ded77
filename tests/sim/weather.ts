/** What goes wrong in one run, and how often: each run has its own mixture, and many lack a kind. */

import type { Dice } from './dice.ts';

/** Probabilities, unless it says otherwise. */
export interface Weather {
	/** A request never arrives. */
	readonly lostRequest: number;
	/** It arrives and is dealt with, and nobody hears of it. */
	readonly lostAnswer: number;
	/** An answer ends in the middle. */
	readonly cutAnswer: number;
	/** A request arrives a second time, some time later. */
	readonly doubled: number;
	/** Of what is lost: fails at once, instead of being waited for in vain. */
	readonly noticed: number;
	/** A message is under way for long. */
	readonly slow: number;
	/** How long at most, ms. */
	readonly slowMs: number;
	/** A pipe between two members breaks, at each piece that it carries. */
	readonly brokenPipe: number;
	/** A storage call waits for its turn; else it answers at once. */
	readonly storageTurn: number;
	/** Time passes although something could happen. */
	readonly impatience: number;
}

export const CALM: Weather = {
	lostRequest: 0,
	lostAnswer: 0,
	cutAnswer: 0,
	doubled: 0,
	noticed: 0.5,
	slow: 0,
	slowMs: 0,
	brokenPipe: 0,
	storageTurn: 0.02,
	impatience: 0
};

export function drawWeather(dice: Dice): Weather {
	const rate = (...rates: readonly number[]) => (dice.chance(0.7) ? dice.pick(rates) : 0);
	return {
		lostRequest: rate(0.02, 0.1, 0.3),
		lostAnswer: rate(0.02, 0.1, 0.3),
		cutAnswer: rate(0.05, 0.2),
		doubled: rate(0.05, 0.2),
		noticed: dice.pick([0.1, 0.5, 0.9]),
		slow: rate(0.05, 0.2),
		slowMs: dice.pick([1000, 20_000, 90_000]),
		brokenPipe: rate(0.01, 0.05),
		storageTurn: dice.pick([0.02, 0.1, 0.4]),
		impatience: rate(0.001, 0.01)
	};
}
