import { expect, test } from 'vitest';
import { SAMPLES } from '../../../tests/vectors/wire-samples.ts';
import { encodePlain } from './codec.ts';
import { cardDecoder, rootRecordDecoder } from './identity.ts';

const LARGEST = 2 ** 48 - 1;

test('a sequence fits the 6 bytes of an invite, so that a newer one can always follow', () => {
	const fields = [
		[rootRecordDecoder, SAMPLES['root'], 'seq'],
		[cardDecoder, SAMPLES['card'], 'rootSeq'],
		[cardDecoder, SAMPLES['card'], 'seq']
	] as const;
	for (const [decoder, sample, field] of fields) {
		const decode = (value: number) => decoder.decode(encodePlain({ ...sample, [field]: value }));
		expect(decode(0).ok).toBe(true);
		expect(decode(LARGEST).ok).toBe(true);
		for (const tooLarge of [LARGEST + 1, Number.MAX_SAFE_INTEGER]) {
			expect(decode(tooLarge)).toEqual({ ok: false, reason: 'wrong-shape' });
		}
		expect(decode(-1).ok).toBe(false);
	}
});
