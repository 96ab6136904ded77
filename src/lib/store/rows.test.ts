import 'fake-indexeddb/auto';
import * as fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { cidOfRaw } from '../wire/codec.ts';
import { bytesToRow, isTableName, keyToPlace, placesUnder, rowToBytes } from './rows.ts';
import type { Vault } from './vault.ts';

const bytes = (constraints: fc.IntArrayConstraints) => fc.uint8Array(constraints);

describe('a row', () => {
	it('comes back as it was, without fields of no value', () => {
		const leaf = fc.oneof(
			fc.string(),
			fc.integer(),
			fc.boolean(),
			fc.constant(null),
			fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
			bytes({}),
			bytes({}).map((value) => cidOfRaw(value))
		);
		const { tree } = fc.letrec((tie) => ({
			tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('map')),
			list: fc.array(tie('tree'), { maxLength: 4 }),
			map: fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4, noNullPrototype: true })
		}));
		fc.assert(
			fc.property(fc.dictionary(fc.string(), tree, { noNullPrototype: true }), (row) => {
				fc.pre(!Object.hasOwn(row, '__proto__'));
				const encoded = rowToBytes({ ...row, 'not there': undefined });
				expect(bytesToRow('setting', encoded)).toEqual(row);
			})
		);
	});

	it('keeps texts as they were pasted', () => {
		const row = { value: '\ufeffbegins with a mark' };
		expect(bytesToRow('setting', rowToBytes(row))).toEqual(row);
	});

	it('keeps a CID a CID', () => {
		const row = bytesToRow('setting', rowToBytes({ value: cidOfRaw(Uint8Array.of(1)) }));
		expect(CID.asCID(row.value)).not.toBeNull();
	});

	it.each([[[]], [{ value: () => 1 }], [{ value: Number.NaN }], [{ value: 1n << 70n }]])(
		'that cannot be stored is refused: %s',
		(row) => {
			expect(() => rowToBytes(row)).toThrow();
		}
	);
});

describe('a place', () => {
	const vault: Pick<Vault, 'blind'> = {
		blind: async (_table, _index, part) => new Uint8Array(16).fill(part.length)
	};

	it('is the code of the table and 16 bytes for each part', async () => {
		const place = await keyToPlace(vault, 'entry', ['a', 'bb']);
		expect([...place]).toEqual([5, ...Array<number>(16).fill(1), ...Array<number>(16).fill(2)]);
		expect([...(await keyToPlace(vault, 'account', []))]).toEqual([1]);
	});

	it('is under all that it begins with, and nothing else', () => {
		const prefixes = bytes({ minLength: 1, maxLength: 4 }).filter(([first]) => first !== 0xff);
		fc.assert(
			fc.property(prefixes, bytes({ minLength: 1, maxLength: 6 }), (prefix, other) => {
				const range = placesUnder(prefix);
				const isUnder = prefix.every((byte, i) => byte === other[i]);
				expect(range.includes(other)).toBe(isUnder);
				expect(range.includes(Uint8Array.of(...prefix, ...other))).toBe(true);
				expect(range.includes(Uint8Array.of(...prefix, 0xff, 0xff))).toBe(true);
			})
		);
		expect(placesUnder(Uint8Array.of(5, 0xff, 0xff)).includes(Uint8Array.of(6))).toBe(false);
	});
});

describe('the name of a table', () => {
	it('is known', () => {
		expect(['entry', 'toString', 5, null].map(isTableName)).toEqual([true, false, false, false]);
	});
});
