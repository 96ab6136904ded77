/** The published test vectors, run on whatever suite is given, in Node or in a browser. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { keySchedule, nonceAt } from '../../src/lib/crypto/hpke.ts';
import type { MlKem } from '../../src/lib/crypto/mlkem.ts';
import { Secret } from '../../src/lib/crypto/secret.ts';
import type { Bytes, Suite } from '../../src/lib/crypto/suite.ts';
import { concat, fromHex, toHex } from '../../src/lib/wire/bytes.ts';
import {
	aeadFile,
	dhFile,
	edFile,
	encapsFile,
	hkdfFile,
	hpkeFile,
	keygenFile,
	mlKemFile,
	xwingFile
} from './schemas.ts';

export interface Subject {
	readonly name: string;
	readonly suite: Suite;
	readonly mlKem: MlKem;
	/** Does encapsulation use the randomness that it is given? */
	readonly isReproducible: boolean;
}

export type ReadCorpus = (name: string) => Promise<string | null>;

/** Are these vectors ours to pass? A case is named by its number. */
interface Outcome {
	readonly failed: readonly number[];
	readonly passed: number;
	readonly notApplicable: number;
}

type Check = (subject: Subject, corpus: unknown) => Promise<Outcome>;

/**
 * Title, file, check, and how many cases pass and are not applicable: a run over nothing must not
 * look like a success.
 */
const SETS: readonly (readonly [string, string, Check, number, number])[] = [
	['AES-256-GCM (Wycheproof)', 'wycheproof-aes_gcm', checkAead, 66, 250],
	['Ed25519 (Wycheproof)', 'wycheproof-ed25519', checkEd25519, 151, 0],
	['X25519 (Wycheproof)', 'wycheproof-x25519', checkX25519, 518, 0],
	['HKDF-SHA-256 (Wycheproof)', 'wycheproof-hkdf_sha256', checkHkdf, 86, 0],
	['ML-KEM-768 decapsulation (Wycheproof)', 'wycheproof-mlkem_768', checkMlKem, 193, 0],
	['ML-KEM-768 encapsulation (Wycheproof)', 'wycheproof-mlkem_768_encaps', checkEncaps, 265, 0],
	[
		'ML-KEM-768 keys from seeds (Wycheproof)',
		'wycheproof-mlkem_768_keygen_seed',
		checkKeygen,
		100,
		0
	],
	['HPKE key schedule (RFC 9180)', 'hpke-rfc9180-x25519-hkdf-sha256', checkHpke, 1, 15],
	['X-Wing (draft-connolly-cfrg-xwing-kem)', 'xwing', checkXwing, 3, 0]
];

export function describeVectors(
	name: string,
	createSubject: () => Promise<Subject>,
	read: ReadCorpus
): void {
	describe(`published vectors on ${name}`, () => {
		for (const [title, file, check, passed, notApplicable] of SETS) {
			it(title, { timeout: 60_000 }, async ({ skip }) => {
				const text = await read(`crypto/${file}.json`);
				if (text === null) return skip('the variable CORPORA names no folder that holds it');
				const outcome = await check(await createSubject(), JSON.parse(text));
				expect(outcome).toEqual({ failed: [], passed, notApplicable });
			});
		}
	});
}

/** Runs the cases one by one; a case that throws has failed. */
async function runAll<T extends { readonly tcId: number }>(
	cases: readonly T[],
	isApplicable: (one: T) => boolean,
	holds: (one: T) => Promise<boolean>
): Promise<Outcome> {
	const applicable = cases.filter(isApplicable);
	const failed: number[] = [];
	for (const one of applicable) {
		if (!(await holds(one).catch(() => false))) failed.push(one.tcId);
	}
	return {
		failed,
		passed: applicable.length - failed.length,
		notApplicable: cases.length - applicable.length
	};
}

const always = () => true;

/** Version 1 knows one shape: 256-bit keys, 96-bit nonces, 128-bit tags. */
async function checkAead({ suite }: Subject, corpus: unknown): Promise<Outcome> {
	const { testGroups } = v.parse(aeadFile, corpus);
	const cases = testGroups.flatMap(({ ivSize, keySize, tagSize, tests }) =>
		tests.map((test) => ({ ...test, isOurs: keySize === 256 && ivSize === 96 && tagSize === 128 }))
	);
	return runAll(
		cases,
		({ isOurs }) => isOurs,
		async ({ key, iv, aad, msg, ct, tag, result }) => {
			const sealed = concat(hex(ct), hex(tag));
			const opened = await suite.openAead(secret(key), hex(iv), hex(aad), sealed);
			if (result === 'invalid') return opened === null;
			const again = await suite.sealAead(secret(key), hex(iv), hex(aad), hex(msg));
			return opened !== null && toHex(opened) === msg && toHex(again) === toHex(sealed);
		}
	);
}

