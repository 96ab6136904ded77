/** The largest legal notice and receipt fit their fixed lengths, with the largest legal sender. */

import { beforeAll, describe, expect, test } from 'vitest';
import {
	openEnvelope,
	sealEnvelope,
	type EnvelopePurpose,
	type OpeningPrekey,
	type Sender
} from '../../src/lib/crypto/envelope.ts';
import { nobleSuite as suite } from '../../src/lib/crypto/noble.ts';
import { Secret } from '../../src/lib/crypto/secret.ts';
import { cidOfRaw, type Plain } from '../../src/lib/wire/codec.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { noticeDecoder, receiptDecoder } from '../../src/lib/wire/notice.ts';
import { parcelDecoder } from '../../src/lib/wire/parcel.ts';
import { encodeObject } from '../../src/lib/wire/office.ts';
import { REFUSALS } from '../../src/lib/wire/refusal.ts';
import { countingRandom } from '../conformance/crypto.ts';

const LARGEST_SEQUENCE = 2 ** 48 - 1;
const LARGEST_REASON = 24;

const bytes = (size: number) => new Uint8Array(size).fill(255);
const secret = (n: number) => new Secret(new Uint8Array(32).fill(n));
const cids = (count: number) => Array.from({ length: count }, (_, i) => cidOfRaw(Uint8Array.of(i)));

const NOTICE = {
	id: bytes(16),
	thread: cidOfRaw(bytes(1)),
	epoch: cidOfRaw(bytes(2)),
	heads: cids(LIMITS.noticeHeads),
	holders: Array.from({ length: LIMITS.noticeHolders }, () => 'u'.repeat(LIMITS.urlBytes)),
	done: bytes(32),
	record: bytes(LIMITS.rootRecordBytes),
	card: bytes(LIMITS.cardBytes),
	token: bytes(LIMITS.tokenBytes),
	intro: 'ö'.repeat(LIMITS.introductionBytes / 2),
	ends: LIMITS.endMs
};
/** In place of an introduction, and never to a public slot. */
const ENDED = {
	ended: Array.from({ length: LIMITS.noticeEnded }, () => ({ id: bytes(16), at: LIMITS.endMs }))
};
const HEADS = { heads: cids(LIMITS.receiptHeads) };
const RECEIPTS: readonly (readonly [string, Record<string, Plain>])[] = [
	['delivered, with a slot', { ...HEADS, state: 'delivered', slot: bytes(32) }],
	['refused', { ...HEADS, state: 'refused', reason: 'r'.repeat(LARGEST_REASON) }],
	[
		'with all that the shape allows',
		{ ...HEADS, state: 'delivered', reason: 'r'.repeat(LARGEST_REASON), slot: bytes(32) }
	]
];

let sender: Sender;
let prekey: OpeningPrekey;

beforeAll(async () => {
	const authentication = await suite.agreement(secret(1));
	const pair = { rootSeq: LARGEST_SEQUENCE, seq: LARGEST_SEQUENCE };
	sender = { root: bytes(32), pair, authentication };
	prekey = { id: bytes(8), kem: await suite.kem(secret(2)), dh: await suite.agreement(secret(3)) };
});

/** The payload after a journey in an envelope of the purpose, whose length is checked. */
async function carry(purpose: EnvelopePurpose, size: number, payload: Uint8Array) {
	const { id, kem, dh } = prekey;
	const parts = { id, xwing: await suite.sha256(kem.publicKey), dh: dh.publicKey };
	const recipient = { root: bytes(32), prekey: parts, xwing: kem.publicKey };
	const context = [bytes(32), bytes(32)];
	const ground = { suite, random: countingRandom(1) };
	const sealed = await sealEnvelope(ground, { purpose, recipient, sender, context, payload });
	if (!sealed.ok) throw new Error(sealed.reason);
	expect(sealed.value.length).toBe(size);
	const reader = { root: bytes(32), prekeys: [prekey] };
	const opened = await openEnvelope(suite, reader, purpose, context, sealed.value);
	if (!opened?.ok) throw new Error('does not open');
	return opened.value.payload;
}

test('the largest legal notice fits into its envelope', async () => {
	const payload = encodeObject('notice', NOTICE);
	const decoded = noticeDecoder.decode(await carry('notice', LIMITS.noticeBytes, payload));
	expect(decoded.ok && decoded.value).toMatchObject({ intro: NOTICE.intro, token: NOTICE.token });
});

test('the largest legal head of a parcel fits into its envelope', async () => {
	const head = {
		key: bytes(32),
		made: Number.MAX_SAFE_INTEGER,
		record: bytes(LIMITS.rootRecordBytes),
		card: bytes(LIMITS.cardBytes)
	};
	const payload = encodeObject('parcel', head);
	const decoded = parcelDecoder.decode(await carry('parcel', LIMITS.parcelHeadBytes, payload));
	expect(decoded.ok && decoded.value).toMatchObject(head);
});

test('the largest word that messages have ended fits into its notice', async () => {
	const { intro: _intro, token: _token, ...notice } = NOTICE;
	const payload = encodeObject('notice', { ...notice, ...ENDED });
	const decoded = noticeDecoder.decode(await carry('notice', LIMITS.noticeBytes, payload));
	expect(decoded.ok && decoded.value).toMatchObject(ENDED);
});

describe.each(RECEIPTS)('the largest legal receipt, %s,', (_, fields) => {
	test('fits into its envelope', async () => {
		const payload = encodeObject('receipt', fields);
		const decoded = receiptDecoder.decode(await carry('receipt', LIMITS.receiptBytes, payload));
		expect(decoded.ok && decoded.value).toMatchObject(fields);
	});
});

test('one byte more in any field is not legal', () => {
	const larger = [
		{ ...NOTICE, heads: cids(LIMITS.noticeHeads + 1) },
		{ ...NOTICE, holders: ['u'.repeat(LIMITS.urlBytes + 1)] },
		{ ...NOTICE, record: bytes(LIMITS.rootRecordBytes + 1) },
		{ ...NOTICE, card: bytes(LIMITS.cardBytes + 1) },
		{ ...NOTICE, token: bytes(LIMITS.tokenBytes + 1) },
		{ ...NOTICE, intro: `${NOTICE.intro}.` }
	];
	for (const fields of larger) {
		expect(noticeDecoder.decode(encodeObject('notice', fields)).ok).toBe(false);
	}
	const reason = 'r'.repeat(LARGEST_REASON + 1);
	const receipt = encodeObject('receipt', { ...HEADS, state: 'refused', reason });
	expect(receiptDecoder.decode(receipt).ok).toBe(false);
});

test('every reason that there is fits into a receipt', () => {
	expect(Math.max(...REFUSALS.map((reason) => reason.length))).toBeLessThanOrEqual(LARGEST_REASON);
});
