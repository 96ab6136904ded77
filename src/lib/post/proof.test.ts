/** A proof, and everybody who would like another one: with real signatures. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { createPerson, deliver, introduce, post } from '../../../tests/sim/people.ts';
import { createSuite } from '../crypto/choose.ts';
import { Secret } from '../crypto/secret.ts';
import type { Signer } from '../crypto/suite.ts';
import { createCard } from '../identity/card.ts';
import { createPrekey } from '../identity/prekey.ts';
import { revokeCardKey } from '../identity/revocation.ts';
import { createRootRecord } from '../identity/root.ts';
import { signOnRecord } from '../threads/on-record.ts';
import { utf8 } from '../wire/bytes.ts';
import { cidOfRaw, encodeFields } from '../wire/codec.ts';
import { rootRecordDecoder } from '../wire/identity.ts';
import { cidToThreadId, rootKeyToAddress } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Mail } from '../wire/mail.ts';
import { onRecordDecoder, type Proof, type Testimony } from '../wire/record.ts';
import { checkProof, filesWith, makeProof } from './proof.ts';

const NOW = 1_800_000_000_000;
const suite = await createSuite();
const random = countingRandom(7);
const newKey = () => suite.signer(new Secret(random(32)));
const thread = cidOfRaw(utf8('a thread'));
const threadId = cidToThreadId(thread);

/** An identity with one card key after the other. */
class Writer {
	readonly root: Signer;
	readonly name: string;
	cardKey: Signer;
	record: Uint8Array;
	card = new Uint8Array();

	constructor(name: string, root: Signer, cardKey: Signer, record: Uint8Array) {
		this.name = name;
		this.root = root;
		this.cardKey = cardKey;
		this.record = record;
	}

	get address() {
		return rootKeyToAddress(this.root.publicKey);
	}

