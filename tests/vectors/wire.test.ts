/**
 * Every object of protocol v1: frozen bytes, round trip, and what hostile bytes meet.
 * `npx vitest run tests/vectors/wire -u` writes the vectors anew, on purpose only.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as body from '../../src/lib/wire/body.ts';
import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import { encodePlain, type Decoder } from '../../src/lib/wire/codec.ts';
import * as entry from '../../src/lib/wire/entry.ts';
import * as identity from '../../src/lib/wire/identity.ts';
import * as mail from '../../src/lib/wire/mail.ts';
import * as notice from '../../src/lib/wire/notice.ts';
import * as office from '../../src/lib/wire/office.ts';
import * as parcel from '../../src/lib/wire/parcel.ts';
import * as record from '../../src/lib/wire/record.ts';
import * as sync from '../../src/lib/wire/sync.ts';
import { SAMPLES } from './wire-samples.ts';

const DECODERS: Readonly<Record<string, Decoder<object>>> = {
	root: identity.rootRecordDecoder,
	card: identity.cardDecoder,
	'on-record': record.onRecordDecoder,
	bundle: identity.bundleDecoder,
	entry: entry.headerDecoder,
	epoch: entry.headerDecoder,
	wraps: entry.wrapBlockDecoder,
	state: body.stateDecoder,
	join: body.entryBodyDecoder,
	message: body.entryBodyDecoder,
	archive: body.entryBodyDecoder,
	withdraw: body.entryBodyDecoder,
	wrap: body.wrapPayloadDecoder,
	manifest: mail.manifestDecoder,
	notice: notice.noticeDecoder,
	receipt: notice.receiptDecoder,
	parcel: parcel.parcelDecoder,
	contents: parcel.contentsDecoder,
	'parcel-end': parcel.parcelEndDecoder,
	auth: office.authDecoder,
	enrolment: office.enrolmentDecoder,
	block: office.blockDecoder,
	cids: office.cidsDecoder,
	hashes: office.hashesDecoder,
	ancestors: office.ancestorsDecoder,
	'bundle-of-entry': office.entryBundleDecoder,
	slots: office.slotsDecoder,
	drop: office.dropDecoder,
	dropped: office.droppedDecoder,
	knocked: office.knockedDecoder,
	'invite-token': office.inviteTokenDecoder,
	send: office.sendDecoder,
	sent: office.sentDecoder,
	done: office.doneDecoder,
	ping: office.pingDecoder,
	refusal: office.refusalDecoder,
	hello: sync.helloDecoder,
	challenge: sync.challengeDecoder,
	proof: sync.proofDecoder,
	ranges: sync.syncFrameDecoder,
	want: sync.syncFrameDecoder,
	entries: sync.syncFrameDecoder,
	ack: sync.syncFrameDecoder,
	nack: sync.syncFrameDecoder,
	ask: sync.syncFrameDecoder,
	'peer-block': sync.syncFrameDecoder,
	credit: sync.syncFrameDecoder
};

test('every decoder has a sample, and every sample a decoder', () => {
	expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(DECODERS).sort());
});

describe.each(Object.entries(SAMPLES))('%s', (name, sample) => {
	const decoder = DECODERS[name];
	if (decoder === undefined) throw new Error(`no decoder for ${name}`);
	const encoded = encodePlain(sample);

	test('has these bytes for ever', () => {
		expect(toHex(encoded)).toMatchSnapshot();
	});

	test('comes back with the fields that a later version added', () => {
		const later = encodePlain({ ...sample, later: 'field' });
		const decoded = decoder.decode(later);
		expect(decoded.ok && { ...decoded.value }).toHaveProperty('later', 'field');
		expect(decoded.ok && equal(encodePlain({ ...decoded.value }), later)).toBe(true);
	});

	test('is refused with an unknown version, an unknown type, or without a field', () => {
		expect(decoder.decode(encodePlain({ ...sample, v: 2 }))).toEqual(refusal('unknown-version'));
		expect(decoder.decode(encodePlain({ ...sample, t: 'x' }))).toEqual(refusal('unknown-type'));
		const bare = encodePlain({ v: sample['v'], t: sample['t'] });
		expect(decoder.decode(bare)).toEqual(refusal('wrong-shape'));
	});

	test('is refused when it is larger than its limit, before anything is parsed', () => {
		expect(decoder.decode(new Uint8Array(1024 * 1024))).toEqual(refusal('too-large'));
	});

	test('is refused when cut anywhere', () => {
		for (let size = 0; size < encoded.length; size += Math.ceil(encoded.length / 200)) {
			expect(decoder.decode(encoded.subarray(0, size)).ok).toBe(false);
		}
	});

	test('with any bit flipped is refused or is another canonical object', () => {
		const flip = fc.nat(encoded.length * 8 - 1);
		fc.assert(
			fc.property(flip, (bit) => {
				const bent = Uint8Array.from(encoded);
				bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				const decoded = decoder.decode(bent);
				if (decoded.ok) expect(equal(encodePlain({ ...decoded.value }), bent)).toBe(true);
			}),
			{ numRuns: 200 }
		);
	});

	test('any other bytes are refused without a throw', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				expect(decoder.decode(bytes).ok).toBe(false);
			}),
			{ numRuns: 200 }
		);
	});
});

function refusal(reason: string) {
	return { ok: false, reason };
}
