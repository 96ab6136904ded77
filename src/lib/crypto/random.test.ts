import { expect, it } from 'vitest';
import { systemRandom } from './random.ts';

it('fills any size, also above what the platform gives at once', () => {
	expect(systemRandom(0).length).toBe(0);
	const bytes = systemRandom(200_000);
	expect(bytes.length).toBe(200_000);
	// The chance of 16 zero bytes at a given place is 2^-128.
	for (const at of [0, 65_520, 65_536, 131_072, 199_984]) {
		expect(bytes.subarray(at, at + 16).some((byte) => byte !== 0)).toBe(true);
	}
});
