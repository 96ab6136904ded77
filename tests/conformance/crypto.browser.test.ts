import { describe, expect, it } from 'vitest';
import { createSuite } from '../../src/lib/crypto/choose.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebVerifier, nobleVerifier } from '../../src/lib/crypto/verify.ts';
import { describeStrictSignatures } from './crypto-strict.ts';
import { describeSuite } from './crypto.ts';

describeSuite('noble', () => nobleSuite);
describeSuite('the suite that this browser gets', createSuite);

describeStrictSignatures(nobleVerifier);
describeStrictSignatures(createWebVerifier(globalThis.crypto.subtle));

describe('the choice of a suite', () => {
	it('takes WebCrypto here', async () => {
		expect((await createSuite()).name).toBe('webcrypto');
	});
});
