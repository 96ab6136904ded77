import * as fc from 'fast-check';
import { expect, test } from 'vitest';
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
