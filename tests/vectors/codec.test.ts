/**
 * The codec against its oracle: the same bytes for every value, the same verdict and the same value for
 * every byte string. `RUNS=2000000 npx vitest run tests/vectors/codec` takes as many inputs.
 */

import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { expect, test } from 'vitest';
import { concat, equal, toHex, utf8 } from '../../src/lib/wire/bytes.ts';
import { readCbor, readOwnCbor } from '../../src/lib/wire/cbor-read.ts';
import {
	cidOfObject,
	cidOfRaw,
	copyFields,
	decodeCanonical,
	encodePlain
} from '../../src/lib/wire/codec.ts';
import type { Plain } from '../../src/lib/wire/codec.ts';
import { decodeSlowly, encodeSlowly, judgeSlowly } from './codec-oracle.ts';
import { DECODERS } from './decoders.ts';
import { SAMPLES } from './wire-samples.ts';

const RUNS = Number(process.env['RUNS'] ?? 4_000);
const MAX_BYTES = 1 << 20;

const samples = Object.entries(SAMPLES).map(([name, sample]) => ({
	name,
	sample,
	bytes: encodePlain(sample)
}));

/** Text that decoders differ on: marks, lone surrogates, three and four bytes, what JavaScript owns. */
const hardText = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 40 }),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.constantFrom('__proto__', 'constructor', 'prototype', '/', 'bytes', 'asCID', '', 'toString'),
	fc.constantFrom('\ufeff', '\ufeffx', '\ud800', 'a\udc00b', '\ufffd', 'é', '€', '😀', 'Z', 'aa'),
	fc.nat(300).map((size) => 'ä'.repeat(size % 3) + 'x'.repeat(size))
);
/** Two that differ in lone surrogates alone would be one key. */
const hardKey = hardText.filter((text) => !/\p{Surrogate}/u.test(text));
const hardNumber = fc.oneof(
	fc.maxSafeInteger(),
	fc.constantFrom(0, -0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
	fc.constantFrom(-1, -24, -25, -256, -257, -65537, -(2 ** 32), -(2 ** 32) - 1, 1 - 2 ** 53)
);
const cids = fc
	.uint8Array({ maxLength: 4 })
	.map((bytes) => (bytes.length % 2 === 0 ? cidOfObject(bytes) : cidOfRaw(bytes)));
const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
	plain: fc.oneof(
		{ maxDepth: 5 },
		hardText,
		hardNumber,
		fc.boolean(),
		fc.constant(null),
		fc.uint8Array({ maxLength: 300 }),
		cids,
		fc.array(tie('plain'), { maxLength: 30 }),
		fc.array(fc.tuple(hardKey, tie('plain')), { maxLength: 30 }).map((fields) => {
			return Object.fromEntries<Plain>(fields);
		})
	)
}));

test('writes what the library writes', () => {
	fc.assert(
		fc.property(plain, (value) => {
			expect(attempt(() => toHex(encodePlain(value)))).toBe(
				attempt(() => toHex(encodeSlowly(value)))
			);
		}),
		{ numRuns: RUNS }
	);
});

test('copies fields as they come back when they are written and read', () => {
	const fields = fc.dictionary(hardKey, fc.oneof(plain, fc.constant(undefined)));
	fc.assert(
		fc.property(fields, (value) => {
			if (attempt(() => toHex(encodePlain(value))) === 'throws') return;
			const read = decodeCanonical(encodePlain(value), MAX_BYTES);
			if (!read.ok) {
				// What others would refuse is not to be taken for what they read.
				expect(attempt(() => JSON.stringify(copyFields(value)))).toBe('throws');
				return;
			}
			const copy = copyFields(value);
			expect(copy).toEqual(read.value);
			expect(Object.values(copy ?? {})).not.toContain(undefined);
			expect(toHex(encodePlain(copy))).toBe(toHex(encodePlain(value)));
		}),
		{ numRuns: RUNS }
	);
});

test('leaves out what is undefined, and takes nothing that DAG-CBOR has not', () => {
	expect(toHex(encodePlain({ a: undefined, b: 1.5, c: [2, { d: undefined }] }))).toBe(
		toHex(encodeSlowly({ a: undefined, b: 1.5, c: [2, { d: undefined }] }))
	);
	for (const value of [NaN, Infinity]) expect(() => encodePlain(value)).toThrow();
	const foreign: unknown = { field: () => 0 };
	expect(() => encodePlain(foreign as Plain)).toThrow();
	for (const text of ['', 'x']) expect(() => encodePlain({ '/': text, bytes: text })).toThrow();
});

test('writes floats as the library does, for rows that stay here', () => {
	const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
	fc.assert(
		fc.property(doubles, (value) => {
			const bytes = encodePlain([value, 'after']);
			expect(toHex(bytes)).toBe(toHex(encodeSlowly([value, 'after'])));
			// Zero has no sign among the whole numbers.
			expect(readOwnCbor(bytes)).toEqual([value === 0 ? 0 : value, 'after']);
			if (!Number.isSafeInteger(value)) expect(() => readCbor(bytes)).toThrow();
		})
	);
});

