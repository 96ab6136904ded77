/**
 * A thief with the card key, as contacts, offices and other devices see it: all signed and verified.
 * The double signs with public keys alone, so mallory here uses only keys that she stole.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { Secret } from '../crypto/secret.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { comparePairs, rootRecordDecoder, type CardPair } from '../wire/identity.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import { createCard } from './card.ts';
import { admitCard, compareCards, verifyCard, type VerifiedCard } from './chain.ts';
import { createPrekey } from './prekey.ts';
import { judgeCardKey, revokeCardKey } from './revocation.ts';
import { createRootRecord } from './root.ts';
import { nextSequence } from './sequence.ts';

const NOW = 1_800_000_000_000;
const suite = doubleSuite;
const keyOf = (n: number) => suite.signer(new Secret(new Uint8Array(32).fill(n)));
const root = await keyOf(1);
const address = rootKeyToAddress(root.publicKey);
const { publicKey: auth } = await suite.agreement(new Secret(new Uint8Array(32).fill(2)));
const { prekey } = await createPrekey(suite, countingRandom(1), NOW);

interface Period {
	readonly recordBytes: Uint8Array;
	readonly record: Awaited<ReturnType<typeof verifiedRecord>>;
	readonly cardKey: Awaited<ReturnType<typeof keyOf>>;
}

async function verifiedRecord(bytes: Uint8Array) {
	const decoded = rootRecordDecoder.decode(bytes);
	if (!decoded.ok) throw new Error(decoded.reason);
	return decoded.value;
}

async function firstPeriod(): Promise<Period> {
	const cardKey = await keyOf(10);
	const fields = { seq: NOW, card: cardKey.publicKey };
	const recordBytes = await createRootRecord(suite, root, fields);
	return { recordBytes, record: await verifiedRecord(recordBytes), cardKey };
}

/** With the phrase in hand: `n` new root records, each revoking the card key before. */
async function nextPeriod(before: Period, nowMs: number, n: number): Promise<Period> {
	const cardKey = await keyOf(10 + n);
	const theft = { newCard: cardKey.publicKey, compromisedSinceMs: nowMs - 2 };
	const recordBytes = await createRootRecord(suite, root, revokeCardKey(before, theft, nowMs));
	return { recordBytes, record: await verifiedRecord(recordBytes), cardKey };
}

async function signCard({ recordBytes, record, cardKey }: Period, seq: number, name: string) {
	const pair = { rootSeq: record.seq, seq };
	const fields = { root: root.publicKey, pair, name, auth, prekey, offices: [], policy: 'open' };
	const card = await createCard(suite, cardKey, fields);
	const verified = await verifyCard(suite, address, recordBytes, card);
	if (!verified.ok) throw new Error(verified.reason);
	return verified.value;
}

type Deed =
	/** One of the own devices publishes, knowing the newest own card. */
	| { readonly kind: 'publish' }
	/** The thief does, with the card key of some period, at any sequence near or far. */
	| { readonly kind: 'forge'; readonly period: number; readonly ahead: number }
	| { readonly kind: 'revoke' }
	| { readonly kind: 'wait' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
	fc.constant({ kind: 'publish' as const }),
	fc.record({
		kind: fc.constant('forge' as const),
		period: fc.nat({ max: 4 }),
		ahead: fc.constantFrom(0, 0, 1, 2, 1_000_000)
	}),
	fc.constant({ kind: 'revoke' as const }),
	fc.constant({ kind: 'wait' as const })
);

interface Written {
	readonly all: readonly VerifiedCard[];
	readonly own: VerifiedCard;
	readonly periods: readonly Period[];
}

