/** One smallest legal object of each type, for tests: nothing in the program imports this file. */

import { cidOfRaw, type Plain } from '../../src/lib/wire/codec.ts';
import { sortCids } from '../../src/lib/wire/entry.ts';
import { utf8 } from '../../src/lib/wire/bytes.ts';

function fill(size: number, byte: number): Uint8Array {
	return new Uint8Array(size).fill(byte);
}

const cidA = cidOfRaw(utf8('a'));
const cidB = cidOfRaw(utf8('b'));
const party = { root: fill(32, 1), name: 'Alice' };
const certificate = { root: fill(32, 1), writer: fill(32, 2), peer: 'peer', sig: fill(64, 3) };
const mail = {
	from: party,
	to: [{ root: fill(32, 4), name: 'Bob' }],
	cc: [],
	subject: 'Roof',
	date: 1_700_000_000_000,
	text: 'The second offer is in.',
	attachments: [
		{
			name: 'offer.pdf',
			type: 'application/pdf',
			size: 5,
			sha256: fill(32, 5),
			key: fill(32, 6),
			manifest: cidA
		}
	],
	answers: []
};
const signed = {
	v: 1,
	id: fill(16, 7),
	clock: fill(8, 8),
	writer: fill(32, 2),
	cert: certificate,
	vouches: [{ to: fill(32, 4), mac: fill(16, 9) }],
	sig: fill(64, 10)
};