test('reads what the library reads of what the library wrote', () => {
	fc.assert(
		fc.property(plain, (value) => compareOn(attemptBytes(() => encodeSlowly(value)))),
		{ numRuns: RUNS }
	);
});

test('comes to the same verdict on damaged objects', () => {
	fc.assert(
		fc.property(fc.nat(samples.length - 1), damages(), (at, damage) => {
			const known = samples[at];
			if (known === undefined) throw new Error('no such sample');
			compareOn(damage(known.bytes), known.name);
		}),
		{ numRuns: RUNS }
	);
});

test('comes to the same verdict on damaged values of any shape', () => {
	fc.assert(
		fc.property(plain, damages(), (value, damage) => {
			compareOn(damage(attemptBytes(() => encodeSlowly(value))));
		}),
		{ numRuns: RUNS }
	);
});

test('comes to the same verdict on noise', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => compareOn(bytes)),
		{ numRuns: RUNS }
	);
});

test('comes to the same verdict on fields that are exchanged, added and left out', () => {
	fc.assert(
		fc.property(
			fc.nat(samples.length - 1),
			fc.nat(),
			hardText,
			fc.oneof(plain, fc.constantFrom(...samples.map(({ sample }) => sample))),
			(at, where, key, value) => {
				const known = samples[at];
				if (known === undefined) throw new Error('no such sample');
				for (const changed of changedAt(known.sample, where, key, value)) {
					compareOn(
						attemptBytes(() => encodeSlowly(changed)),
						known.name
					);
				}
			}
		),
		{ numRuns: RUNS / 4 }
	);
});

test.each([
	['two keys that are one', 'a2616101616102'],
	['keys out of order', 'a2616201616102'],
	['the longer key first', 'a262616101616202'],
	['a length that is not the shortest', '5801ff'],
	['a number that is not the shortest', '1817'],
	['2 to the 53rd', '1b0020000000000000'],
	['below −2⁵³ + 1', '3b001fffffffffffff'],
	['an indefinite list', '9fff'],
	['undefined', 'f7'],
	['a float', 'fb3ff8000000000000'],
	['a float that is whole', 'fb3ff0000000000000'],
	['tag 41', 'd82940'],
	['tag 42 in three bytes', 'd9002a40'],
	['tag 42 on text', 'd82a6161'],
	['a byte order mark', '63efbbbf'],
	['half a surrogate', '63eda080'],
	['a list longer than all bytes', '9b001fffffffffffff'],
	['something after the end', '0000'],
	['nothing', ''],
	['what multiformats would take for a CID', 'a2612f61786562797465736178'],
	['65 lists in each other', `${'81'.repeat(64)}80`],
	['65 maps in each other', `${'a16161'.repeat(64)}a0`]
])('refuses %s', (_, hex) => {
	const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
	expect(decodeCanonical(bytes, MAX_BYTES)).toEqual({ ok: false, reason: 'not-canonical' });
	compareOn(bytes);
});

test('reads what lies within other bytes, and gives away no view of them', () => {
	const whole = Buffer.from(concat(Uint8Array.of(9, 9), encodePlain({ a: Uint8Array.of(1, 2) })));
	const decoded = decodeCanonical(whole.subarray(2), MAX_BYTES);
	whole.fill(0);
	expect(decoded).toEqual({ ok: true, value: { a: Uint8Array.of(1, 2) } });
});

test('does not fall over depth', () => {
	const deep = new Uint8Array(200_000).fill(0x81);
	expect(decodeCanonical(deep, MAX_BYTES)).toEqual({ ok: false, reason: 'not-canonical' });
});

test.each([
	['lists', '81', '80'],
	['maps', 'a16161', 'a0']
])('reads and writes 64 %s in each other on any stack, and writes no more', (_, outer, inner) => {
	const bytes = Uint8Array.from(Buffer.from(outer.repeat(63) + inner, 'hex'));
	const decoded = decodeCanonical(bytes, MAX_BYTES);
	if (!decoded.ok) throw new Error(decoded.reason);
	expect(equal(encodePlain(decoded.value), bytes)).toBe(true);
	compareOn(bytes);
	expect(() => encodePlain([decoded.value])).toThrow(RangeError);
	// Also what is left to the library, for its fractions.
	expect(() => encodePlain([1.5, decoded.value])).toThrow(RangeError);
});

test('what was written before leaves nothing behind', () => {
	const long = encodePlain({ text: 'x'.repeat(20_000) });
	expect(toHex(encodePlain({ a: 1 }))).toBe('a1616101');
	expect(equal(encodePlain({ text: 'x'.repeat(20_000) }), long)).toBe(true);
});

