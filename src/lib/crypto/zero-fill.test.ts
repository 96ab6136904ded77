import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePlain, type Plain } from '../wire/codec.ts';
import { withoutZeros, zeroFill } from './zero-fill.ts';

const plain = fc.letrec<{ any: Plain }>((tie) => ({
	any: fc.oneof(
		{ maxDepth: 4 },
		fc.integer(),
		fc.maxSafeInteger(),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		fc.boolean(),
		fc.constant(null),
		fc.string(),
		fc.uint8Array({ maxLength: 300 }),
		fc.array(tie('any'), { maxLength: 30 }),
		fc.dictionary(fc.string({ minLength: 1 }), tie('any'))
	)
})).any;

describe('filling with zeros', () => {
	it('is undone, whatever the item', () => {
		fc.assert(
			fc.property(plain, fc.nat({ max: 40 }), (value, more) => {
				const item = encodePlain(value);
				const filled = zeroFill(item, item.length + more);
				expect(withoutZeros(filled ?? new Uint8Array(0))).toEqual(item);
			}),
			{ numRuns: 300 }
		);
	});

	it('finds the end where the item itself ends in zeros', () => {
		const item = encodePlain([new Uint8Array(5), 0]);
		expect(withoutZeros(zeroFill(item, 40) ?? item)).toEqual(item);
	});

	it('refuses an item that does not fit', () => {
		expect(zeroFill(new Uint8Array(5), 4)).toBeNull();
	});

	it('refuses anything else than zeros behind, and an item that does not end inside', () => {
		fc.assert(
			fc.property(plain, fc.nat({ max: 20 }), fc.nat(), (value, zeros, cut) => {
				const item = encodePlain(value);
				const filled = new Uint8Array(item.length + zeros + 1);
				filled.set(item);
				filled[item.length + zeros] = 1;
				expect(withoutZeros(filled)).toBeNull();
				expect(withoutZeros(item.subarray(0, cut % item.length))).toBeNull();
			})
		);
	});

	it('ends at once on lengths that promise the moon', () => {
		const vast = [0x9b, 0xbb, 0x5b, 0xdb].map((head) =>
			Uint8Array.of(head, ...Array(8).fill(0xff))
		);
		for (const bytes of vast) expect(withoutZeros(bytes)).toBeNull();
		const nested = new Uint8Array(5000).fill(0x81);
		expect(withoutZeros(nested)).toBeNull();
		const indefinite = Uint8Array.of(0x9f, 0xff, 0, 0);
		expect(withoutZeros(indefinite)).toBeNull();
	});

	it('never throws, and gives only a prefix', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const item = withoutZeros(bytes);
				if (item !== null) expect(item).toEqual(bytes.subarray(0, item.length));
			}),
			{ numRuns: 1000 }
		);
	});
});
