import { server } from 'vitest/browser';
import * as v from 'valibot';
import { createWebMlKem, nobleMlKem } from '../../src/lib/crypto/mlkem.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';
import { describeVectors, type ReadCorpus } from './vectors.ts';

const { subtle } = globalThis.crypto;

/** `readCorpusCommand`, as the test configuration registers it. */
const readCorpus: ReadCorpus = async (name) => {
	const commands: object = server.commands;
	if (!('readCorpus' in commands) || typeof commands.readCorpus !== 'function') {
		throw new Error('the test configuration registers no command readCorpus');
	}
	return v.parse(v.nullable(v.string()), await commands.readCorpus(name));
};

describeVectors(
	'noble, in a browser',
	async () => ({ name: 'noble', suite: nobleSuite, mlKem: nobleMlKem, isReproducible: true }),
	readCorpus
);

describeVectors(
	'WebCrypto, in a browser',
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
