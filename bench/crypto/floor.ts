/**
 * The floor of `crypto.ts`: the primitive calls that sealing, opening and a new epoch cannot do without
 * (PROTOCOL.md §3 and §4), one after the other on WebCrypto, key imports and SHA3-256 included; no codec,
 * no padding, no check. Sizes are those of real entries.
 */
import { sha3_256 } from '@noble/hashes/sha3.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** What https://wicg.github.io/webcrypto-modern-algos/ adds. */
interface Modern {
	generateKey(algorithm: string, extractable: boolean, uses: string[]): Promise<CryptoKeyPair>;
	importKey(
		format: string,
		data: Bytes,
		algorithm: string,
		extractable: boolean,
		uses: string[]
	): Promise<CryptoKey>;
	exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer>;
	encapsulateBits(
		algorithm: string,
		key: CryptoKey
	): Promise<{ sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }>;
}

const { subtle } = crypto;
const modern = subtle as unknown as Modern;
const NO_SALT = new Uint8Array();
const X25519_BASE = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0));
/** Labels with thread, salt or keys: of about this length everywhere. */
const INFO = random(80);
const CORE = random(260);
const PKCS8_ED25519 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
const PKCS8_X25519 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]);
/** A wrap's payload with the claim around it. */
const WRAP_BYTES = 330;
/** What a member adds to the body of its epoch: record, card, keys, slot. */
const MEMBER_BYTES = 900;

function random(size: number): Bytes {
	return crypto.getRandomValues(new Uint8Array(size));
}

async function sha256(data: Bytes): Promise<Bytes> {
	return new Uint8Array(await subtle.digest('SHA-256', data));
}

async function hkdf(secret: Bytes): Promise<Bytes> {
	const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
	const parameters = { name: 'HKDF', hash: 'SHA-256', salt: NO_SALT, info: INFO };
	return new Uint8Array(await subtle.deriveBits(parameters, key, 256));
}

async function hmac(secret: Bytes, data: Bytes): Promise<Bytes> {
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	const key = await subtle.importKey('raw', secret, algorithm, false, ['sign']);
	return new Uint8Array(await subtle.sign('HMAC', key, data));
}

async function encrypt(secret: Bytes, plain: Bytes): Promise<Bytes> {
	const key = await subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt']);
	const parameters = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: CORE };
	return new Uint8Array(await subtle.encrypt(parameters, key, plain));
}

async function decrypt(secret: Bytes, sealed: Bytes): Promise<Bytes> {
	const key = await subtle.importKey('raw', secret, 'AES-GCM', false, ['decrypt']);
	const parameters = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: CORE };
	return new Uint8Array(await subtle.decrypt(parameters, key, sealed));
}

function toPkcs8(head: Bytes, seed: Bytes): Bytes {
	const whole = new Uint8Array(48);
	whole.set(head);
	whole.set(seed, 16);
	return whole;
}

/** With its public key, which WebCrypto shows of an extractable key only. */
async function importSigner(seed: Bytes): Promise<CryptoKey> {
	const pkcs8 = toPkcs8(PKCS8_ED25519, seed);
	const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
	await subtle.exportKey('jwk', await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']));
	return key;
}

async function agree(own: CryptoKey, other: Bytes): Promise<Bytes> {
	const peer = await subtle.importKey('raw', other, 'X25519', false, []);
	return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: peer }, own, 256));
}

async function importAgreement(seed: Bytes): Promise<{ key: CryptoKey; public: Bytes }> {
	const pkcs8 = toPkcs8(PKCS8_X25519, seed);
	const key = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
	return { key, public: await agree(key, X25519_BASE) };
}

async function verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<void> {
	const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
	if (!(await subtle.verify('Ed25519', key, signature, message)))
		throw new Error('wrong signature');
}

/** Keys of both sides, made once. */
async function createWorld() {
	const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
	if (!('privateKey' in pair)) throw new Error('no key pair');
	const kem = await modern.generateKey('ML-KEM-768', true, ['encapsulateBits', 'decapsulateBits']);
	const message = random(140);
	return {
		secret: random(32),
		signer: pair.privateKey,
		verifier: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
		auth: await importAgreement(random(32)),
		peer: (await importAgreement(random(32))).public,
		kem: new Uint8Array(await modern.exportKey('raw-public', kem.publicKey)),
		message,
		signature: new Uint8Array(await subtle.sign('Ed25519', pair.privateKey, message))
	};
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export const world = createWorld();

/** Entry key, both hashes, signature, AEAD, body hash: what the sealed body is. */
export async function floorSeal({ secret, signer }: World, plain: Bytes): Promise<Bytes> {
	const key = await hkdf(secret);
	await sha256(CORE);
	await sha256(plain);
	await subtle.sign('Ed25519', signer, random(100));
	const sealed = await encrypt(key, plain);
	await sha256(sealed);
	return sealed;
}

export async function floorOpen(known: World, sealed: Bytes): Promise<void> {
	await sha256(sealed);
	const plain = await decrypt(await hkdf(known.secret), sealed);
	await sha256(CORE);
	await sha256(plain);
	await verify(known.verifier, known.message, known.signature);
}

/** A new thread of `members`, the maker included, and its first message. */
export async function floorEpoch(known: World, members: number, plain: Bytes): Promise<void> {
	const list = await hkdf(known.secret);
	await hmac(known.secret, INFO);
	await hmac(list, INFO);
	const ephemeral = await importAgreement(random(32));
	for (const secret of [random(32), random(32)]) await importSigner(await hkdf(secret));
	await subtle.sign('Ed25519', known.signer, INFO);
	const body = random(MEMBER_BYTES);
	for (let i = 0; i < members; i++) {
		await floorIdentity(body);
		await sha256(random(32)); // the slot
		if (i > 0) await floorNewMember(known);
		await floorWrap(known, ephemeral.key);
	}
	const state = new Uint8Array(members * MEMBER_BYTES + 400);
	await floorSeal(known, state);
	await floorSeal(known, plain);
}

/** Root record and card are named by their hashes; they were verified when they were learned. */
async function floorIdentity(bytes: Bytes): Promise<void> {
	for (let i = 0; i < 2; i++) await sha256(bytes.subarray(0, 400));
}

/** A seed to join with, and the writer's authenticator. */
async function floorNewMember({ auth, peer }: World): Promise<void> {
	await importSigner(random(32));
	await hmac(await hkdf(await agree(auth.key, peer)), INFO);
}

async function floorWrap({ auth, peer, kem }: World, ephemeral: CryptoKey): Promise<void> {
	await hmac(await agree(ephemeral, peer), INFO);
	await sha256(kem);
	await sha256(kem);
	const own = await importAgreement(random(32));
	const shared = await agree(own.key, peer);
	const key = await modern.importKey('raw-public', kem, 'ML-KEM-768', false, ['encapsulateBits']);
	const sent = await modern.encapsulateBits('ML-KEM-768', key);
	const joined = sha3_256(
		Uint8Array.of(...new Uint8Array(sent.sharedKey), ...shared, ...own.public)
	);
	// HPKE's key schedule (RFC 9180 §5.1).
	for (const secret of [NO_SALT32, NO_SALT32, joined, shared]) await hmac(toBytes(secret), INFO);
	const schedule = await hmac(shared, INFO);
	await hmac(await hkdf(await agree(auth.key, peer)), random(WRAP_BYTES));
	await encrypt(schedule, random(WRAP_BYTES));
}

const NO_SALT32 = new Uint8Array(32);

function toBytes(bytes: Uint8Array): Bytes {
	return Uint8Array.from(bytes);
}
