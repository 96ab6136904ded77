/** Every decoder of protocol v1, by the sample that it takes. */

import type { Decoder } from '../../src/lib/wire/codec.ts';
import * as body from '../../src/lib/wire/body.ts';
import * as entry from '../../src/lib/wire/entry.ts';
import * as identity from '../../src/lib/wire/identity.ts';
import * as mail from '../../src/lib/wire/mail.ts';
import * as notice from '../../src/lib/wire/notice.ts';
import * as office from '../../src/lib/wire/office.ts';
import * as parcel from '../../src/lib/wire/parcel.ts';
import * as record from '../../src/lib/wire/record.ts';
import * as sync from '../../src/lib/wire/sync.ts';

export const DECODERS: Readonly<Record<string, Decoder<object>>> = {
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
	'entries-later': sync.syncFrameDecoder,
	ack: sync.syncFrameDecoder,
	nack: sync.syncFrameDecoder,
	bare: sync.syncFrameDecoder,
	parted: sync.syncFrameDecoder,
	ask: sync.syncFrameDecoder,
	'peer-block': sync.syncFrameDecoder,
	credit: sync.syncFrameDecoder
};
