/** CIDs, ids and names that were read lately are remembered; no other is ever taken for one of them. */

import { expect, test } from 'vitest';
import { sha256ToObjectCid, sha256ToRawCid } from './codec.ts';
import { readCbor } from './cbor-read.ts';
import { writeCbor } from './cbor-write.ts';

const digest = (...bytes: number[]) =>
	Uint8Array.from({ length: 32 }, (_, i) => bytes[i] ?? bytes.at(-1) ?? 0);

test('CIDs whose digests begin alike are told apart', () => {
	const alike = Array.from({ length: 40 }, (_, i) => sha256ToObjectCid(digest(7, 7, i)));
	const others = alike.map((cid) => sha256ToRawCid(cid.multihash.digest));
	const all = [...alike, ...others, ...alike.toReversed(), sha256ToRawCid(digest(7, 8))];
	expect(readCbor(writeCbor(all))).toEqual(all);
	for (const cid of all) expect(readCbor(writeCbor(cid))).toEqual(cid);
});

test('the same is the same object while it is remembered', () => {
	const cid = sha256ToObjectCid(digest(1, 2, 3));
	const [first, second] = [cid, cid].map((each) => readCbor(writeCbor([each])));
	expect(first).toEqual([cid]);
	expect(Object.is(Array.isArray(first) && first[0], Array.isArray(second) && second[0])).toBe(
		true
	);
});

test('ids that differ in one letter, or are cut off, are told apart', () => {
	const letters = 'abcdefghijklmnopqrstuvwxyz234567';
	const base = letters + letters.slice(0, 30);
	const ids = [...base].flatMap((_, at) =>
		[...letters].map((letter) => base.slice(0, at) + letter + base.slice(at + 1))
	);
	const cut = Array.from({ length: 20 }, (_, size) => base.slice(0, 45 + size));
	const all = [...ids, ...cut, ...ids.toReversed()];
	expect(readCbor(writeCbor(all))).toEqual(all);
	for (const id of all) expect(readCbor(writeCbor(id))).toBe(id);
});

test('a text of the length of an id is read as it is, whatever its letters', () => {
	const texts = ['é'.repeat(30), 'ü'.repeat(31), `${'a'.repeat(58)}é`, '\u{1f4ec}'.repeat(14)];
	for (const text of [...texts, ...texts]) expect(readCbor(writeCbor(text))).toBe(text);
	const broken = writeCbor('a'.repeat(60));
	broken[40] = 0xff;
	expect(() => readCbor(broken)).toThrow();
});

test('a head that no CID of ours has is refused, whatever was read before', () => {
	const good = writeCbor(sha256ToObjectCid(digest(9)));
	expect(() => readCbor(good)).not.toThrow();
	for (let at = 0; at < good.length - 32; at++) {
		const bad = Uint8Array.from(good);
		bad[at] = (bad[at] ?? 0) ^ 1;
		expect(() => readCbor(bad), String(at)).toThrow();
	}
	expect(() => readCbor(good.subarray(0, -1))).toThrow();
	expect(readCbor(good)).toEqual(sha256ToObjectCid(digest(9)));
});
