/** Which suite this browser can run: found by trying, never by its name. */

import { concat, toHex } from '../wire/bytes.ts';
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
		return (await isRight(suite)) ? suite : null;
	} catch {
		return null; // NotSupportedError for Ed25519 or X25519 (WebKit before 17, Chromium before 137)
	}
}

/** Keys and signatures are deterministic: a platform that gives others is not to be used. */
async function isRight(suite: Suite): Promise<boolean> {
	const answer = await describe(suite);
	return toHex(answer) === KNOWN_ANSWER && (await verifiesItself(suite));
}

const SEED = new Secret(new Uint8Array(SIZES.seed).fill(1));
const MESSAGE = new Uint8Array(0);
/** What noble's suite says: working that out anew takes as long as drawing the inbox. */
const KNOWN_ANSWER =
	'8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c' +
	'a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209' +
	'778cda0634c021fae8b1a9fa655ba13230f6fcfc5c5d519afb0872ec9bf1d642' +
	'41cc3eed8ad47270d86d30e762ad17677c6fb1797e35bca7eba30388257e020f';

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
