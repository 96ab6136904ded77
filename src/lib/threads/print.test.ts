import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';
import { changeEntries, NO_ENTRIES, printOf, printOfEntries } from './print.ts';

const IDS = Array.from({ length: 600 }, (_, i) =>
	cidToEntryId(cidOfObject(Uint8Array.of(i, i >> 8)))
);
const some = fc.subarray(IDS);

test('changed step by step it is as from scratch', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(some, fc.boolean()), { maxLength: 8 }), (steps) => {
			const held = new Set<EntryId>();
			let set = NO_ENTRIES;
			for (const [ids, isIn] of steps) {
				for (const id of ids) {
					if (isIn) held.add(id);
					else held.delete(id);
				}
				set = changeEntries(set, ids, (id) => held.has(id));
				expect(printOf(set)).toEqual(printOfEntries(held));
			}
		}),
		{ numRuns: 50 }
	);
});

test.each([
	[0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
	[1, '37a64b136c412867eb4131668f41c15da3dfc43d1306718d465b50d59a71930f'],
	[40, 'c4ed390ff4d954b060969a3f5f4be0cf1fe0485e8e856fa7397645a54d5b33a1'],
	[600, 'eb21c9488e306e946d07f04031ed0c7b99974f01760e01b79baca13e40fd562f']
])('of %i entries it is what it was in every version', (count, print) => {
	expect(toHex(printOfEntries(IDS.slice(0, count)))).toBe(print);
});

test('each entry counts, their order does not', () => {
	fc.assert(
		fc.property(fc.shuffledSubarray(IDS, { minLength: 1 }), (ids) => {
			const print = printOfEntries(ids);
			expect(printOfEntries([...ids].reverse())).toEqual(print);
			expect(printOfEntries(ids.slice(1))).not.toEqual(print);
		}),
		{ numRuns: 50 }
	);
});

test('an older state keeps its own', () => {
	const before = changeEntries(NO_ENTRIES, IDS.slice(0, 300), () => true);
	const print = printOf(before);
	changeEntries(before, IDS, () => true);
	changeEntries(before, IDS, () => false);
	expect(printOf(before)).toEqual(print);
});
