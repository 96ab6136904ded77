import { beforeAll, expect, test } from 'vitest';
import { nobleSuite as suite } from '../crypto/noble.ts';
import { pad } from '../crypto/pad.ts';
import { Secret } from '../crypto/secret.ts';
import type { Signer } from '../crypto/suite.ts';
import { withdrawDecoder, type WithdrawBody } from '../wire/body.ts';
import { cidOfObject, encodePlain } from '../wire/codec.ts';
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

async function opened(): Promise<WithdrawBody> {
	const body = await openBody(suite, key, header, (await sealed()).sealed);
	const decoded = body.ok ? withdrawDecoder.decode(body.value) : body;
	if (!decoded.ok) throw new Error(decoded.reason);
	return decoded.value;
}

const checked = { suite, isTrusted: false };

test('what is sealed opens, and is signed for this header', async () => {
	const body = await opened();
	expect(await isSigned(checked, header, body)).toBe(true);
	expect(await openBody(suite, key, header, (await sealed()).sealed)).toEqual({
		ok: true,
		value: (await sealed()).plain
	});
});

test('a text cannot be hung under other parents, another epoch or another salt', async () => {
	const body = await opened();
	const other = cidOfObject(encodePlain('other'));
	const changes = [
		{ parents: [other] },
		{ epoch: other },
		{ thread: other },
		{ salt: key.reveal() }
	];
	for (const change of changes) {
		const moved = { ...header, ...change };
		expect(await isSigned(checked, moved, body)).toBe(false);
		const result = await openBody(suite, key, moved, (await sealed()).sealed);
		expect(result).toEqual({ ok: false, reason: 'wrong-tag' });
	}
});

test('the signature covers every field, unknown ones too', async () => {
	const body = await opened();
	expect(await isSigned(checked, header, { ...body, target: key.reveal().slice(0, 16) })).toBe(
		false
	);
	expect(await isSigned(checked, header, { ...body, later: 1 })).toBe(false);
	const { sealed: bytes } = await sealed({ ...fields, later: 1 });
	const result = await openBody(suite, key, header, bytes);
	const decoded = result.ok ? withdrawDecoder.decode(result.value) : result;
	expect(decoded.ok && (await isSigned(checked, header, decoded.value))).toBe(true);
});

test('another key or a flipped bit does not open', async () => {
	const { sealed: bytes } = await sealed();
	const other = new Secret(new Uint8Array(32).fill(9));
	expect(await openBody(suite, other, header, bytes)).toEqual({ ok: false, reason: 'wrong-tag' });
	bytes[5]! ^= 1;
	expect(await openBody(suite, key, header, bytes)).toEqual({ ok: false, reason: 'wrong-tag' });
});

test('one body has one sealed form: other padding is refused', async () => {
	const padded = new Uint8Array(1000);
	padded.set(pad(Uint8Array.of(1, 2, 3)));
	const bytes = await suite.sealAead(key, new Uint8Array(12), core, padded);
	expect(await openBody(suite, key, header, bytes)).toEqual({ ok: false, reason: 'not-canonical' });
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
