/** Which suite this browser can run: found by trying, never by its name. */

import { concat, equal } from '../wire/bytes.ts';
import { nobleSuite } from './noble.ts';
import { Secret } from './secret.ts';
import { SIZES, type Suite } from './suite.ts';
import { findSubtle } from './subtle.ts';
import { createWebSuite } from './webcrypto.ts';

/** @param subtle what the platform offers; `null` outside a secure context */
export async function createSuite(subtle = findSubtle()): Promise<Suite> {
	const webSuite = subtle && (await tryWebSuite(subtle));
	return webSuite ?? nobleSuite;
}

async function tryWebSuite(subtle: SubtleCrypto): Promise<Suite | null> {
	try {
		const suite = await createWebSuite(subtle);
		return (await agreesWithNoble(suite)) ? suite : null;
	} catch {
		return null; // NotSupportedError for Ed25519 or X25519 (WebKit before 17, Chromium before 137)
	}
}

/** Keys and signatures are deterministic: a platform that gives others is not to be used. */
async function agreesWithNoble(suite: Suite): Promise<boolean> {
	const [ours, theirs] = await Promise.all([describe(suite), describe(nobleSuite)]);
	return equal(ours, theirs) && (await verifiesItself(suite));
}

const SEED = new Secret(new Uint8Array(SIZES.seed).fill(1));
const MESSAGE = new Uint8Array(0);

/** All that must not differ: both public keys and a signature. */
async function describe(suite: Suite): Promise<Uint8Array> {
	const signer = await suite.signer(SEED);
	const { publicKey } = await suite.agreement(SEED);
	return concat(signer.publicKey, publicKey, await signer.sign(MESSAGE));
}

async function verifiesItself(suite: Suite): Promise<boolean> {
	const signer = await suite.signer(SEED);
	return suite.verify(signer.publicKey, MESSAGE, await signer.sign(MESSAGE));
}
