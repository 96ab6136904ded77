import { describe, expect, it } from 'vitest';
import { createSuite } from '../../src/lib/crypto/choose.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';
import { doubleSuite } from './crypto-double.ts';
import { describeReproducible, describeSuite } from './crypto.ts';

describeSuite('noble', () => nobleSuite);
describeSuite('WebCrypto', () => createWebSuite(globalThis.crypto.subtle));
describeSuite('WebCrypto without ML-KEM', () => createWebSuite(without('encapsulateBits')));
describeSuite('the double', () => doubleSuite);

describe('a simulated run', () => {
	describeReproducible('noble', nobleSuite);
	describeReproducible('the double', doubleSuite);
});

describe('the choice of a suite', () => {
	it('takes WebCrypto here', async () => {
		expect((await createSuite()).name).toBe('webcrypto');
	});

	it('takes WebCrypto with noble for ML-KEM where only that is missing', async () => {
		expect((await createSuite(without('encapsulateBits'))).name).toBe('webcrypto');
	});

	it('takes noble where WebCrypto is missing, fails, or gives other bytes', async () => {
		const liar = without('none', { sign: async () => new ArrayBuffer(64) });
		const doubter = without('none', { verify: async () => false });
		const stranger = without('none', { deriveBits: async () => new ArrayBuffer(32) });
		for (const subtle of [null, without('importKey'), liar, doubter, stranger]) {
			expect((await createSuite(subtle)).name).toBe('noble');
		}
	});
});

/** This platform's WebCrypto, without one of its methods and with others put in their place. */
function without(method: string, replaced: Readonly<Record<string, unknown>> = {}): SubtleCrypto {
	const { subtle } = globalThis.crypto;
	return new Proxy(subtle, {
		has: (_, name) => name !== method && name in subtle,
		get: (_, name) => {
			if (name === method) return undefined;
			if (typeof name === 'string' && name in replaced) return replaced[name];
			const value: unknown = Reflect.get(subtle, name);
			return typeof value === 'function' ? value.bind(subtle) : value;
		}
	});
}
