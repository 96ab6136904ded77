import { describe, expect, it } from 'vitest';
import { createSuite } from '../../src/lib/crypto/choose.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { describeSuite } from './crypto.ts';

describeSuite('noble', () => nobleSuite);
describeSuite('the suite that this browser gets', createSuite);

describe('the choice of a suite', () => {
	it('takes WebCrypto here', async () => {
		expect((await createSuite()).name).toBe('webcrypto');
	});
});