async function write(deeds: readonly Deed[]): Promise<Written> {
	let period = await firstPeriod();
	let now = NOW + 1;
	const periods = [period];
	let own = await signCard(period, now, 'Alice');
	const all = [own];
	for (const [i, { kind, ...step }] of deeds.entries()) {
		if (kind === 'wait') now++;
		if (kind === 'revoke' && periods.length < 5) {
			period = await nextPeriod(period, now, periods.length);
			periods.push(period);
		}
		if (kind === 'publish' || kind === 'revoke') {
			const previous = own.pair.rootSeq === period.record.seq ? own.pair.seq : null;
			own = await signCard(period, nextSequence(previous, now), `Alice ${String(i)}`);
			all.push(own);
		}
		if (kind === 'forge' && 'period' in step) {
			const stolen = periods[step.period];
			// The key of the period that is not over yet: whoever has it is Alice to all.
			if (stolen === undefined || stolen === period) continue;
			all.push(await signCard(stolen, own.pair.seq + step.ahead, 'Mallory'));
		}
	}
	return { all, own, periods };
}

/** What a replica holds after these cards came to it, and whether it saw a conflict. */
function hold(cards: readonly VerifiedCard[]) {
	let held: VerifiedCard | null = null;
	let sawConflict = false;
	for (const card of cards) {
		const admitted: ReturnType<typeof admitCard<VerifiedCard>> = admitCard(held, card);
		if (admitted.ok) held = admitted.value;
		else if (admitted.reason === 'conflict') sawConflict = true;
	}
	return { held, sawConflict };
}

const story = fc.array(deed, { minLength: 2, maxLength: 14 });

it('never takes the place of a newer root record', async () => {
	await fc.assert(
		fc.asyncProperty(story, fc.func(fc.nat()), async (deeds, rank) => {
			const { all, own } = await write(deeds);
			const shuffled = all.toSorted((a, b) => rank(toHex(a.cardBytes)) - rank(toHex(b.cardBytes)));
			for (const order of [all, all.toReversed(), shuffled]) {
				const { held } = hold(order);
				expect(held?.pair).toEqual(own.pair);
				expect(held?.card.name).toBe(own.card.name);
			}
		}),
		{ numRuns: 80 }
	);
});

it('with the key in force is seen by whoever sees both cards, and all agree on the newest pair', async () => {
	const pair = fc.record({ seq: fc.nat({ max: 4 }), isThief: fc.boolean() });
	await fc.assert(
		fc.asyncProperty(
			fc.array(pair, { minLength: 1, maxLength: 8 }),
			fc.nat(),
			async (list, turn) => {
				const period = await firstPeriod();
				const cards = await Promise.all(
					list.map(({ seq, isThief }) => signCard(period, seq, isThief ? 'Mallory' : 'Alice'))
				);
				const newest = cards.map((card) => card.pair).reduce(later);
				const at = turn % cards.length;
				for (const order of [
					cards,
					cards.toReversed(),
					[...cards.slice(at), ...cards.slice(0, at)]
				]) {
					expect(hold(order).held?.pair).toEqual(newest);
				}
				for (const a of cards) {
					for (const b of cards) {
						const isRival = a.pair.seq === b.pair.seq && !equal(a.cardBytes, b.cardBytes);
						expect(compareCards(a, b) === 'conflict').toBe(isRival);
						expect(hold([a, b]).sawConflict).toBe(isRival);
					}
				}
			}
		),
		{ numRuns: 60 }
	);
});

it('leaves every stolen key revoked for whoever has the records, however many thefts there were', async () => {
	let period = await firstPeriod();
	const periods = [period];
	for (let n = 1; n <= 5; n++) {
		period = await nextPeriod(period, NOW + 10 * n, n);
		periods.push(period);
	}
	const records = periods.map(({ record }) => record);
	for (const { record } of periods) expect(record.revoked.length).toBeLessThanOrEqual(2);
	for (const [n, { cardKey }] of periods.entries()) {
		const isNewest = n === periods.length - 1;
		expect(judgeCardKey(records, cardKey.publicKey)).toEqual(
			isNewest ? { kind: 'in-force' } : { kind: 'revoked', since: NOW + 10 * (n + 1) - 2 }
		);
	}
});

function later(a: CardPair, b: CardPair): CardPair {
	return comparePairs(a, b) >= 0 ? a : b;
}