export const SAMPLES: Readonly<Record<string, Record<string, Plain>>> = {
	root: {
		v: 1,
		t: 'root',
		root: fill(32, 1),
		seq: 5,
		card: fill(32, 2),
		revoked: [],
		sig: fill(64, 3)
	},
	card: {
		v: 1,
		t: 'card',
		root: fill(32, 1),
		rootSeq: 5,
		seq: 6,
		name: 'Alice',
		aliases: [],
		auth: fill(32, 2),
		prekey: { id: fill(8, 3), xwing: fill(32, 4), dh: fill(32, 5), until: 7 },
		offices: [{ url: 'https://post.example.org', slot: fill(32, 6) }],
		policy: 'open',
		sig: fill(64, 7)
	},
	'on-record': {
		v: 1,
		t: 'on-record',
		thread: cidA,
		said: {
			from: party,
			to: mail.to,
			cc: mail.cc,
			subject: mail.subject,
			date: mail.date,
			text: mail.text,
			attachments: [{ name: 'offer.pdf', type: 'application/pdf', size: 5, sha256: fill(32, 5) }]
		},
		sig: fill(64, 1),
		record: fill(9, 2),
		card: fill(9, 3),
		others: [fill(9, 4)]
	},
	bundle: { v: 1, t: 'bundle', record: fill(9, 1), card: fill(9, 2), xwing: fill(1216, 3) },
	entry: {
		v: 1,
		t: 'entry',
		thread: cidA,
		parents: sortCids([cidA, cidB]),
		epoch: cidA,
		salt: fill(32, 1),
		body: fill(32, 2)
	},
	epoch: {
		v: 1,
		t: 'epoch',
		parents: [],
		salt: fill(32, 1),
		body: fill(32, 2),
		commit: fill(32, 3),
		listCommit: fill(32, 4),
		eph: fill(32, 5),
		wraps: [{ block: cidA, first: fill(8, 6) }]
	},
	wraps: { v: 1, t: 'wraps', wraps: [{ hint: fill(8, 1), sealed: fill(40, 2) }] },
	state: {
		...signed,
		t: 'state',
		creator: fill(32, 1),
		members: [
			{
				root: fill(32, 1),
				record: cidA,
				card: cidB,
				join: fill(32, 2),
				slot: fill(32, 3),
				devices: [certificate]
			}
		],
		records: [fill(3, 1)],
		open: { from: [party], to: [], cc: [], subject: 'Roof' },
		rules: { add: 'members', write: 'members' },
		listKeys: [{ epoch: cidA, key: fill(32, 4) }]
	},
	join: { ...signed, t: 'join', root: fill(32, 1), join: fill(32, 2), seedSig: fill(64, 3) },
	message: { ...signed, t: 'message', mail },
	archive: { ...signed, t: 'archive', messages: [{ root: fill(32, 1), mail }] },
	withdraw: { ...signed, t: 'withdraw', target: fill(16, 1) },
	wrap: { v: 1, t: 'wrap', secret: fill(32, 1), seed: fill(32, 2), slot: fill(32, 3) },
	manifest: { v: 1, t: 'manifest', depth: 0, size: 5, links: [cidA] },
	notice: {
		v: 1,
		t: 'notice',
		id: fill(16, 1),
		thread: cidA,
		epoch: cidB,
		heads: [cidA],
		holders: ['https://post.example.org'],
		done: fill(32, 2),
		record: fill(3, 3),
		card: fill(3, 4)
	},
	parcel: {
		v: 1,
		t: 'parcel',
		key: fill(32, 1),
		made: 1_700_000_000_000,
		record: fill(8, 2),
		card: fill(8, 3)
	},
	contents: {
		v: 1,
		t: 'contents',
		xwing: fill(1216, 1),
		letters: [
			{
				thread: cidA,
				epoch: cidA,
				heads: [cidB],
				holders: ['https://post.example.org'],
				done: fill(32, 2),
				hash: fill(32, 3),
				token: fill(16, 4),
				intro: 'We met.',
				ends: 1_700_000_000_000,
				ended: [{ id: fill(16, 7), at: 1_700_000_000_000 }]
			}
		],
		words: [{ done: fill(32, 5), heads: [cidA], state: 'refused', reason: 'removed' }],
		slot: fill(32, 6),
		taken: 1_700_000_000_000
	},
	'parcel-end': { v: 1, t: 'parcel-end', entries: 2, blocks: 1 },
	receipt: { v: 1, t: 'receipt', heads: [cidA], state: 'delivered', slot: fill(32, 1) },
	auth: {
		v: 1,
		t: 'auth',
		root: fill(32, 1),
		device: fill(32, 2),
		time: 3,
		nonce: fill(16, 4),
		sig: fill(64, 5)
	},
	enrolment: {
		v: 1,
		t: 'enrolment',
		root: fill(32, 1),
		device: fill(32, 2),
		time: 3,
		sig: fill(64, 4)
	},
	block: { v: 1, t: 'block', cid: cidA, data: utf8('a') },
	cids: { v: 1, t: 'cids', cids: [cidA] },
	hashes: { v: 1, t: 'hashes', hashes: [fill(32, 1)] },
	ancestors: { v: 1, t: 'ancestors', heads: [cidA], have: [cidB] },
	'bundle-of-entry': { v: 1, t: 'bundle-of-entry', header: fill(3, 1), body: null, wraps: [] },
	slots: { v: 1, t: 'slots', open: [fill(32, 1)], burn: [], public: false },
	drop: { v: 1, t: 'drop', knock: fill(32, 1), sealed: fill(4096, 2) },
	dropped: { v: 1, t: 'dropped', boot: 'b', rootSeq: 1, seq: 2 },
	knocked: {
		v: 1,
		t: 'knocked',
		slot: fill(32, 1),
		hash: fill(32, 2),
		knock: fill(32, 3),
		sealed: fill(4096, 4),
		pass: 'token'
	},
	'invite-token': { v: 1, t: 'invite-token', hash: fill(32, 1), uses: 1, until: 2 },
	send: {
		v: 1,
		t: 'send',
		url: 'https://post.example.org',
		slot: fill(32, 1),
		knock: fill(32, 2),
		sealed: fill(4096, 3),
		keeps: [cidA]
	},
	sent: { v: 1, t: 'sent', knock: fill(32, 1), hash: fill(32, 2), state: 'noticed', time: 3 },
	done: { v: 1, t: 'done', done: fill(32, 1), hash: fill(32, 2) },
	ping: { v: 1, t: 'ping', boot: 'b' },
	refusal: { v: 1, t: 'refusal', reason: 'over-quota' },
	hello: { v: 1, t: 'hello', root: fill(32, 1), nonce: fill(32, 2) },
	challenge: { v: 1, t: 'challenge', nonce: fill(32, 1) },
	proof: { v: 1, t: 'proof', mac: fill(32, 1) },
	ranges: { v: 1, t: 'ranges', data: fill(3, 1) },
	want: { v: 1, t: 'want', thread: cidA, ids: [cidB] },
	entries: { v: 1, t: 'entries', entries: [{ header: fill(3, 1), body: fill(3, 2), wraps: [] }] },
	'entries-later': {
		v: 1,
		t: 'entries',
		entries: [{ header: fill(3, 1), body: null, wraps: [], later: true }]
	},
	ack: { v: 1, t: 'ack', ids: [cidA] },
	nack: { v: 1, t: 'nack', id: cidA, reason: 'wrong-signature' },
	bare: { v: 1, t: 'bare', thread: cidA, ids: [cidB] },
	parted: { v: 1, t: 'parted', thread: fill(16, 1), epoch: cidA, by: fill(32, 2) },
	ask: { v: 1, t: 'ask', cids: [cidA] },
	'peer-block': { v: 1, t: 'block', cid: cidA, data: null },
	credit: { v: 1, t: 'credit', bytes: 1024 }
};

/** The same with the optional fields of end dates. */
export const LATER_SAMPLES: Readonly<Record<string, Record<string, Plain>>> = {
	state: { ...SAMPLES['state'], ends: { after: 604_800_000 } },
	message: { ...SAMPLES['message'], mail: { ...mail, ends: 1_700_000_086_400 } },
	notice: {
		...SAMPLES['notice'],
		ends: 1_700_000_086_400,
		ended: [{ id: fill(16, 7), at: 1_700_000_086_401 }]
	}
};
