import { expect, test } from 'vitest';
import { createCrowd } from './crowd.ts';

test('lets so many of one network in, and another when one has left', () => {
	const crowd = createCrowd(2);
	expect([crowd.enter('a'), crowd.enter('a'), crowd.enter('a')]).toEqual([true, true, false]);
	expect(crowd.enter('b')).toBe(true);
	crowd.leave('a');
	expect([crowd.enter('a'), crowd.enter('a')]).toEqual([true, false]);
});
