/**
 * Every object of protocol v1: frozen bytes, round trip, and what hostile bytes meet.
 * `npx vitest run tests/vectors/wire -u` writes the vectors anew, on purpose only.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import { encodePlain } from '../../src/lib/wire/codec.ts';
import { DECODERS } from './decoders.ts';
import { LATER_SAMPLES, SAMPLES } from './wire-samples.ts';

test('every decoder has a sample, and every sample a decoder', () => {
	expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(DECODERS).sort());
});

describe.each(Object.entries(SAMPLES))('%s', (name, sample) => {
	const decoder = DECODERS[name];
	if (decoder === undefined) throw new Error(`no decoder for ${name}`);
	const encoded = encodePlain(sample);

	test('has these bytes for ever', () => {
		expect(toHex(encoded)).toMatchSnapshot();
	});

	test('comes back with the fields that a later version added', () => {
		const later = encodePlain({ ...sample, later: 'field' });
		const decoded = decoder.decode(later);
		expect(decoded.ok && { ...decoded.value }).toHaveProperty('later', 'field');
		expect(decoded.ok && equal(encodePlain({ ...decoded.value }), later)).toBe(true);
	});

	test('is refused with an unknown version, an unknown type, or without a field', () => {
		expect(decoder.decode(encodePlain({ ...sample, v: 2 }))).toEqual(refusal('unknown-version'));
		expect(decoder.decode(encodePlain({ ...sample, t: 'x' }))).toEqual(refusal('unknown-type'));
		const bare = encodePlain({ v: sample['v'], t: sample['t'] });
		expect(decoder.decode(bare)).toEqual(refusal('wrong-shape'));
	});

	test('is refused when it is larger than its limit, before anything is parsed', () => {
		expect(decoder.decode(new Uint8Array(1024 * 1024))).toEqual(refusal('too-large'));
	});

	test('is refused when cut anywhere', () => {
		for (let size = 0; size < encoded.length; size += Math.ceil(encoded.length / 200)) {
			expect(decoder.decode(encoded.subarray(0, size)).ok).toBe(false);
		}
	});

	test('with any bit flipped is refused or is another canonical object', () => {
		const flip = fc.nat(encoded.length * 8 - 1);
		fc.assert(
			fc.property(flip, (bit) => {
				const bent = Uint8Array.from(encoded);
				bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				const decoded = decoder.decode(bent);
				if (decoded.ok) expect(equal(encodePlain({ ...decoded.value }), bent)).toBe(true);
			}),
			{ numRuns: 200 }
		);
	});

	test('any other bytes are refused without a throw', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				expect(decoder.decode(bytes).ok).toBe(false);
			}),
			{ numRuns: 200 }
		);
	});
});

/** What an older program keeps as a field that it does not know: frozen, too. */
describe.each(Object.entries(LATER_SAMPLES))('%s, with the fields of 0.4', (name, sample) => {
	test('has these bytes for ever, and loses nothing', () => {
		const encoded = encodePlain(sample);
		const decoded = DECODERS[name]?.decode(encoded);
		expect(decoded?.ok && equal(encodePlain({ ...decoded.value }), encoded)).toBe(true);
		expect(toHex(encoded)).toMatchSnapshot();
	});
});

function refusal(reason: string) {
	return { ok: false, reason };
}
