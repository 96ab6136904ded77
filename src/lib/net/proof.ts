/**
 * Proof first (protocol §5): before anything else both sides show that they hold the authentication
 * key that the other knows from a card, bound to this very connection.
 *
 * | step | from | frame |
 * |---|---|---|
 * | 1 | dialler | `hello`: its root, a nonce |
 * | 2 | listener | `challenge`: a nonce |
 * | 3 | dialler | `proof`: HMAC(k, proof, "dialler", both peer ids, both nonces) |
 * | 4 | listener | `proof`: HMAC(k, proof, "listener", both peer ids, both nonces) |
 *
 * k = HKDF(X25519(authentication keys), {proof, dialler's root, listener's root}). A stranger gets its
 * challenge like everyone and fails at step 3, so that a dialler cannot learn who knows whom.
 */

import { equalConstantTime, type Secret } from '../crypto/secret.ts';
import type { Agreement, Suite } from '../crypto/suite.ts';
import type { Ground } from '../post/ports.ts';
import { rootKeyToAddress, type Address, type PeerName } from '../wire/ids.ts';
import type { Decoder } from '../wire/codec.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { encodeObject } from '../wire/office.ts';
import { challengeDecoder, helloDecoder, NONCE_BYTES, proofDecoder } from '../wire/sync.ts';
import { Breach } from './pipe.ts';

/** What the handshake needs of the world. */
export interface Prover {
	readonly ground: Pick<Ground, 'suite' | 'random'>;
	/** Own root key, 32 bytes. */
	readonly root: Uint8Array;
	readonly auth: Agreement;
	/** The authentication key of another identity; `null`: a stranger. */
	readonly authKeyOf: (root: Uint8Array) => Promise<Uint8Array | null>;
}

/** The two ends as the transport has authenticated them, and the frames between them. */
export interface Handshake {
	readonly local: PeerName;
	readonly remote: PeerName;
	send(payload: Uint8Array): Promise<void>;
	/** The next frame; throws `Breach` where there is none. */
	next(): Promise<Uint8Array>;
}

export interface Proved {
	readonly address: Address;
	/** Fresh for this session; blinds what is said about threads. */
	readonly key: Secret;
}

/** @param root of the identity that is dialled. Throws `Breach`. */
export async function proveAsDialler(
	prover: Prover,
	root: Uint8Array,
	wire: Handshake
): Promise<Proved> {
	const { random } = prover.ground;
	const nonce = random(NONCE_BYTES);
	await wire.send(encodeObject('hello', { root: prover.root, nonce }));
	const challenge = await read(wire, challengeDecoder);
	const shared = await agree(prover, root);
	const said: Said = {
		dialler: { root: prover.root, peer: wire.local, nonce },
		listener: { root, peer: wire.remote, nonce: challenge.nonce }
	};
	if (shared === null) throw new Breach('not-proved');
	const key = await proofKey(prover.ground.suite, shared, said);
	const mac = await macOf(prover.ground.suite, key, 'dialler', said);
	await wire.send(encodeObject('proof', { mac }));
	const answer = await read(wire, proofDecoder);
	const expected = await macOf(prover.ground.suite, key, 'listener', said);
	if (!equalConstantTime(answer.mac, expected)) throw new Breach('not-proved');
	return { address: rootKeyToAddress(root), key: await sessionKey(prover, shared, said) };
}

/** Throws `Breach`. */
export async function proveAsListener(prover: Prover, wire: Handshake): Promise<Proved> {
	const { suite, random } = prover.ground;
	const hello = await read(wire, helloDecoder);
	const nonce = random(NONCE_BYTES);
	await wire.send(encodeObject('challenge', { nonce }));
	const said: Said = {
		dialler: { root: hello.root, peer: wire.remote, nonce: hello.nonce },
		listener: { root: prover.root, peer: wire.local, nonce }
	};
	const shared = await agree(prover, hello.root);
	const key = shared && (await proofKey(suite, shared, said));
	const expected = key && (await macOf(suite, key, 'dialler', said));
	const { mac } = await read(wire, proofDecoder);
	if (shared === null || key === null || expected === null) throw new Breach('not-proved');
	if (!equalConstantTime(mac, expected)) throw new Breach('not-proved');
	await wire.send(encodeObject('proof', { mac: await macOf(suite, key, 'listener', said) }));
	return { address: rootKeyToAddress(hello.root), key: await sessionKey(prover, shared, said) };
}

interface Side {
	readonly root: Uint8Array;
	readonly peer: PeerName;
	readonly nonce: Uint8Array;
}

interface Said {
	readonly dialler: Side;
	readonly listener: Side;
}

async function read<T>(wire: Handshake, decoder: Decoder<T>): Promise<T> {
	const decoded = decoder.decode(await wire.next());
	if (!decoded.ok) throw new Breach(decoded.reason);
	return decoded.value;
}

/** `null`: a stranger, or a key that is none. */
async function agree(prover: Prover, root: Uint8Array): Promise<Secret | null> {
	const theirs = await prover.authKeyOf(root);
	return theirs && prover.auth.agree(theirs);
}

async function proofKey(
	suite: Suite,
	shared: Secret,
	{ dialler, listener }: Said
): Promise<Secret> {
	return suite.hkdf(shared, labelled(LABELS.proof, dialler.root, listener.root), 32);
}

/** The role stands inside: a proof sent back to its maker proves nothing. */
async function macOf(
	suite: Suite,
	key: Secret,
	role: 'dialler' | 'listener',
	{ dialler, listener }: Said
): Promise<Uint8Array> {
	const { peer: from, nonce: first } = dialler;
	const { peer: to, nonce: second } = listener;
	return suite.hmac(key, labelled(LABELS.proof, role, from, to, first, second));
}

async function sessionKey(
	{ ground: { suite } }: Prover,
	shared: Secret,
	{ dialler, listener }: Said
): Promise<Secret> {
	const context = labelled(LABELS.syncTag, dialler.nonce, listener.nonce);
	return suite.hkdf(shared, context, 32);
}
