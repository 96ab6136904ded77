import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { concat, toHex, utf8 } from '../wire/bytes.ts';
import { encodePlain, type Plain } from '../wire/codec.ts';
import { cardDecoder, type Card } from '../wire/identity.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	openEnvelope,
	sealEnvelope,
	vouch,
	type EnvelopePurpose,
	type Letter,
	type OpeningPrekey,
	type Recipient,
	type Sender
} from './envelope.ts';
import { nobleSuite } from './noble.ts';
import { Secret } from './secret.ts';
import type { Suite } from './suite.ts';
import { createWebSuite } from './webcrypto.ts';

const CONTEXT: readonly Plain[] = ['thread', Uint8Array.of(1, 2)];
const PAYLOAD = utf8('Dear Bob, tomorrow at eight. Alice');
const PURPOSES: readonly EnvelopePurpose[] = ['wrap', 'notice', 'receipt', 'parcel'];
const NONE = new Uint8Array(0);

const secret = (n: number) => new Secret(new Uint8Array(32).fill(n));
const root = (n: number) => new Uint8Array(32).fill(n);
const ALICE = 1;
const BOB = 2;
const MALLORY = 3;

async function createSender(suite: Suite, n: number): Promise<Sender> {
	const authentication = await suite.agreement(secret(n));
	return { root: root(n), pair: { rootSeq: 10, seq: 1_800_000_000_000 }, authentication };
}

interface Person {
	readonly recipient: Recipient;
	readonly prekey: OpeningPrekey;
}

async function createPerson(suite: Suite, n: number, generation = 0): Promise<Person> {
	const kem = await suite.kem(secret(100 + n + 10 * generation));
	const dh = await suite.agreement(secret(200 + n + 10 * generation));
	const id = new Uint8Array(8).fill(n + 10 * generation);
	const prekey = { id, xwing: await suite.sha256(kem.publicKey), dh: dh.publicKey };
	return {
		recipient: { root: root(n), prekey, xwing: kem.publicKey },
		prekey: { id, kem, dh }
	};
}

/** Only what `vouch` looks at has a meaning. */
function cardOf({ root, authentication }: Sender): Card {
	const bytes = encodePlain({
		v: 1,
		t: 'card',
		root,
		rootSeq: 10,
		seq: 1,
		name: 'Alice',
		aliases: [],
		auth: authentication.publicKey,
		prekey: { id: new Uint8Array(8), xwing: root, dh: root, until: 0 },
		offices: [],
		policy: 'open',
		sig: new Uint8Array(64)
	});
	const card = cardDecoder.decode(bytes);
	if (!card.ok) throw new Error(card.reason);
	return card.value;
}

/** A suite with two people and what they do most. */
async function createScene(suite: Suite) {
	const [alice, bob] = [await createSender(suite, ALICE), await createPerson(suite, BOB)];
	const reader = { root: root(BOB), prekeys: [bob.prekey] };
	const seal = async (changes: Partial<Letter> = {}) => {
		const letter: Letter = {
			purpose: 'notice',
			recipient: bob.recipient,
			sender: alice,
			context: CONTEXT,
			payload: PAYLOAD,
			...changes
		};
		return sealEnvelope({ suite, random: countingRandom(1) }, letter);
	};
	const sealed = async (changes: Partial<Letter> = {}) => {
		const result = await seal(changes);
		if (!result.ok) throw new Error(result.reason);
		return result.value;
	};
	const open = (envelope: Uint8Array, purpose: EnvelopePurpose = 'notice') =>
		openEnvelope(suite, reader, purpose, CONTEXT, envelope);
	return { suite, alice, bob, reader, seal, sealed, open };
}

type Scene = Awaited<ReturnType<typeof createScene>>;

const suites = [doubleSuite, nobleSuite, await createWebSuite(globalThis.crypto.subtle)];

