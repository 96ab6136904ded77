import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
	it('are taken in order, and a failure ends only its own', async () => {
		const inTurn = createTurns();
		const done: number[] = [];
		const results = await Promise.allSettled(
			[3, 2, 1].map((ticks) =>
				inTurn('a', async () => {
					for (let i = 0; i < ticks; i++) await Promise.resolve();
					if (ticks === 2) throw new RangeError('no');
					done.push(ticks);
				})
			)
		);
		expect(done).toEqual([3, 1]);
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	});

	it('of other names are not waited for', async () => {
		const inTurn = createTurns();
		const { promise, resolve } = Promise.withResolvers<string>();
		const slow = inTurn('a', () => promise);
		expect(await inTurn('b', () => Promise.resolve('fast'))).toBe('fast');
		resolve('slow');
		expect(await slow).toBe('slow');
	});
});
