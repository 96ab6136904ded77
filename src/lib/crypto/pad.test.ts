import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pad, paddedLength, unpad } from './pad.ts';

describe('padding', () => {
	it('has the lengths of the paper', () => {
		// Padmé of 1 to 20, then of larger ones; our end mark counts as content.
		const padme = [1, 2, 3, 4, 5, 6, 7, 8, 10, 10, 12, 12, 14, 14, 16, 16, 18, 18, 20, 20];
		expect(padme.map((_, i) => paddedLength(i))).toEqual(padme);
		expect(paddedLength(999)).toBe(1024);
		expect(paddedLength(100_000)).toBe(100_352);
		expect(paddedLength(2 ** 20)).toBe(2 ** 20 + 2 ** 15);
	});

	it('adds at most 12 %, and never shortens', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (size) => {
				const padded = paddedLength(size);
				expect(padded).toBeGreaterThan(size);
				expect(padded).toBeLessThanOrEqual(Math.max(size + 1, (size + 1) * 1.12));
				expect(paddedLength(size + 1)).toBeGreaterThanOrEqual(padded);
				expect(paddedLength(padded - 1)).toBe(padded);
			})
		);
	});

	it('is taken off again', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 2000 }), (content) => {
				const padded = pad(content);
				expect(padded.length).toBe(paddedLength(content.length));
				expect(unpad(padded)).toEqual(Uint8Array.from(content));
			})
		);
	});

	it('keeps content that looks like padding', () => {
		for (const content of [[], [0x80], [0x80, 0, 0], [0, 0], [0x80, 0x80]]) {
			expect(unpad(pad(Uint8Array.from(content)))).toEqual(Uint8Array.from(content));
		}
	});

	it('refuses whatever no content pads to', () => {
		expect(unpad(new Uint8Array(0))).toBeNull();
		expect(unpad(new Uint8Array(64))).toBeNull();
		expect(unpad(Uint8Array.of(1, 2, 3))).toBeNull();
		// One zero more than the rule adds would be a second form of the same content.
		const padded = pad(new Uint8Array(100).fill(1));
		expect(unpad(Uint8Array.from([...padded, 0]))).toBeNull();
		expect(unpad(padded.subarray(0, padded.length - 1))).toBeNull();
		const bytes = fc.array(fc.constantFrom(0, 0x80, 1), { maxLength: 64 });
		fc.assert(
			fc.property(bytes, (list) => {
				const content = unpad(Uint8Array.from(list));
				if (content !== null) expect(pad(content)).toEqual(Uint8Array.from(list));
			}),
			{ numRuns: 500 }
		);
	});
});