async function checkEd25519({ suite }: Subject, corpus: unknown): Promise<Outcome> {
	const { testGroups } = v.parse(edFile, corpus);
	const cases = testGroups.flatMap(({ publicKey, tests }) =>
		tests.map((test) => ({ ...test, pk: publicKey.pk }))
	);
	return runAll(cases, always, async ({ pk, msg, sig, result }) => {
		return (await suite.verify(hex(pk), hex(msg), hex(sig))) === (result === 'valid');
	});
}

/** "acceptable" leaves open what we decide: all-zero results are refused, the others computed. */
async function checkX25519({ suite }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(dhFile, corpus).testGroups.flatMap(({ tests }) => tests);
	return runAll(cases, always, async (test) => {
		const agreement = await suite.agreement(secret(test.private));
		const shared = await agreement.agree(hex(test.public));
		const isZero = /^0+$/.test(test.shared);
		return isZero ? shared === null : shared !== null && toHex(shared.reveal()) === test.shared;
	});
}

async function checkHkdf({ suite }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(hkdfFile, corpus).testGroups.flatMap(({ tests }) => tests);
	return runAll(cases, always, async ({ ikm, info, size, salt, okm, result }) => {
		const derived = suite.hkdf(secret(ikm), hex(info), size, hex(salt));
		if (result === 'invalid') return isRefused(derived);
		return toHex((await derived).reveal()) === okm;
	});
}

async function checkMlKem({ mlKem }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(mlKemFile, corpus).testGroups.flatMap(({ tests }) => tests);
	return runAll(cases, always, async ({ seed, ek, c, K, result }) => {
		const key = mlKem.key(secret(seed));
		if (result === 'invalid') return isRefused(key.then((good) => good.decapsulate(hex(c))));
		const { publicKey, decapsulate } = await key;
		const shared = await decapsulate(hex(c));
		return toHex(publicKey) === ek && shared !== null && toHex(shared.reveal()) === K;
	});
}

async function checkEncaps(subject: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(encapsFile, corpus).testGroups.flatMap(({ tests }) => tests);
	return runAll(cases, always, async ({ ek, m, c, K, result }) => {
		const sent = await subject.mlKem.encapsulate(hex(ek), secret(m));
		if (result === 'invalid' || sent === null) return result === 'invalid' && sent === null;
		if (!subject.isReproducible) return sent.ciphertext.length === c.length / 2;
		return toHex(sent.ciphertext) === c && toHex(sent.shared.reveal()) === K;
	});
}

async function checkKeygen({ mlKem }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(keygenFile, corpus).testGroups.flatMap(({ tests }) => tests);
	return runAll(cases, always, async ({ seed, ek }) => {
		return toHex((await mlKem.key(secret(seed))).publicKey) === ek;
	});
}

/** Mode base with AES-256-GCM is what version 1 speaks; the KEM differs and gives the secret here. */
async function checkHpke({ suite }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(hpkeFile, corpus).map((test, tcId) => ({ ...test, tcId }));
	const isOurs = ({ mode, aead_id }: (typeof cases)[number]) => mode === 0 && aead_id === 2;
	return runAll(cases, isOurs, async (test) => {
		const shared = secret(test.shared_secret);
		const context = await keySchedule(suite.hmac, shared, hex(test.info), test.kem_id);
		const isKey = toHex(context.key.reveal()) === test.key;
		if (!isKey || toHex(context.baseNonce) !== test.base_nonce) return false;
		for (const [sequence, { aad, ct, nonce, pt }] of test.encryptions.entries()) {
			const own = nonceAt(context.baseNonce, sequence);
			const sealed = await suite.sealAead(context.key, own, hex(aad), hex(pt));
			if (toHex(own) !== nonce || toHex(sealed) !== ct) return false;
		}
		return test.encryptions.length > 0;
	});
}

async function checkXwing({ suite, isReproducible }: Subject, corpus: unknown): Promise<Outcome> {
	const cases = v.parse(xwingFile, corpus).map((test, tcId) => ({ ...test, tcId }));
	return runAll(cases, always, async ({ seed, eseed, ss, pk, ct }) => {
		const key = await suite.kem(secret(seed));
		const opened = await key.decapsulate(hex(ct));
		if (toHex(key.publicKey) !== pk || toHex(opened?.reveal() ?? hex('')) !== ss) return false;
		if (!isReproducible) return true;
		const sent = await suite.encapsulate(hex(pk), () => hex(eseed));
		return sent !== null && toHex(sent.enc) === ct && toHex(sent.shared.reveal()) === ss;
	});
}

/** A length that no stranger chooses may be refused by throwing. */
async function isRefused(attempt: Promise<unknown>): Promise<boolean> {
	return attempt.then(
		(value) => value === null,
		() => true
	);
}

function hex(text: string): Bytes {
	const bytes = fromHex(text);
	if (bytes === null) throw new Error('a vector holds something else than hex digits');
	return bytes;
}

function secret(text: string): Secret {
	return new Secret(hex(text));
}
