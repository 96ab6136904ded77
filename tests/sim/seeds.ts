/**
 * Seeds that once found something, and are played in every run. A seed tells its story only as long as
 * nothing draws the dice in another order, so what it found has a test of its own as well.
 */

export interface KeptSeed {
	readonly seed: number;
	readonly why: string;
}

export const KEPT_SEEDS: readonly KeptSeed[] = [
	{ seed: 38, why: 'a refusal whose reason could not be sealed passed for a delivery' },
	{ seed: 37, why: 'a collected knock took a newer one with it' },
	{ seed: 120, why: 'a knock was forgotten although the office had refused its word' },
	{ seed: 431, why: 'a message whose header alone had come was confirmed with the next one' },
	{ seed: 1111, why: 'an answer in a blind recipient’s thread let the others into it' },
	{ seed: 215, why: 'whoever began a thread and left it could not be added again' },
	{ seed: 1316, why: 'who wrote to some alone held up what others answered' },
	{ seed: 1508, why: 'a mail was called kept while files of a blind recipient’s copy were not' },
	{ seed: 1226, why: 'what was refused was shown later, since one who stayed had built on it' },
	{ seed: 1610, why: 'what was written beside an answer with history stood in its archive, too' },
	{ seed: 20144, why: 'who was told of a removal had not heard of the slot to which it was told' },
	{ seed: 538, why: 'a refusal passed for a delivery where a key that it did not need was missing' }
];
