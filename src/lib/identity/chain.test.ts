import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { nobleSuite } from '../crypto/noble.ts';
import { Secret } from '../crypto/secret.ts';
import type { Suite } from '../crypto/suite.ts';
import { createWebSuite } from '../crypto/webcrypto.ts';
import { concat, toHex } from '../wire/bytes.ts';
import { cidOfRaw, decodeCanonical, encodePlain, type Plain } from '../wire/codec.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import { LABELS } from '../wire/labels.ts';
import { createCard, type CardFields } from './card.ts';
import {
	admitCard,
	compareCards,
	verifyBundle,
	verifyBundleParts,
	verifyCard,
	verifyRootRecord,
	type VerifiedCard
} from './chain.ts';
import { createPrekey } from './prekey.ts';
import { createRootRecord, type RootRecordFields } from './root.ts';
import { signObject } from './sign.ts';

const NOW = 1_800_000_000_000;
const secret = (n: number) => new Secret(new Uint8Array(32).fill(n));

/** Alice's keys, and what she signs with them. */
async function createAlice(suite: Suite) {
	const root = await suite.signer(secret(1));
	const cardKey = await suite.signer(secret(2));
	const { publicKey: auth } = await suite.agreement(secret(3));
	const { prekey, xwing } = await createPrekey(suite, countingRandom(1), NOW);
	const address = rootKeyToAddress(root.publicKey);
	const sign = (fields: Partial<RootRecordFields> = {}) =>
		createRootRecord(suite, root, { seq: NOW, card: cardKey.publicKey, ...fields });
	const signCard = (fields: Partial<CardFields> = {}, key = cardKey) =>
		createCard(suite, key, {
			root: root.publicKey,
			pair: { rootSeq: NOW, seq: NOW + 5 },
			name: 'Alice',
			auth,
			prekey,
			offices: [{ url: 'https://post.example.org', slot: new Uint8Array(32).fill(7) }],
			policy: 'open',
			...fields
		});
	return { suite, root, cardKey, address, xwing, sign, signCard };
}

type Alice = Awaited<ReturnType<typeof createAlice>>;

async function verified({ suite, address }: Alice, record: Uint8Array, card: Uint8Array) {
	const result = await verifyCard(suite, address, record, card);
	if (!result.ok) throw new Error(result.reason);
	return result.value;
}

const suites = [doubleSuite, nobleSuite, await createWebSuite(globalThis.crypto.subtle)];

describe.each(suites)('the chain on $name', (suite) => {
	it('leads from an address to a card', async () => {
		const { address, sign, signCard, xwing } = await createAlice(suite);
		const [record, card] = [
			await sign(),
			await signCard({ aliases: ['Al'], avatar: cidOfRaw(xwing) })
		];
		const bytes = encodePlain({ v: 1, t: 'bundle', record, card, xwing });
		const result = await verifyBundle(suite, address, bytes);
		if (!result.ok) throw new Error(result.reason);
		const { value } = result;
		expect(value.card.name).toBe('Alice');
		expect(value.pair).toEqual({ rootSeq: NOW, seq: NOW + 5 });
		expect([value.recordBytes, value.cardBytes, value.xwing]).toEqual([record, card, xwing]);
	});

	it('refuses a root record and a card that others signed', async () => {
		const alice = await createAlice(suite);
		const mallory = await suite.signer(secret(66));
		const forgedCard = await alice.signCard({}, mallory);
		const { address } = alice;
		expect(await verifyCard(suite, address, await alice.sign(), forgedCard)).toEqual({
			ok: false,
			reason: 'wrong-signature'
		});
		const posing = { ...mallory, publicKey: alice.root.publicKey };
		const fields = { seq: NOW, card: mallory.publicKey };
		const forgedRecord = await createRootRecord(suite, posing, fields);
		expect(await verifyRootRecord(suite, address, forgedRecord)).toEqual({
			ok: false,
			reason: 'wrong-signature'
		});
	});
});

