import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from './limits.ts';
import { cutIntoCodes, isNewCode, joinCodes, readCode, type Code } from './parcel-codes.ts';

const MOST = LIMITS.parcelCodes * LIMITS.parcelCodeBytes;

function cut(parcel: Uint8Array): readonly string[] {
	const codes = cutIntoCodes(parcel);
	if (codes === null) throw new Error('it is small enough');
	return codes;
}

function read(texts: readonly string[]): Code[] {
	return texts.map((text) => {
		const code = readCode(text);
		if (code === null) throw new Error('it is one of ours');
		return code;
	});
}

/** As a camera gives it, four pixels a module. */
function photograph(text: string) {
	const modules = encodeQR(text, 'raw', { ecc: 'low', border: 2, scale: 4 });
	const size = modules.length;
	const data = new Uint8Array(size * size * 4);
	for (const [y, row] of modules.entries()) {
		for (const [x, isDark] of row.entries()) {
			data.set([0, 0, 0].fill(isDark ? 0 : 255), (y * size + x) * 4);
			data[(y * size + x) * 4 + 3] = 255;
		}
	}
	return { width: size, height: size, data };
}

describe('a run of codes', () => {
	test('has these texts for ever', () => {
		expect(cut(Uint8Array.of(1, 2, 3, 4, 5))).toMatchInlineSnapshot(`
			[
			  "DEFMS1/JZEG14Z5DLSJV50X507H050",
			]
		`);
	});

	test('gives the parcel back, in any order', () => {
		const parcel = fc.uint8Array({ minLength: 1, maxLength: 4_000 });
		fc.assert(
			fc.property(parcel, fc.nat(), (bytes, turn) => {
				const codes = read(cut(bytes));
				const at = turn % codes.length;
				const turned = [...codes.slice(at), ...codes.slice(0, at)].reverse();
				expect(joinCodes(turned)).toEqual(bytes);
			})
		);
	});

	test('takes so many bytes, and not one more', () => {
		expect(cut(new Uint8Array(MOST))).toHaveLength(LIMITS.parcelCodes);
		expect(cutIntoCodes(new Uint8Array(MOST + 1))).toBeNull();
	});

	test('is not whole while one is missing', () => {
		const codes = read(cut(new Uint8Array(2_000).fill(7)));
		for (const left of codes) expect(joinCodes(codes.filter((code) => code !== left))).toBeNull();
		expect(joinCodes([])).toBeNull();
	});

	test('knows a code that is here already, and one of another parcel', () => {
		const [first, second] = read(cut(new Uint8Array(1_000).fill(7)));
		const [other] = read(cut(new Uint8Array(1_000).fill(8)));
		if (first === undefined || second === undefined || other === undefined) throw new Error('two');
		expect(isNewCode([], first)).toBe(true);
		expect(isNewCode([first], second)).toBe(true);
		expect(isNewCode([first], first)).toBe(false);
		expect(isNewCode([first], other)).toBe(false);
		expect(joinCodes([first, { ...second, part: other.part }])).toBeNull();
	});

	test('survives the picture', () => {
		const parcel = Uint8Array.from({ length: 2_500 }, (_, at) => (at * 89 + (at >> 3)) & 255);
		const seen = cut(parcel).map((text) => decodeQR(photograph(text)));
		expect(joinCodes(read(seen))).toEqual(parcel);
	});
});

test('what is no code of ours is none', () => {
	const [text = ''] = cut(new Uint8Array(100));
	for (const other of ['', 'DEFMS1/', text.slice(1), `${text}é`, text.slice(0, 20), `${text}:::`]) {
		expect(readCode(other)).toBeNull();
	}
	fc.assert(
		fc.property(fc.string(), (tail) => {
			const code = readCode(`DEFMS1/${tail}`);
			if (code !== null) expect(code.part.length).toBeGreaterThan(0);
		})
	);
});
