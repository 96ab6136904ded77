/** The suites that run the vectors, in Node and in a browser. */

import { createWebMlKem, nobleMlKem } from '../../src/lib/crypto/mlkem.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';

export async function openNoble() {
	return { name: 'noble', suite: nobleSuite, mlKem: nobleMlKem, isReproducible: true };
}

export async function openWebCrypto() {
	const { subtle } = globalThis.crypto;
	const mlKem = await createWebMlKem(subtle);
	return {
		name: 'WebCrypto',
		suite: await createWebSuite(subtle),
		mlKem: mlKem ?? nobleMlKem,
		isReproducible: mlKem === null
	};
}
