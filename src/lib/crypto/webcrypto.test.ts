import { expect, test } from 'vitest';
import { failingOnce } from '../../../tests/conformance/failing-subtle.ts';
import { Secret } from './secret.ts';
import { createSymmetric } from './webcrypto.ts';

test('a key that was not to be had once is imported anew', async () => {
	const { hmac } = createSymmetric(failingOnce(globalThis.crypto.subtle));
	const key = new Secret(new Uint8Array(32));
	await expect(hmac(key, Uint8Array.of(1))).rejects.toThrow(DOMException);
	expect(await hmac(key, Uint8Array.of(1))).toHaveLength(32);
});
