import { expect, test } from 'vitest';
import { Dice } from './dice.ts';

test('the same seed gives the same chance, another gives another', () => {
	const draw = (seed: string) =>
		Array.from(
			{ length: 8 },
			(
				(dice) => () =>
					dice.next()
			)(new Dice(seed))
		);
	expect(draw('a')).toEqual(draw('a'));
	expect(draw('a')).not.toEqual(draw('b'));
	expect(draw('ab')).not.toEqual(draw('ba'));
});

test('what is drawn from a fork moves nothing in its parent', () => {
	const [one, two] = [new Dice('a'), new Dice('a')];
	one.fork('x').bytes(1000);
	expect(one.next()).toBe(two.next());
	expect(one.fork('x').next()).not.toBe(one.fork('y').next());
});

test('every number is drawn about as often as it should be', () => {
	const dice = new Dice('fair');
	const counts = [0, 0, 0, 0, 0];
	for (let i = 0; i < 10_000; i++) {
		const drawn = dice.below(5);
		counts[drawn] = (counts[drawn] ?? 0) + 1;
	}
	for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
	expect(Array.from({ length: 100 }, () => dice.chance(0)).some(Boolean)).toBe(false);
	expect(Array.from({ length: 100 }, () => dice.chance(1)).every(Boolean)).toBe(true);
});

test('bytes of any length', () => {
	expect(new Dice('a').bytes(5)).toHaveLength(5);
	expect(new Dice('a').bytes(8).subarray(0, 4)).toEqual(new Dice('a').bytes(4));
});