describe('the chain', () => {
	let alice: Alice;
	beforeAll(async () => {
		alice = await createAlice(doubleSuite);
	});
	const refused = (reason: string) => ({ ok: false, reason });

	it('refuses parts of another identity or period', async () => {
		const { suite, address, sign, signCard } = alice;
		const otherRoot = await suite.signer(secret(9));
		const record = await sign();
		const foreign = await signCard({ root: otherRoot.publicKey });
		expect(await verifyCard(suite, address, record, foreign)).toEqual(refused('wrong-shape'));
		const later = await signCard({ pair: { rootSeq: NOW + 1, seq: NOW } });
		expect(await verifyCard(suite, address, record, later)).toEqual(refused('wrong-shape'));
		const otherAddress = rootKeyToAddress(otherRoot.publicKey);
		const wrongAddress = await verifyCard(suite, otherAddress, record, await signCard());
		expect(wrongAddress).toEqual(refused('wrong-shape'));
	});

	it('refuses a record that revokes the card key that it appoints', async () => {
		const { suite, address, cardKey, sign } = alice;
		const record = await sign({ revoked: [{ key: cardKey.publicKey, since: NOW }] });
		expect(await verifyRootRecord(suite, address, record)).toEqual(refused('wrong-shape'));
		const fine = await sign({ revoked: [{ key: new Uint8Array(32), since: NOW }] });
		expect((await verifyRootRecord(suite, address, fine)).ok).toBe(true);
	});

	it('refuses another X-Wing key than the card names', async () => {
		const { suite, address, sign, signCard, xwing } = alice;
		const parts = { record: await sign(), card: await signCard(), xwing: xwing.slice().fill(1) };
		const result = await verifyBundleParts(suite, address, parts);
		expect(result).toEqual(refused('wrong-hash'));
	});

	it('refuses a change of any field, and any bit', async () => {
		const { suite, address, sign, signCard } = alice;
		const [record, card] = [await sign(), await signCard()];
		for (const [original, isRecord] of [
			[record, true],
			[card, false]
		] as const) {
			await fc.assert(
				fc.asyncProperty(fc.nat({ max: 8 * original.length - 1 }), async (bit) => {
					const changed = original.slice();
					changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
					const result = isRecord
						? await verifyCard(suite, address, changed, card)
						: await verifyCard(suite, address, record, changed);
					expect(result.ok).toBe(false);
				}),
				{ numRuns: 300 }
			);
		}
		const fields = decodeFields(card);
		for (const name of Object.keys(fields)) {
			const { [name]: dropped, ...rest } = fields;
			const without = await verifyCard(suite, address, record, encodePlain(rest));
			expect(without.ok, `${name} left out`).toBe(false);
			const more = await verifyCard(suite, address, record, encodePlain({ ...fields, more: 1 }));
			expect(more).toEqual(refused('wrong-signature'));
			expect(dropped).toBeDefined();
		}
	});

	it('keeps and signs fields of a later version', async () => {
		const { suite, address, cardKey, sign, signCard } = alice;
		const { sig, ...fields } = decodeFields(await signCard());
		const later = await signObject(suite, cardKey, LABELS.card, { ...fields, later: [1, null] });
		const { card } = await verified(alice, await sign(), later);
		expect(card['later']).toEqual([1, null]);
		expect(sig).toBeInstanceOf(Uint8Array);
		const stripped = encodePlain({ ...fields, sig: card.sig });
		const result = await verifyCard(suite, address, await sign(), stripped);
		expect(result).toEqual(refused('wrong-signature'));
	});

	it('tells a root record’s signature from a card’s', async () => {
		const { suite, root, address } = alice;
		const fields = {
			v: 1,
			t: 'root',
			root: root.publicKey,
			seq: NOW,
			card: root.publicKey,
			revoked: []
		};
		const record = await signObject(suite, root, LABELS.card, fields);
		expect(await verifyRootRecord(suite, address, record)).toEqual(refused('wrong-signature'));
	});

	it('never throws on foreign bytes', async () => {
		const { suite, address, sign, signCard } = alice;
		const [record, card] = [await sign(), await signCard()];
		const foreign = fc.uint8Array({ maxLength: 600 });
		await fc.assert(
			fc.asyncProperty(foreign, fc.nat(), async (bytes, cut) => {
				const results = [
					await verifyBundle(suite, address, bytes),
					await verifyCard(suite, address, bytes, card),
					await verifyCard(suite, address, record, bytes),
					await verifyCard(suite, address, record, card.subarray(0, cut % card.length)),
					await verifyCard(suite, address, record, concat(card, bytes.subarray(0, 1 + (cut % 9))))
				];
				const good = bytes.length === 0 ? 1 : 0;
				expect(results.filter((result) => result.ok).length).toBe(good);
			})
		);
	});
});

describe('the order of cards', () => {
	let alice: Alice;
	const make = async (rootSeq: number, seq: number, name = 'Alice'): Promise<VerifiedCard> => {
		const card = await alice.signCard({ pair: { rootSeq, seq }, name });
		return verified(alice, await alice.sign({ seq: rootSeq }), card);
	};
	beforeAll(async () => {
		alice = await createAlice(doubleSuite);
	});

	it('goes by root sequence first, then by card sequence', async () => {
		const sequence = fc.integer({ min: 1, max: 3 });
		await fc.assert(
			fc.asyncProperty(sequence, sequence, sequence, sequence, async (a, b, c, d) => {
				const expected =
					c > a || (c === a && d > b) ? 'newer' : c === a && d === b ? 'same' : 'older';
				expect(compareCards(await make(a, b), await make(c, d))).toBe(expected);
			})
		);
	});

	it('refuses a rollback', async () => {
		const held = await make(2, 2);
		for (const [rootSeq, seq] of [
			[2, 1],
			[1, 2],
			[1, 9]
		] as const) {
			expect(admitCard(held, await make(rootSeq, seq))).toEqual({
				ok: false,
				reason: 'older-than-known'
			});
		}
	});

	it('admits the first, a newer one, and the same again', async () => {
		const held = await make(2, 2);
		for (const candidate of [await make(2, 2), await make(2, 3), await make(3, 1)]) {
			expect(admitCard(held, candidate)).toEqual({ ok: true, value: candidate });
		}
		expect(admitCard(null, held)).toEqual({ ok: true, value: held });
	});

	it('calls two objects with one pair a conflict', async () => {
		const held = await make(2, 2);
		expect(admitCard(held, await make(2, 2, 'Alicia'))).toEqual({ ok: false, reason: 'conflict' });
	});

	it('calls two root records with one sequence a conflict, whatever their cards', async () => {
		const held = await make(2, 2);
		const thief = await doubleSuite.signer(secret(66));
		const record = await alice.sign({ seq: 2, card: thief.publicKey });
		for (const seq of [1, 2, 3]) {
			const card = await alice.signCard({ pair: { rootSeq: 2, seq } }, thief);
			const candidate = await verified(alice, record, card);
			expect(compareCards(held, candidate)).toBe('conflict');
		}
	});
});

/** The fields of an object of ours, for a test to change. */
function decodeFields(bytes: Uint8Array): Record<string, Plain> {
	const decoded = decodeCanonical(bytes, bytes.length);
	if (!decoded.ok) throw new Error(`no object: ${toHex(bytes)}`);
	return decoded.value as Record<string, Plain>;
}
