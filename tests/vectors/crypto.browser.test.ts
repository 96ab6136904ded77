import { server } from 'vitest/browser';
import * as v from 'valibot';
import { openNoble, openWebCrypto } from './suites.ts';
import { describeVectors, type ReadCorpus } from './vectors.ts';

/** `readCorpusCommand`, as the test configuration registers it. */
const readCorpus: ReadCorpus = async (name) => {
	const commands: object = server.commands;
	if (!('readCorpus' in commands) || typeof commands.readCorpus !== 'function') {
		throw new Error('the test configuration registers no command readCorpus');
	}
	return v.parse(v.nullable(v.string()), await commands.readCorpus(name));
};

describeVectors('noble, in a browser', openNoble, readCorpus);
describeVectors('WebCrypto, in a browser', openWebCrypto, readCorpus);
