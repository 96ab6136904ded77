import { expect, test } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { Secret } from '../crypto/secret.ts';
import type { Suite } from '../crypto/suite.ts';
import { toHex } from '../wire/bytes.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import { verifyBundleParts } from './chain.ts';
import { isOutdated } from './prekey.ts';
import { createSeatCard, deriveSeat } from './seat.ts';

const secretOf = (byte: number) => new Secret(new Uint8Array(32).fill(byte));

async function publicKeysOf(suite: Suite, byte: number) {
	const seat = await deriveSeat(suite, secretOf(byte));
	return {
		address: rootKeyToAddress(seat.root.publicKey),
		card: toHex(seat.card.publicKey),
		auth: toHex(seat.auth.publicKey),
		prekey: toHex(seat.prekey.id),
		kem: toHex(await suite.sha256(seat.prekey.kem.publicKey)),
		dh: toHex(seat.prekey.dh.publicKey),
		join: toHex(await suite.sha256(seat.joinSecret.reveal())),
		writer: toHex(await suite.sha256(seat.writerSecret.reveal())),
		peer: seat.peer
	};
}

test('the keys of a seat are frozen: links of earlier versions are under way', async () => {
	expect(await publicKeysOf(nobleSuite, 7)).toMatchInlineSnapshot(`
		{
		  "address": "k51qzi5uqu5di3y91oid23u2axejfrv1161m5u3buqo27blo14zxsbtjdzqh3i",
		  "auth": "fcfe78b3c99d2a5919052266e54edf9a676f2887be23c92378db319b608caa1f",
		  "card": "85f387ecf49294d29109ff33759616f2029d109fd5ea0a7aa207c11be52e63fc",
		  "dh": "943dfac2d5e3c24a5231fbee5c6e3c22d9f3ef313429508edec629a4972e6f04",
		  "join": "e709baca08639f47ac4113343d8c67aa79e2a0aeb6312e5b54ba4541d1033631",
		  "kem": "6c4094c15861ef2a30af4416bbe2646143992e98a223d04665efbd355e7e6055",
		  "peer": "12D3KooWDF8PDoYdXgdV2ENYXm8sncedrxRQJ23FSErtx1exg8gG",
		  "prekey": "697dc8c8a15e32fa",
		  "writer": "5bf40969ca9b615750e598e6572cdaebb479fb1ad52a6819527c31d3260cf35c",
		}
	`);
});

test('all of them are its own, and others for another secret', async () => {
	const [seven, eight] = [await publicKeysOf(nobleSuite, 7), await publicKeysOf(nobleSuite, 8)];
	const values = [...Object.values(seven), ...Object.values(eight)];
	expect(new Set(values).size).toBe(values.length);
});

test('its card verifies from its address, and is never outdated', async () => {
	const seat = await deriveSeat(nobleSuite, secretOf(7));
	const made = await createSeatCard(nobleSuite, seat);
	const address = rootKeyToAddress(seat.root.publicKey);
	const verified = await verifyBundleParts(nobleSuite, address, made);
	expect(verified).toMatchObject({ ok: true, value: { card: { offices: [] } } });
	if (!verified.ok) return;
	expect(isOutdated(verified.value.card.prekey, Date.UTC(9000, 0))).toBe(false);
	const other = await deriveSeat(nobleSuite, secretOf(8));
	const wrong = await verifyBundleParts(nobleSuite, rootKeyToAddress(other.root.publicKey), made);
	expect(wrong.ok).toBe(false);
});
