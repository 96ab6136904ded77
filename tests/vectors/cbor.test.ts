/** The CBOR corpora through our one decoder: what is valid DAG-CBOR comes back, nothing else does. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { equal, fromHex } from '../../src/lib/wire/bytes.ts';
import { decodeCanonical, encodePlain } from '../../src/lib/wire/codec.ts';

interface DaslCase {
	readonly type: 'roundtrip' | 'invalid_in' | 'invalid_out';
	readonly data: string;
	readonly name: string;
	readonly tags: readonly string[];
}

/** Legal DAG-CBOR that version 1 has no use for, so that one value has one meaning everywhere. */
const NUMBERS = ['floats.json', 'integer_range.json', 'numeric_reduction.json'];
/** Its CID is by BLAKE3; ours are by SHA-256 alone. */
const OTHER_HASH = 'Big DASL CID';
/** DAG-CBOR takes text as it is. */
const NOT_REFUSED = 'text not in Unicode Normalization Form C';

const corpora = process.env['CORPORA'];
if (corpora === undefined && process.env['CI'] === 'true') throw new Error('CORPORA is not set');

describe.skipIf(corpora === undefined)('CBOR corpora', () => {
	const folder = join(corpora ?? '', 'cbor');
	for (const file of corpora === undefined ? [] : readdirSync(join(folder, 'dasl'))) {
		const cases = readJson<DaslCase[]>(join(folder, 'dasl', file));
		test.each(cases.map((each) => [each.name, each] as const))(`${file}: %s`, (_, each) => {
			const bytes = fromHex(each.data) ?? new Uint8Array();
			const decoded = decodeCanonical(bytes, 4096);
			if (decoded.ok) expect(equal(encodePlain(decoded.value), bytes)).toBe(true);
			if (each.name === OTHER_HASH) expect(decoded.ok).toBe(false);
			else if (each.name === NOT_REFUSED) expect(decoded.ok).toBe(true);
			else if (each.type !== 'roundtrip') expect(decoded.ok).toBe(false);
			else if (!NUMBERS.includes(file)) expect(decoded.ok).toBe(true);
		});
	}

	test('RFC 8949 appendix A: what does not come back byte for byte is refused', () => {
		const cases =
			corpora === undefined
				? []
				: readJson<{ hex: string; roundtrip: boolean }[]>(join(folder, 'appendix-a.json'));
		expect(corpora === undefined || cases.length > 50).toBe(true);
		for (const { hex } of cases) {
			const bytes = fromHex(hex) ?? new Uint8Array();
			const decoded = decodeCanonical(bytes, 4096);
			if (decoded.ok) expect(equal(encodePlain(decoded.value), bytes)).toBe(true);
		}
	});
});

function readJson<T>(path: string): T {
	return JSON.parse(readFileSync(path, 'utf8')) as T;
}
