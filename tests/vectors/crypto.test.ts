import { createWebMlKem, nobleMlKem } from '../../src/lib/crypto/mlkem.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';
import { readCorpus } from './read-corpus.ts';
import { describeVectors } from './vectors.ts';

const { subtle } = globalThis.crypto;

describeVectors(
	'noble',
	async () => ({ name: 'noble', suite: nobleSuite, mlKem: nobleMlKem, isReproducible: true }),
	readCorpus
);

describeVectors(
	'WebCrypto',
	async () => {
		const webMlKem = await createWebMlKem(subtle);
		return {
			name: 'WebCrypto',
			suite: await createWebSuite(subtle),
			mlKem: webMlKem ?? nobleMlKem,
			isReproducible: webMlKem === null
		};
	},
	readCorpus
);
