/** A seed is played twice: what happens differently the second time cannot be replayed. */

import { play, type Played } from './run.ts';

export async function playTwice(seed: number, onLine?: (line: string) => void): Promise<Played> {
	const first = await play(seed, onLine);
	if (first.failure !== null) return first;
	const second = await play(seed);
	if (second.hash === first.hash) return first;
	const message = `the second time it went otherwise: ${first.hash}, then ${second.hash}`;
	return { ...first, failure: { message, waiting: [], tail: second.failure?.tail ?? [] } };
}
