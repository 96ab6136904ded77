import { beforeAll, expect, test } from 'vitest';
import { nobleSuite as suite } from '../crypto/noble.ts';
import { pad } from '../crypto/pad.ts';
import { Secret } from '../crypto/secret.ts';
import type { Signer } from '../crypto/suite.ts';
import { withdrawDecoder, type WithdrawBody } from '../wire/body.ts';
import { cidOfObject, encodeFields, encodePlain } from '../wire/codec.ts';
import { headerCore, type EntryHeader } from '../wire/entry.ts';
import { LIMITS } from '../wire/limits.ts';
import { checkBodyHash, isSigned, openBody, sealBody } from './seal.ts';

const key = new Secret(new Uint8Array(32).fill(1));
const cid = cidOfObject(encodePlain('thread'));
const header: EntryHeader = {
	v: 1,
	t: 'entry',
	thread: cid,
	parents: [cid],
	epoch: cid,
	salt: new Uint8Array(32).fill(2),
	body: new Uint8Array(32)
};
const core = headerCore(header);
let writer: Signer;
let fields: Record<string, unknown>;

beforeAll(async () => {
	writer = await suite.signer(new Secret(new Uint8Array(32).fill(3)));
	const root = new Uint8Array(32).fill(4);
	const cert = { root, writer: writer.publicKey, peer: 'peer', sig: new Uint8Array(64) };
	fields = {
		v: 1,
		t: 'withdraw',
		id: new Uint8Array(16),
		clock: new Uint8Array(8),
		writer: writer.publicKey,
		cert,
		vouches: [],
		target: new Uint8Array(16)
	};
});

async function sealed(body: Record<string, unknown> = fields) {
	const made = await sealBody(suite, writer, key, core, body);
	if (!made.ok) throw new Error(made.reason);
	return made.value;
}

async function open(bytes: Uint8Array): Promise<{ body: WithdrawBody; plain: Uint8Array }> {
	const plain = await openBody(suite, key, core, bytes);
	const decoded = plain.ok ? withdrawDecoder.decode(plain.value) : plain;
	if (!plain.ok || !decoded.ok) throw new Error('it does not open');
	return { body: decoded.value, plain: plain.value };
}

async function isSignedWith(fields: Record<string, unknown>, under = core): Promise<boolean> {
	const plain = encodeFields(fields);
	const decoded = withdrawDecoder.decode(plain);
	if (!decoded.ok) throw new Error(decoded.reason);
	return isSigned(suite, under, decoded.value, plain);
}

test('what is sealed opens, and is signed for this header', async () => {
	const made = await sealed();
	const { body, plain } = await open(made.sealed);
	expect(await isSigned(suite, core, body, plain)).toBe(true);
	expect(plain).toEqual(made.plain);
});

test('a text cannot be hung under other parents, another epoch or another salt', async () => {
	const made = await sealed();
	const { body, plain } = await open(made.sealed);
	const other = cidOfObject(encodePlain('other'));
	const changes = [
		{ parents: [other] },
		{ epoch: other },
		{ thread: other },
		{ salt: key.reveal() }
	];
	for (const change of changes) {
		const moved = headerCore({ ...header, ...change });
		expect(await isSigned(suite, moved, body, plain)).toBe(false);
		const result = await openBody(suite, key, moved, made.sealed);
		expect(result).toEqual({ ok: false, reason: 'wrong-tag' });
	}
});

test('the signature covers every field, unknown ones too', async () => {
	const { body } = await open((await sealed()).sealed);
	expect(await isSignedWith({ ...body })).toBe(true);
	expect(await isSignedWith({ ...body, target: key.reveal().slice(0, 16) })).toBe(false);
	expect(await isSignedWith({ ...body, later: 1 })).toBe(false);
	const later = await open((await sealed({ ...fields, later: 1 })).sealed);
	expect(await isSigned(suite, core, later.body, later.plain)).toBe(true);
});

test('what a decoder drops was never signed, and need not have been', async () => {
	const { body } = await open((await sealed()).sealed);
	expect(await isSignedWith({ ...body, constructor: 1 })).toBe(true);
	const dropped = await open((await sealed({ ...fields, constructor: 1 })).sealed);
	expect(await isSigned(suite, core, dropped.body, dropped.plain)).toBe(false);
});

test('another key or a flipped bit does not open', async () => {
	const { sealed: bytes } = await sealed();
	const other = new Secret(new Uint8Array(32).fill(9));
	expect(await openBody(suite, other, core, bytes)).toEqual({ ok: false, reason: 'wrong-tag' });
	bytes[5]! ^= 1;
	expect(await openBody(suite, key, core, bytes)).toEqual({ ok: false, reason: 'wrong-tag' });
});

test('one body has one sealed form: other padding is refused', async () => {
	const padded = new Uint8Array(1000);
	padded.set(pad(Uint8Array.of(1, 2, 3)));
	const bytes = await suite.sealAead(key, new Uint8Array(12), core, padded);
	expect(await openBody(suite, key, core, bytes)).toEqual({ ok: false, reason: 'not-canonical' });
});

test('a body hash is checked, a body over the limit is never sealed', async () => {
	const { sealed: bytes } = await sealed();
	const named = { ...header, body: await suite.sha256(bytes) };
	expect(await checkBodyHash(suite, named, bytes)).toEqual({ ok: true, value: null });
	expect(await checkBodyHash(suite, header, bytes)).toEqual({ ok: false, reason: 'wrong-hash' });
	const long = { ...fields, text: 'x'.repeat(LIMITS.bodyBytes) };
	expect(await sealBody(suite, writer, key, core, long)).toEqual({
		ok: false,
		reason: 'too-large'
	});
});
