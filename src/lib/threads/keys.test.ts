import { expect, test } from 'vitest';
import { nobleSuite as suite } from '../crypto/noble.ts';
import { Secret } from '../crypto/secret.ts';
import { toHex } from '../wire/bytes.ts';
import { cidOfObject, encodePlain } from '../wire/codec.ts';
import {
	certificateToSign,
	commitTo,
	commitToList,
	entryKey,
	hintFor,
	joinSigner,
	joinToSign,
	listBodyKey,
	listKey,
	vouchFor
} from './keys.ts';

const filled = (byte: number) => new Uint8Array(32).fill(byte);
const secret = () => new Secret(filled(1));
const salt = filled(2);
const thread = cidOfObject(encodePlain('thread'));

test('the derivations give the bytes that they always gave', async () => {
	const list = await listKey(suite, secret());
	const [own, other] = [
		await suite.agreement(new Secret(filled(3))),
		await suite.agreement(new Secret(filled(4)))
	];
	const names = { origin: salt, writer: filled(5), writerRoot: filled(6), readerRoot: filled(7) };
	const bytes = {
		entryKey: (await entryKey(suite, secret(), salt, thread)).reveal(),
		listKey: list.reveal(),
		listBodyKey: (await listBodyKey(suite, list, salt, thread)).reveal(),
		firstListBodyKey: (await listBodyKey(suite, list, salt, null)).reveal(),
		commit: await commitTo(suite, secret(), salt),
		listCommit: await commitToList(suite, list, salt),
		hint: (await hintFor(suite, own, other.publicKey, salt)) ?? new Uint8Array(),
		join: (await joinSigner(suite, secret(), salt)).publicKey,
		vouch: (await vouchFor(suite, own, other.publicKey, names)) ?? new Uint8Array(),
		certificate: await suite.sha256(
			certificateToSign(salt, { root: filled(6), writer: filled(5), peer: 'peer' })
		),
		joinToSign: await suite.sha256(joinToSign(salt, filled(6), filled(8)))
	};
	const hex = Object.fromEntries(Object.entries(bytes).map(([name, key]) => [name, toHex(key)]));
	expect(hex).toMatchSnapshot();
});

test('both sides compute one hint and one vouch; a point of low order gives none', async () => {
	const [own, other] = [
		await suite.agreement(new Secret(filled(3))),
		await suite.agreement(new Secret(filled(4)))
	];
	const names = { origin: salt, writer: filled(5), writerRoot: filled(6), readerRoot: filled(7) };
	expect(await hintFor(suite, own, other.publicKey, salt)).toEqual(
		await hintFor(suite, other, own.publicKey, salt)
	);
	expect(await vouchFor(suite, own, other.publicKey, names)).toEqual(
		await vouchFor(suite, other, own.publicKey, names)
	);
	const low = new Uint8Array(32);
	expect(await hintFor(suite, own, low, salt)).toBeNull();
	expect(await vouchFor(suite, own, low, names)).toBeNull();
});
