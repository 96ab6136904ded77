import { readCorpus } from './read-corpus.ts';
import { openNoble, openWebCrypto } from './suites.ts';
import { describeVectors } from './vectors.ts';

describeVectors('noble', openNoble, readCorpus);
describeVectors('WebCrypto', openWebCrypto, readCorpus);