	get #read() {
		const decoded = rootRecordDecoder.decode(this.record);
		if (!decoded.ok) throw new Error(decoded.reason);
		return decoded.value;
	}

	async publish(): Promise<void> {
		const { publicKey: auth } = await suite.agreement(new Secret(random(32)));
		const { prekey } = await createPrekey(suite, random, NOW);
		const pair = { rootSeq: this.#read.seq, seq: NOW };
		const fields = { pair, auth, prekey, offices: [], policy: 'open' } as const;
		const named = { root: this.root.publicKey, name: this.name, ...fields };
		this.card = await createCard(suite, this.cardKey, named);
	}

	/** "I was hacked", at this time; the thief has had the key for an hour. */
	async revoke(nowMs: number): Promise<void> {
		this.cardKey = await newKey();
		const theft = { newCard: this.cardKey.publicKey, compromisedSinceMs: nowMs - 3_600_000 };
		const held = { record: this.#read, recordBytes: this.record };
		this.record = await createRootRecord(suite, this.root, revokeCardKey(held, theft, nowMs));
		await this.publish();
	}

	mail(text: string, fields: Partial<Mail> = {}): Mail {
		const from = { root: this.root.publicKey, name: this.name };
		const to = [{ root: bob.root.publicKey, name: 'Bob' }];
		const rest = { cc: [], subject: 'Lease', date: NOW, attachments: [], answers: [] };
		return { from, to, text, ...rest, ...fields };
	}

	async say(mail: Mail) {
		const sig = await signOnRecord(this.cardKey, thread, mail);
		const testimony: Testimony = { sig, record: this.record, card: this.card };
		return { thread: threadId, mail, testimony };
	}
}

async function person(name: string): Promise<Writer> {
	const [root, cardKey] = [await newKey(), await newKey()];
	const fields = { seq: NOW, card: cardKey.publicKey };
	const writer = new Writer(name, root, cardKey, await createRootRecord(suite, root, fields));
	await writer.publish();
	return writer;
}

const bob = await person('Bob');
const mallory = await person('Mallory');

function file(name: string, content: string) {
	const { digest } = cidOfRaw(utf8(content)).multihash;
	const open = { key: new Uint8Array(32), manifest: thread };
	return { name, type: 'text/plain', size: content.length, sha256: digest, ...open };
}

const FILES = [file('lease.txt', 'The lease'), file('keys.txt', 'The keys')];

async function provedBy(alice: Writer, known: readonly Uint8Array[] = []): Promise<Uint8Array> {
	const html = '<p>I take the flat.</p>';
	const mail = alice.mail('I take the flat.', { html, attachments: FILES });
	const proof = makeProof(await alice.say(mail), known);
	if (proof === null) throw new Error('it is on the record');
	return proof;
}

/** The same file with something else in it. */
function bend(bytes: Uint8Array, change: (proof: Proof) => object): Uint8Array {
	const proof = onRecordDecoder.decode(bytes);
	if (!proof.ok) throw new Error(proof.reason);
	return encodeFields({ ...proof.value, ...change(proof.value) });
}

describe('a proof', () => {
	test('says by whom, when, what, with which files, and under which key', async () => {
		const alice = await person('Alice');
		const verdict = await checkProof(suite, await provedBy(alice));
		expect(verdict).toMatchObject({
			kind: 'valid',
			by: alice.address,
			name: 'Alice',
			cardKey: alice.cardKey.publicKey,
			key: { kind: 'in-force' },
			knownUntil: NOW,
			said: { text: 'I take the flat.', html: '<p>I take the flat.</p>', date: NOW }
		});
		if (verdict.kind !== 'valid') return;
		expect(verdict.said.attachments.map(({ name }) => name)).toEqual(['lease.txt', 'keys.txt']);
		const { size, sha256 } = FILES[1]!;
		expect(filesWith(verdict.said, { size, sha256 })).toEqual([verdict.said.attachments[1]]);
		expect(filesWith(verdict.said, { size: size + 1, sha256 })).toEqual([]);
		expect(filesWith(verdict.said, { size, sha256: sha256.toReversed() })).toEqual([]);
	});

	test('is not made of what is off the record', () => {
		expect(makeProof({ thread: threadId, mail: bob.mail('Perhaps.') }, [])).toBeNull();
	});

	test('opens no attachment and names nothing that is off the record', async () => {
		const alice = await person('Alice');
		const answers = [new Uint8Array(16).fill(0xab)];
		const key = new Uint8Array(32).fill(0xcd);
		const attachments = FILES.map((each) => ({ ...each, key }));
		const said = await alice.say(alice.mail('Yes.', { answers, attachments, blind: true }));
		const proof = Buffer.from(makeProof(said, []) ?? []).toString('hex');
		expect(proof).not.toContain('ab'.repeat(16));
		expect(proof).not.toContain('cd'.repeat(32));
		expect(proof).not.toContain(Buffer.from('blind').toString('hex'));
	});

	test('of the longest mail with every record fits its bound', async () => {
		const alice = await person('Alice');
		const name = 'n'.repeat(LIMITS.fileNameBytes);
		const text = 'x'.repeat(LIMITS.contentBytes);
		const to = Array.from({ length: LIMITS.members }, () => alice.mail('').from);
		const attachments = Array.from({ length: LIMITS.attachments }, () => file(name, 'same'));
		const records = Array.from({ length: 20 }, async (_, at) => {
			const fields = { seq: NOW + 1 + at, card: bob.root.publicKey };
			return createRootRecord(suite, alice.root, fields);
		});
		const mail = alice.mail(text, { to, attachments });
		const proof = makeProof(await alice.say(mail), await Promise.all(records));
		expect((await checkProof(suite, proof ?? new Uint8Array())).kind).toBe('valid');
	});
});

test('a draft that asks for it goes on the record of all who get it, blind copies too', async () => {
	const now = () => NOW;
	const [anna, ben, carla] = [
		await createPerson('Anna', now),
		await createPerson('Ben', now),
		await createPerson('Carla', now)
	] as const;
	await introduce([anna, ben, carla]);
	const { address } = carla.account.record;
	await post(anna, [ben], { text: 'Off the record.' });
	await deliver(anna, [ben]);
	await post(anna, [ben], { text: 'I take the flat.', bcc: [address], isOnRecord: true });
	await deliver(anna, [ben, carla]);
	for (const { desk } of [anna, ben, carla]) {
		const rows = await desk.store.list('message');
		for (const row of rows) {
			const isSigned = row.mail.text === 'I take the flat.';
			expect(row.isOnRecord).toBe(isSigned);
			const proof = makeProof(row, []);
			expect(proof !== null).toBe(isSigned);
			if (proof === null) continue;
			expect(await checkProof(desk.suite, proof)).toMatchObject({
				...{ kind: 'valid', by: anna.account.record.address, key: { kind: 'in-force' } },
				cardKey: anna.account.cardSigner.publicKey
			});
			expect(Buffer.from(proof).includes(Buffer.from(carla.account.root))).toBe(false);
		}
		expect(rows.some(({ isOnRecord }) => isOnRecord)).toBe(true);
	}
});

describe('a revoked key', () => {
	test('is said, whatever the date in the message, and its date is not provable', async () => {
		const alice = await person('Alice');
		const before = await provedBy(alice);
		const thief = Object.assign(Object.create(Writer.prototype) as Writer, alice);
		await alice.revoke(NOW + 7_200_000);
		const since = NOW + 3_600_000;
		const earlier = await thief.say(thief.mail('I owe Mallory a house.', { date: NOW - 1 }));
		for (const proof of [before, makeProof(earlier, []) ?? new Uint8Array()]) {
			// Whoever has no newer record cannot know.
			expect(await checkProof(suite, proof)).toMatchObject({ key: { kind: 'in-force' } });
			expect(await checkProof(suite, proof, async () => [alice.record])).toMatchObject({
				kind: 'valid',
				key: { kind: 'revoked', since },
				knownUntil: NOW + 7_200_000
			});
		}
		const told = makeProof(earlier, [alice.record, bob.record, thief.record]);
		expect(await checkProof(suite, told ?? new Uint8Array())).toMatchObject({
			key: { kind: 'revoked', since }
		});
	});

	test('cannot appoint itself anew, nor sign under the newer record', async () => {
		const alice = await person('Alice');
		const thief = Object.assign(Object.create(Writer.prototype) as Writer, alice);
		await alice.revoke(NOW + 7_200_000);
		const proof = await provedBy(thief);
		const newer = bend(proof, () => ({ record: alice.record, card: alice.card }));
		expect(await checkProof(suite, newer)).toMatchObject({ kind: 'invalid', part: 'message' });
		const fields = { seq: NOW + 9_000_000, card: thief.cardKey.publicKey };
		const own = await createRootRecord(suite, thief.cardKey, { ...fields });
		const forged = bend(proof, () => ({ others: [own] }));
		expect(await checkProof(suite, forged)).toMatchObject({ kind: 'invalid', part: 'root-record' });
	});

	test('that was replaced and not revoked is said as well', async () => {
		const alice = await person('Alice');
		const proof = await provedBy(alice);
		const next = { seq: NOW + 5, card: bob.cardKey.publicKey };
		const record = await createRootRecord(suite, alice.root, next);
		expect(await checkProof(suite, proof, async () => [record, bob.record])).toMatchObject({
			key: { kind: 'replaced' },
			knownUntil: NOW + 5
		});
	});
});

describe('nobody makes another proof of one', () => {
	test('with any bit of it flipped', async () => {
		const alice = await person('Alice');
		const old = alice.record;
		await alice.revoke(NOW + 1);
		const proof = await provedBy(alice, [old]);
		await fc.assert(
			fc.asyncProperty(fc.nat(proof.length * 8 - 1), async (bit) => {
				const bent = Uint8Array.from(proof);
				bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect((await checkProof(suite, bent)).kind).not.toBe('valid');
			}),
			{ numRuns: 600 }
		);
	});

	test.each<readonly [string, string, (proof: Proof) => object]>([
		['other words', 'message', ({ said }) => ({ said: { ...said, text: 'I do not.' } })],
		['another date', 'message', ({ said }) => ({ said: { ...said, date: NOW - 1 } })],
		['no formatted text', 'message', ({ said: { html: _, ...said } }) => ({ said })],
		[
			'files in another order',
			'message',
			({ said }) => ({ said: { ...said, attachments: said.attachments.toReversed() } })
		],
		[
			'a file less',
			'message',
			({ said }) => ({ said: { ...said, attachments: FILES.slice(1, 1) } })
		],
		['another reader', 'message', ({ said }) => ({ said: { ...said, to: [said.from] } })],
		['another thread', 'message', () => ({ thread: cidOfRaw(utf8('another')) })],
		['another writer', 'root-record', ({ said }) => ({ said: { ...said, from: said.to[0] } })],
		['the chain of another', 'root-record', () => ({ record: bob.record, card: bob.card })],
		['the card of another', 'card', () => ({ card: bob.card })],
		['a root record of another besides', 'root-record', () => ({ others: [bob.record] })]
	])('with %s', async (_, part, change) => {
		const bent = bend(await provedBy(await person('Alice')), change);
		expect(await checkProof(suite, bent)).toMatchObject({ kind: 'invalid', part });
	});

	test('by naming oneself as the writer: then it is one’s own', async () => {
		const alice = await person('Alice');
		const own = mallory.mail('I take the flat.', { from: alice.mail('').from });
		const proof = makeProof(await mallory.say(own), []) ?? new Uint8Array();
		expect(await checkProof(suite, proof)).toMatchObject({ kind: 'invalid', part: 'root-record' });
	});

	test('by adding what nobody signed', async () => {
		const proof = await provedBy(await person('Alice'));
		const bent = bend(proof, ({ said }) => ({ said: { ...said, note: 'sworn' } }));
		expect(await checkProof(suite, bent)).toEqual({ kind: 'unreadable', reason: 'wrong-shape' });
	});

	test('from anything else', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
				expect((await checkProof(suite, bytes)).kind).toBe('unreadable');
			})
		);
		const large = new Uint8Array(LIMITS.proofBytes + 1);
		expect(await checkProof(suite, large)).toEqual({ kind: 'unreadable', reason: 'too-large' });
	});
});