describe.each(suites)('an envelope on $name', (suite) => {
	it.each(PURPOSES)('carries a %s to its reader, who learns who wrote it', async (purpose) => {
		const { alice, bob, sealed, open } = await createScene(suite);
		const opened = await open(await sealed({ purpose }), purpose);
		if (!opened?.ok) throw new Error('does not open');
		expect(opened.value).toEqual({
			root: alice.root,
			pair: alice.pair,
			auth: alice.authentication.publicKey,
			payload: PAYLOAD,
			prekeyId: bob.prekey.id
		});
		expect(vouch(opened.value, cardOf(alice)).ok).toBe(true);
	});
});

describe('an envelope', () => {
	let scene: Scene;
	beforeAll(async () => {
		scene = await createScene(doubleSuite);
	});

	it('has one length for every notice and every receipt', async () => {
		for (const size of [0, 1, 240]) {
			const payload = new Uint8Array(size);
			expect((await scene.sealed({ payload })).length).toBe(LIMITS.noticeBytes);
			const receipt = await scene.sealed({ payload, purpose: 'receipt' });
			expect(receipt.length).toBe(LIMITS.receiptBytes);
		}
	});

	it.each([
		['notice', 2835],
		['receipt', 275]
	] as const)('takes a %s of %i bytes, and not one more', async (purpose, room) => {
		const sender = { ...scene.alice, pair: { rootSeq: 2 ** 52, seq: 2 ** 52 } };
		const largest = await scene.seal({ purpose, sender, payload: new Uint8Array(room) });
		expect(largest.ok).toBe(true);
		const larger = await scene.seal({ purpose, sender, payload: new Uint8Array(room + 1) });
		expect(larger.ok || larger.reason).toBe('too-large');
	});

	it('is for nobody else', async () => {
		const envelope = await scene.sealed();
		const mallory = await createPerson(doubleSuite, MALLORY);
		const readers = [
			{ root: root(MALLORY), prekeys: [mallory.prekey] },
			{ root: root(MALLORY), prekeys: scene.reader.prekeys },
			{ root: root(BOB), prekeys: [] },
			{ root: root(BOB), prekeys: [{ ...scene.bob.prekey, id: new Uint8Array(8) }] }
		];
		for (const reader of readers) {
			expect(await openEnvelope(doubleSuite, reader, 'notice', CONTEXT, envelope)).toBeNull();
		}
	});

	it('is for no other purpose and in no other context', async () => {
		const wrap = await scene.sealed({ purpose: 'wrap' });
		const { reader } = scene;
		expect(await openEnvelope(doubleSuite, reader, 'wrap', ['other'], wrap)).toBeNull();
		const notice = await scene.sealed();
		expect(await scene.open(notice, 'wrap')).toBeNull();
		expect(await scene.open(notice, 'receipt')).toEqual({ ok: false, reason: 'wrong-shape' });
	});

	it('opens under whichever live prekey it was sealed to', async () => {
		const newer = await createPerson(doubleSuite, BOB, 1);
		const reader = { root: root(BOB), prekeys: [newer.prekey, scene.bob.prekey] };
		for (const { recipient, prekey } of [newer, scene.bob]) {
			const envelope = await scene.sealed({ recipient });
			const opened = await openEnvelope(doubleSuite, reader, 'notice', CONTEXT, envelope);
			expect(opened?.ok === true && opened.value.prekeyId).toEqual(prekey.id);
		}
	});

	it('does not open with any bit changed', async () => {
		const envelope = await scene.sealed();
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 8 * envelope.length - 1 }), async (bit) => {
				const changed = envelope.slice();
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(await scene.open(changed)).toBeNull();
			})
		);
	});

	it('is refused at any other length', async () => {
		const envelope = await scene.sealed();
		for (const size of [0, 1, 1120, 1136, LIMITS.noticeBytes - 1]) {
			const cut = await scene.open(envelope.subarray(0, size));
			expect(cut).toEqual({ ok: false, reason: 'wrong-shape' });
		}
		const longer = await scene.open(concat(envelope, NONE, Uint8Array.of(0)));
		expect(longer).toEqual({ ok: false, reason: 'wrong-shape' });
		expect(await scene.open(new Uint8Array(1135), 'wrap')).toEqual({
			ok: false,
			reason: 'wrong-shape'
		});
	});

	it('never throws on foreign bytes', async () => {
		const purposes = fc.constantFrom(...PURPOSES);
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), purposes, async (bytes, purpose) => {
				expect((await scene.open(bytes, purpose))?.ok ?? false).toBe(false);
			})
		);
	});
});

