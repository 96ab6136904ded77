import { describe, expect, it } from 'vitest';
import { createSuite } from '../../src/lib/crypto/choose.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';
import { doubleSuite } from './crypto-double.ts';
import { describeReproducible, describeSuite } from './crypto.ts';

describeSuite('noble', () => nobleSuite);
describeSuite('WebCrypto', () => createWebSuite(globalThis.crypto.subtle));
describeSuite('the double', () => doubleSuite);

describe('a simulated run', () => {
	describeReproducible('noble', nobleSuite);
	describeReproducible('the double', doubleSuite);
});

describe('the choice of a suite', () => {
	it('takes WebCrypto here', async () => {
		expect((await createSuite()).name).toBe('webcrypto');
	});
});
