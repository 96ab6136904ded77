import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pickPositions } from './pickPositions.ts';

test('three different words of the 24, in order', () => {
	fc.assert(
		fc.property(fc.infiniteStream(fc.nat()), (stream) => {
			const picked = pickPositions(24, (below) => Number(stream.next().value) % below);
			expect(new Set(picked).size).toBe(3);
			expect(picked).toEqual([...picked].sort((a, b) => a - b));
			expect(picked.every((at) => at >= 0 && at < 24)).toBe(true);
		})
	);
});
