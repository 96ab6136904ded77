import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { nobleSuite } from '../crypto/noble.ts';
import { systemRandom } from '../crypto/random.ts';
import { LIMITS } from '../wire/limits.ts';
import { createPrekey, findOutlived, isPrekeyDue, loadPrekey, newestFirst } from './prekey.ts';
import { nextSequence } from './sequence.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

describe('a prekey', () => {
	it('is what its secrets give again', async () => {
		const { secrets, prekey, xwing } = await createPrekey(nobleSuite, systemRandom, NOW);
		const { id, kem, dh } = await loadPrekey(nobleSuite, secrets);
		expect(kem.publicKey).toEqual(xwing);
		expect(prekey).toEqual({
			id,
			xwing: await nobleSuite.sha256(xwing),
			dh: dh.publicKey,
			until: NOW + 10 * DAY
		});
		expect(xwing.length).toBe(1216);
	});

	it('is another one each time, and the same for the same randomness', async () => {
		const first = await createPrekey(nobleSuite, countingRandom(1), NOW);
		expect((await createPrekey(nobleSuite, countingRandom(1), NOW)).prekey).toEqual(first.prekey);
		const other = await createPrekey(nobleSuite, countingRandom(2), NOW);
		expect(other.prekey.dh).not.toEqual(first.prekey.dh);
		expect(other.prekey.xwing).not.toEqual(first.prekey.xwing);
	});

	it('is due after 10 days, and where there is none', () => {
		expect(isPrekeyDue(null, NOW)).toBe(true);
		expect(isPrekeyDue({ publishedMs: NOW - 10 * DAY }, NOW)).toBe(true);
		expect(isPrekeyDue({ publishedMs: NOW - 10 * DAY + 1 }, NOW)).toBe(false);
		// A clock that was set back must not stop rotation for ever, nor cause it at once.
		expect(isPrekeyDue({ publishedMs: NOW + DAY }, NOW)).toBe(false);
	});
});

describe('the end of a prekey', () => {
	const at = (day: number) => ({ publishedMs: NOW + day * DAY });
	const outlived = (
		prekeys: readonly { publishedMs: number }[],
		day: number,
		emptied: number | null
	) => findOutlived(prekeys, NOW + day * DAY, emptied === null ? null : NOW + emptied * DAY);

	it('comes 30 days after its successor was published, once slots were emptied since', () => {
		const prekeys = [at(10), at(0)];
		expect(outlived(prekeys, 39, 39)).toEqual([]);
		expect(outlived(prekeys, 40, null)).toEqual([]);
		expect(outlived(prekeys, 40, 39)).toEqual([]);
		expect(outlived(prekeys, 40, 40)).toEqual([at(0)]);
	});

	it('does not come for a sleeper, whose slots nobody emptied', () => {
		expect(outlived([at(0), at(10)], 400, 11)).toEqual([]);
		expect(outlived([at(0), at(10)], 400, 400)).toEqual([at(0)]);
	});

	it('never comes for the newest', () => {
		const days = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(days, fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (list, now, emptied) => {
				const prekeys = list.map(at);
				const ended = outlived(prekeys, now, emptied);
				const newest = newestFirst(prekeys)[0];
				expect(ended).not.toContain(newest);
				for (const { publishedMs } of ended) {
					const later = prekeys.filter((other) => other.publishedMs >= publishedMs);
					const successorMs = Math.min(
						...later
							.slice()
							.sort((a, b) => a.publishedMs - b.publishedMs)
							.slice(1)
							.map((p) => p.publishedMs)
					);
					expect(successorMs + LIMITS.prekeyKeptMs).toBeLessThanOrEqual(NOW + now * DAY);
				}
			})
		);
	});

	it('is tried last', () => {
		expect(newestFirst([at(0), at(20), at(10)])).toEqual([at(20), at(10), at(0)]);
	});
});

describe('a sequence', () => {
	it('is the clock, but always grows', () => {
		expect(nextSequence(null, NOW)).toBe(NOW);
		expect(nextSequence(NOW - 5, NOW)).toBe(NOW);
		expect(nextSequence(NOW, NOW)).toBe(NOW + 1);
		expect(nextSequence(NOW + 1000, NOW)).toBe(NOW + 1001);
	});
});
