import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from './bytes.ts';
import { cutField } from './cbor-cut.ts';
import { cidOfRaw, encodePlain, type Plain } from './codec.ts';

const value = fc.letrec<{ plain: Plain }>((tie) => ({
	plain: fc.oneof(
		{ maxDepth: 4 },
		fc.string(),
		fc.maxSafeInteger(),
		fc.constantFrom(true, false, null),
		fc.uint8Array({ maxLength: 300 }),
		fc.uint8Array({ maxLength: 4 }).map((bytes) => cidOfRaw(bytes)),
		fc.array(tie('plain'), { maxLength: 6 }),
		fc.dictionary(fc.string(), tie('plain'), { maxKeys: 6 })
	)
})).plain;
const name = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('sig', 'body', 'ä', 'größe'));
const counts = fc.constantFrom(0, 3, 22, 23, 24, 25, 255, 256, 300);

test('leaves the bytes that the map without the field has, and says where the value ended', () => {
	fc.assert(
		fc.property(name, value, fc.dictionary(name, value), counts, (cut, inside, others, more) => {
			const filler = Object.fromEntries(
				Array.from({ length: more }, (_, i) => [`f${String(i)}`, i])
			);
			const { [cut]: _, ...rest } = { ...others, ...filler };
			const whole = encodePlain({ ...rest, [cut]: inside });
			const found = cutField(whole, cut);
			expect(toHex(found?.rest ?? new Uint8Array())).toBe(toHex(encodePlain(rest)));
			const size = encodePlain(inside).length;
			const [from, to] = [(found?.end ?? 0) - size, found?.end];
			expect(toHex(whole.slice(from, to))).toBe(toHex(encodePlain(inside)));
		}),
		{ numRuns: 500 }
	);
});

test('finds nothing where nothing is', () => {
	expect(cutField(encodePlain({ a: 1, b: { sig: 2 } }), 'sig')).toBeNull();
	expect(cutField(encodePlain(['sig', 1]), 'sig')).toBeNull();
	expect(cutField(encodePlain({}), 'sig')).toBeNull();
});