/** SHA-256 of a wrap, a notice and a receipt; they change only with the protocol's version. */
const FROZEN = [
	'f616188ca09aa21461358084d2b2321b13d771e458bb9e161e29db597f618b17',
	'921d78234cd7fc85d787768d4fa61a1a1e2471fe50dc681c8eb38d4dd2d7343d',
	'bcc6a8edc2a5a345737b0efa517744d83b9b54f21ef2395886957f5b6934b155',
	'acc653b826cf008698768bd64cac42d9bdcda0d2c312336e64b5a652a47032e6'
];

describe('sealing', () => {
	it('refuses an X-Wing key that is not the one of the prekey', async () => {
		const { seal, bob } = await createScene(doubleSuite);
		const xwing = bob.recipient.xwing.slice();
		xwing[0] = (xwing[0] ?? 0) ^ 1;
		const result = await seal({ recipient: { ...bob.recipient, xwing } });
		expect(result).toEqual({ ok: false, reason: 'wrong-hash' });
	});

	it('refuses keys that are none', async () => {
		const { suite, seal, bob } = await createScene(nobleSuite);
		const { recipient } = bob;
		const lowOrder = { ...recipient, prekey: { ...recipient.prekey, dh: new Uint8Array(32) } };
		expect(await seal({ recipient: lowOrder })).toEqual({ ok: false, reason: 'wrong-shape' });
		const xwing = new Uint8Array(1216).fill(0xff);
		const prekey = { ...recipient.prekey, xwing: await suite.sha256(xwing) };
		const result = await seal({ recipient: { ...recipient, prekey, xwing } });
		expect(result).toEqual({ ok: false, reason: 'wrong-shape' });
	});

	it('gives these bytes for this randomness: a frozen vector', async () => {
		const { suite, sealed } = await createScene(nobleSuite);
		const hashes = await Promise.all(
			PURPOSES.map(async (purpose) => toHex(await suite.sha256(await sealed({ purpose }))))
		);
		expect(hashes).toEqual(FROZEN);
	});
});

