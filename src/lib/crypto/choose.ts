/** Which suite this browser can run: found by trying, never by its name. */

import { nobleSuite } from './noble.ts';
import { Secret } from './secret.ts';
import { SIZES, type Suite } from './suite.ts';
import { findSubtle } from './verify.ts';
import { createWebSuite } from './webcrypto.ts';

export async function createSuite(): Promise<Suite> {
	const subtle = findSubtle();
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

/** A key and a signature are deterministic: a platform that gives others is not to be used. */
async function agreesWithNoble(suite: Suite): Promise<boolean> {
	const seed = new Secret(new Uint8Array(SIZES.seed).fill(1));
	const message = new Uint8Array(0);
	const signature = await (await nobleSuite.signer(seed)).sign(message);
	const { publicKey } = await suite.signer(seed);
	const ours = (await suite.agreement(seed)).publicKey;
	const theirs = (await nobleSuite.agreement(seed)).publicKey;
	return (
		ours.every((byte, i) => byte === theirs[i]) &&
		(await suite.verify(publicKey, message, signature))
	);
}
