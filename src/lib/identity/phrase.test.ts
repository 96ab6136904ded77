import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { systemRandom } from '../crypto/random.ts';
import { Secret } from '../crypto/secret.ts';
import { toHex } from '../wire/bytes.ts';
import { createPhrase, deriveRootSeed, parsePhrase, phraseToWords } from './phrase.ts';

/** BIP-39's own test vectors: entropy of zeros, and 0x80…80. */
const ZEROS = `${'abandon '.repeat(23)}art`;
const EIGHTIES =
	'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd ' +
	'amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless';

function read(text: string): string {
	const reading = parsePhrase(text);
	return reading.ok ? toHex(reading.phrase.reveal()) : reading.problem;
}

describe('the 24 words', () => {
	it('are those of BIP-39', () => {
		expect(phraseToWords(new Secret(new Uint8Array(32))).join(' ')).toBe(ZEROS);
		expect(read(ZEROS)).toBe('00'.repeat(32));
		expect(read(EIGHTIES)).toBe('80'.repeat(32));
	});

	it('give back what they spell', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (entropy) => {
				const words = phraseToWords(new Secret(Uint8Array.from(entropy)));
				expect(words.length).toBe(24);
				expect(read(words.join(' '))).toBe(toHex(entropy));
			})
		);
		const phrase = createPhrase(systemRandom);
		expect(read(phraseToWords(phrase).join(' '))).toBe(toHex(phrase.reveal()));
	});

	it('are read as people write them down', () => {
		const words = EIGHTIES.split(' ');
		const numbered = words.map((word, i) => `${String(i + 1)}. ${word.toUpperCase()},\n`).join('');
		expect(read(numbered)).toBe('80'.repeat(32));
		expect(read(words.map((word) => word.slice(0, 4)).join(' '))).toBe('80'.repeat(32));
		expect(read(`  ${EIGHTIES}\n`)).toBe('80'.repeat(32));
	});

	it('are refused with what is wrong about them', () => {
		expect(parsePhrase('')).toEqual({ ok: false, problem: 'word-count', words: 0 });
		expect(parsePhrase(`${ZEROS} art`)).toEqual({ ok: false, problem: 'word-count', words: 25 });
		const unknown = ZEROS.replace('abandon', 'aliceandbob').replace(/art$/, 'xyzzy');
		expect(parsePhrase(unknown)).toEqual({
			ok: false,
			problem: 'unknown-words',
			positions: [0, 23]
		});
		expect(read(ZEROS.replace(/art$/, 'zoo'))).toBe('checksum');
		expect(read(EIGHTIES.replace('letter advice', 'advice letter'))).toBe('checksum');
	});

	it('never throw', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => void read(text))
		);
	});
});

describe('root seeds', () => {
	it('differ by phrase and index, and never change', async () => {
		const phrase = new Secret(new Uint8Array(32));
		const seeds = [
			await deriveRootSeed(nobleSuite, phrase, 0),
			await deriveRootSeed(nobleSuite, phrase, 1),
			await deriveRootSeed(nobleSuite, new Secret(new Uint8Array(32).fill(1)), 0)
		];
		expect(seeds.map((seed) => toHex(seed.reveal()).slice(0, 16))).toEqual(FROZEN);
	});
});

/** The first 8 bytes; another value would be another address for the same words. */
const FROZEN = ['946f6ef055c3cce0', 'eaf94bebb406dded', '9e30940ca1913a14'];