describe('the claim inside', () => {
	/** What `sealEnvelope` writes, spelt out again, so that any part can be made wrong. */
	async function forge(
		{ suite, bob }: Scene,
		plaintext: (info: Uint8Array, enc: Uint8Array) => Promise<Uint8Array>
	) {
		const { root, prekey, xwing } = bob.recipient;
		const hash = await suite.sha256(concat(xwing, prekey.dh));
		const info = labelled(LABELS.notice, root, prekey.id, hash, ...CONTEXT);
		const hpke = await suite.setupSender(xwing, info, countingRandom(9));
		const filled = new Uint8Array(LIMITS.noticeBytes - 1136);
		filled.set(await plaintext(info, hpke?.enc ?? NONE));
		return concat(hpke?.enc ?? NONE, (await hpke?.seal(NONE, filled)) ?? NONE);
	}

	const fields = (sender: Sender, auth: Uint8Array = sender.authentication.publicKey): Plain[] => [
		sender.root,
		[sender.pair.rootSeq, sender.pair.seq],
		auth,
		PAYLOAD
	];

	async function tagFor({ suite, bob }: Scene, sender: Sender, info: Uint8Array, enc: Uint8Array) {
		const { dh } = bob.recipient.prekey;
		const { publicKey } = sender.authentication;
		const label = labelled(LABELS.authenticator, sender.root, root(BOB), publicKey, dh);
		const shared = await sender.authentication.agree(dh);
		const key = await suite.hkdf(shared ?? secret(0), label, 32);
		return suite.hmac(key, concat(info, enc, encodePlain(fields(sender))));
	}

	it('is made as protocol §3 says', async () => {
		for (const suite of suites) {
			const scene = await createScene(suite);
			const envelope = await forge(scene, async (info, enc) =>
				encodePlain([...fields(scene.alice), await tagFor(scene, scene.alice, info, enc)])
			);
			expect((await scene.open(envelope))?.ok).toBe(true);
		}
	});

	it('needs the sender’s private key: mallory cannot write as alice', async () => {
		const scene = await createScene(doubleSuite);
		const mallory = await createSender(doubleSuite, MALLORY);
		const { publicKey } = scene.alice.authentication;
		const thief = { ...scene.alice, authentication: { ...mallory.authentication, publicKey } };
		const envelope = await scene.sealed({ sender: thief });
		expect(await scene.open(envelope)).toEqual({ ok: false, reason: 'wrong-authenticator' });
	});

	it('counts only if the card of that address lists the key', async () => {
		const scene = await createScene(doubleSuite);
		const mallory = await createSender(doubleSuite, MALLORY);
		const asAlice = { ...mallory, root: scene.alice.root };
		const opened = await scene.open(await scene.sealed({ sender: asAlice }));
		if (!opened?.ok) throw new Error('does not open');
		const wrong = { ok: false, reason: 'wrong-authenticator' };
		expect(vouch(opened.value, cardOf(scene.alice))).toEqual(wrong);
		expect(vouch(opened.value, cardOf(mallory))).toEqual(wrong);
	});

	it('covers every field before the tag', async () => {
		const scene = await createScene(doubleSuite);
		const { alice } = scene;
		const changed: Plain[][] = [
			[root(MALLORY), ...fields(alice).slice(1)],
			[alice.root, [alice.pair.rootSeq + 1, alice.pair.seq], ...fields(alice).slice(2)],
			[alice.root, [alice.pair.rootSeq, alice.pair.seq + 1], ...fields(alice).slice(2)],
			fields(alice, (await createSender(doubleSuite, MALLORY)).authentication.publicKey),
			[...fields(alice).slice(0, 3), utf8('other')]
		];
		for (const others of changed) {
			const envelope = await forge(scene, async (info, enc) =>
				encodePlain([...others, await tagFor(scene, alice, info, enc)])
			);
			expect(await scene.open(envelope)).toEqual({ ok: false, reason: 'wrong-authenticator' });
		}
	});

	it('is refused under a key of low order, which needs no private key', async () => {
		const scene = await createScene(nobleSuite);
		const envelope = await forge(scene, async () =>
			encodePlain([...fields(scene.alice, new Uint8Array(32)), new Uint8Array(32)])
		);
		expect(await scene.open(envelope)).toEqual({ ok: false, reason: 'wrong-authenticator' });
	});

	it('is refused in any other shape, and with anything behind it', async () => {
		const scene = await createScene(doubleSuite);
		const refusals: readonly (readonly [Uint8Array, string])[] = [
			[encodePlain([...fields(scene.alice)]), 'wrong-shape'],
			[encodePlain([...fields(scene.alice), root(0), 1]), 'wrong-shape'],
			[encodePlain([...fields(scene.alice), new Uint8Array(31)]), 'wrong-shape'],
			[encodePlain({ root: root(1) }), 'wrong-shape'],
			[encodePlain([root(1), [1, -2], root(1), PAYLOAD, root(1)]), 'wrong-shape'],
			[concat(encodePlain([...fields(scene.alice), root(0)]), Uint8Array.of(1)), 'not-canonical'],
			[Uint8Array.of(0xff), 'not-canonical'],
			[Uint8Array.of(0x18, 1), 'not-canonical']
		];
		for (const [plaintext, reason] of refusals) {
			const opened = await scene.open(await forge(scene, async () => plaintext));
			expect(opened).toEqual({ ok: false, reason });
		}
	});
});