/** Bits, bytes, cuts, doublings and insertions, also of what means something in CBOR. */
function damages(): fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> {
	const at = fc.nat();
	const meaning = fc.constantFrom(
		...[0x00, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x38, 0x40, 0x58, 0x5f, 0x60, 0x78, 0x7f, 0x80],
		...[
			0x98, 0x9f, 0xa0, 0xb8, 0xbf, 0xc0, 0xd8, 0xd9, 0xe0, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xff
		]
	);
	const byte = fc.oneof(fc.nat(255), meaning);
	return fc
		.array(
			fc.oneof(
				fc.tuple(at, fc.nat(7)).map(([place, bit]) => (bytes: Uint8Array) => {
					return bytes.map((b, i) => (i === place % bytes.length ? b ^ (1 << bit) : b));
				}),
				fc.tuple(at, byte).map(([place, value]) => (bytes: Uint8Array) => {
					return bytes.map((b, i) => (i === place % bytes.length ? value : b));
				}),
				fc.tuple(at, byte).map(([place, value]) => (bytes: Uint8Array) => {
					const cut = place % (bytes.length + 1);
					return concat(bytes.subarray(0, cut), Uint8Array.of(value), bytes.subarray(cut));
				}),
				fc.tuple(at, fc.nat(40)).map(([place, size]) => (bytes: Uint8Array) => {
					const cut = place % (bytes.length + 1);
					return concat(bytes.subarray(0, cut), bytes.subarray(cut + size));
				}),
				fc.tuple(at, fc.nat(40)).map(([place, size]) => (bytes: Uint8Array) => {
					const cut = place % (bytes.length + 1);
					return concat(bytes.subarray(0, cut + size), bytes.subarray(cut));
				})
			),
			{ minLength: 1, maxLength: 3 }
		)
		.map((steps) => (bytes) => {
			return steps.reduce(
				(damaged, step) => (damaged.length === 0 ? damaged : step(damaged)),
				bytes
			);
		});
}

/** A field of the value, or of one inside it, with another value, under another name, or gone. */
function* changedAt(value: Plain, where: number, key: string, other: Plain): Generator<Plain> {
	if (Array.isArray(value)) {
		const place = where % (value.length + 1);
		yield [...value.slice(0, place), other, ...value.slice(place)];
		yield [...value.slice(0, place), other, ...value.slice(place + 1)];
		const inner = value[place] as Plain | undefined;
		for (const changed of changesIn(inner, where, key, other)) {
			yield [...value.slice(0, place), changed, ...value.slice(place + 1)];
		}
	} else if (isFields(value)) {
		const keys = Object.keys(value);
		const name = keys[where % keys.length] ?? '';
		yield { ...value, [name]: other };
		yield { ...value, [key]: other };
		yield { ...value, [name]: undefined };
		for (const changed of changesIn(value[name], where, key, other)) {
			yield { ...value, [name]: changed };
		}
	}
}

function changesIn(inner: Plain | undefined, where: number, key: string, other: Plain) {
	return inner === undefined ? [] : changedAt(inner, Math.floor(where / 7), key, other);
}

function isFields(value: Plain): value is { readonly [key: string]: Plain } {
	return (
		typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
	);
}

function compareOn(bytes: Uint8Array, name?: string): void {
	const [fast, slow] = [decodeCanonical(bytes, MAX_BYTES), decodeSlowly(bytes)];
	if (fast.ok !== slow.ok) expect({ bytes: toHex(bytes), ...fast }).toEqual(slow);
	if (!fast.ok || !slow.ok) return;
	if (toHex(encodePlain(fast.value)) !== toHex(bytes)) expect(fast.value).toEqual(slow.value);
	if (!isSame(fast.value, slow.value)) expect(fast.value).toEqual(slow.value);
	if (name !== undefined) compareShape(bytes, name, fast.value);
}

/** Where version and type are right, valibot has the word. */
function compareShape(bytes: Uint8Array, name: string, value: Plain): void {
	const decoder = DECODERS[name];
	if (decoder === undefined) throw new Error(`no decoder for ${name}`);
	if (bytes.length > decoder.maxBytes) return;
	const fast = decoder.decode(bytes);
	if (!fast.ok && fast.reason !== 'wrong-shape') return;
	const slow = judgeSlowly(decoder.schema, value);
	if (fast.ok !== slow.ok) expect({ bytes: toHex(bytes), ...fast }).toEqual(slow);
	if (fast.ok && slow.ok && !isSame(fast.value as Plain, slow.value as Plain)) {
		expect(fast.value).toEqual(slow.value);
	}
}

/** Kind by kind: `toEqual` is too slow to be asked each time. */
function isSame(a: Plain | undefined, b: Plain | undefined): boolean {
	if (a instanceof Uint8Array && b instanceof Uint8Array) {
		return a.constructor === Uint8Array && equal(a, b);
	}
	if (a instanceof CID) return b instanceof CID && a.equals(b) && equal(a.bytes, b.bytes);
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const [left, right] = [entriesOf(a), new Map(entriesOf(b))];
	if (left.length !== right.size) return false;
	return left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}

function entriesOf(value: object): [string, Plain][] {
	return Object.entries(value) as [string, Plain][];
}

function attempt(work: () => string): string {
	try {
		return work();
	} catch {
		return 'throws';
	}
}

function attemptBytes(work: () => Uint8Array): Uint8Array {
	try {
		return work();
	} catch {
		return utf8('x');
	}
}
