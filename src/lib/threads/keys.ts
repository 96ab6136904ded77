/**
 * Keys of a thread (protocol §3, §8.3, §8.7). `salt` is the entry's own, `thread` its id as CID
 * (`null` in the first epoch), `origin` the salt of the first epoch: what stands for the thread where
 * its id does not exist yet.
 *
 * | key | derivation |
 * |---|---|
 * | entry key | HKDF(epoch secret, body ‖ thread, salt) |
 * | list key | HKDF(epoch secret, list) |
 * | key of an epoch's body | HKDF(list key, list-body ‖ thread, salt) |
 * | `commit`, `listCommit` | HMAC(epoch secret, commit ‖ salt), HMAC(list key, list-commit ‖ salt) |
 * | hint | first 8 bytes of HMAC(X25519(ephemeral key, member's DH prekey), hint ‖ salt) |
 * | join key | Ed25519 of HKDF(join secret, join-key ‖ origin) |
 * | vouch | first 16 bytes of HMAC(HKDF(X25519(both authentication keys), writer-authenticator), origin ‖ writer key ‖ writer's root ‖ reader's root) |
 */

import type { CID } from 'multiformats/cid';
import { Secret } from '../crypto/secret.ts';
import type { Agreement, Signer, Suite } from '../crypto/suite.ts';
import { VOUCH_BYTES } from '../wire/body.ts';
import { concat, toHex } from '../wire/bytes.ts';
import { HINT_BYTES } from '../wire/entry.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import type { Me } from './thread.ts';

const secrets = new WeakMap<Uint8Array, Secret>();

/** One for the same bytes, so that suites import their key once. Nobody erases it. */
export function toSecret(bytes: Uint8Array): Secret {
	const known = secrets.get(bytes) ?? new Secret(Uint8Array.from(bytes));
	secrets.set(bytes, known);
	return known;
}

/** By thread: an entry needs it each time. */
const entryInfos = new WeakMap<CID, Uint8Array>();

export function entryKey(
	suite: Suite,
	secret: Secret,
	salt: Uint8Array,
	thread: CID
): Promise<Secret> {
	const info = entryInfos.get(thread) ?? labelled(LABELS.entryBody, thread);
	entryInfos.set(thread, info);
	return suite.hkdf(secret, info, 32, salt);
}

export function listKey(suite: Suite, secret: Secret): Promise<Secret> {
	return suite.hkdf(secret, labelled(LABELS.epochList), 32);
}

export function listBodyKey(
	suite: Suite,
	key: Secret,
	salt: Uint8Array,
	thread: CID | null
): Promise<Secret> {
	return suite.hkdf(key, labelled(LABELS.epochListBody, thread), 32, salt);
}

export function commitTo(suite: Suite, secret: Secret, salt: Uint8Array): Promise<Uint8Array> {
	return suite.hmac(secret, labelled(LABELS.epochCommit, salt));
}

export function commitToList(suite: Suite, key: Secret, salt: Uint8Array): Promise<Uint8Array> {
	return suite.hmac(key, labelled(LABELS.listCommit, salt));
}

/** `null` where the other key is of low order. */
export async function hintFor(
	suite: Suite,
	own: Agreement,
	other: Uint8Array,
	salt: Uint8Array
): Promise<Uint8Array | null> {
	const shared = await own.agree(other);
	if (shared === null) return null;
	return (await suite.hmac(shared, labelled(LABELS.wrapHint, salt))).slice(0, HINT_BYTES);
}

export async function joinSigner(
	suite: Suite,
	joinSecret: Secret,
	origin: Uint8Array
): Promise<Signer> {
	return suite.signer(await suite.hkdf(joinSecret, labelled(LABELS.joinKey, origin), 32));
}

const writers = new WeakMap<Me, Map<string, Promise<Signer>>>();

/** This device's writer key in a thread; derived once for each `me`. */
export function writerOf(me: Me, origin: Uint8Array): Promise<Signer> {
	const known = writers.get(me) ?? new Map<string, Promise<Signer>>();
	writers.set(me, known);
	const name = toHex(origin);
	const writer = known.get(name) ?? me.writer(origin);
	known.set(name, writer);
	return writer;
}

export interface VouchedKey {
	readonly origin: Uint8Array;
	readonly writer: Uint8Array;
	readonly writerRoot: Uint8Array;
	readonly readerRoot: Uint8Array;
}

/** The same from both sides; `null` where the other authentication key is of low order. */
export async function vouchFor(
	suite: Suite,
	own: Agreement,
	otherAuth: Uint8Array,
	{ origin, writer, writerRoot, readerRoot }: VouchedKey
): Promise<Uint8Array | null> {
	const shared = await own.agree(otherAuth);
	if (shared === null) return null;
	const key = await suite.hkdf(shared, labelled(LABELS.writerAuthenticator), 32);
	const mac = await suite.hmac(key, concat(origin, writer, writerRoot, readerRoot));
	return mac.slice(0, VOUCH_BYTES);
}

export interface CertifiedKey {
	readonly root: Uint8Array;
	readonly writer: Uint8Array;
	readonly peer: string;
}

/** What a join key signs for a device. */
export function certificateToSign(
	origin: Uint8Array,
	{ root, writer, peer }: CertifiedKey
): Uint8Array {
	return labelled(LABELS.certificate, origin, root, writer, peer);
}

/** What the seed signs for the member's own join key. */
export function joinToSign(origin: Uint8Array, root: Uint8Array, join: Uint8Array): Uint8Array {
	return labelled(LABELS.joinSeed, origin, root, join);
}
