/**
 * The 24 words (BIP-39, English) and the root seeds that come from them (protocol §2).
 *
 * The secret is the 32 bytes of entropy that the words spell, not BIP-39's stretched seed: 256 random
 * bits need no stretching, and HKDF with a label and an index takes its place.
 */

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { randomSecret, type Random } from '../crypto/random.ts';
import { Secret } from '../crypto/secret.ts';
import { SIZES, type Suite } from '../crypto/suite.ts';
import { LABELS, labelled } from '../wire/labels.ts';

export const PHRASE_WORDS = 24;
const ENTROPY_BYTES = 32;
const KNOWN_WORDS = new Set(wordlist);
/** Each English BIP-39 word is known by its first four letters. */
const WORD_BY_START = new Map(wordlist.map((word) => [word.slice(0, 4), word]));

/** What the words spell: 32 bytes. */
export function createPhrase(random: Random): Secret {
	return randomSecret(random, ENTROPY_BYTES);
}

/** The 24 words, to be shown once and written down. */
export function phraseToWords(phrase: Secret): readonly string[] {
	return entropyToMnemonic(phrase.reveal(), wordlist).split(' ');
}

export type PhraseReading =
	| { readonly ok: true; readonly phrase: Secret }
	| { readonly ok: false; readonly problem: 'word-count'; readonly words: number }
	/** Positions from 0 of the words that are not on the list. */
	| { readonly ok: false; readonly problem: 'unknown-words'; readonly positions: readonly number[] }
	/** All words are known, but one is another's place or another word. */
	| { readonly ok: false; readonly problem: 'checksum' };

/** Forgives case, spacing, commas, numbering and words cut to four letters. */
export function parsePhrase(text: string): PhraseReading {
	const typed =
		text
			.normalize('NFKD')
			.toLowerCase()
			.match(/[a-z]+/g) ?? [];
	if (typed.length !== PHRASE_WORDS) {
		return { ok: false, problem: 'word-count', words: typed.length };
	}
	const words = typed.map((word) => (word.length === 4 ? (WORD_BY_START.get(word) ?? word) : word));
	const positions = words.flatMap((word, i) => (KNOWN_WORDS.has(word) ? [] : [i]));
	if (positions.length > 0) return { ok: false, problem: 'unknown-words', positions };
	try {
		const entropy = Uint8Array.from(mnemonicToEntropy(words.join(' '), wordlist));
		return { ok: true, phrase: new Secret(entropy) };
	} catch {
		return { ok: false, problem: 'checksum' }; // count and words were checked: nothing else is left
	}
}

/** Seed of the identity's Ed25519 root key; identities of one phrase count from 0. */
export function deriveRootSeed(suite: Suite, phrase: Secret, index: number): Promise<Secret> {
	return suite.hkdf(phrase, labelled(LABELS.root, index), SIZES.seed);
}
