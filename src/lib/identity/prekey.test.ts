import { describe, expect, it } from 'vitest';
import { countingRandom } from '../../../tests/conformance/crypto.ts';
import { nobleSuite } from '../crypto/noble.ts';
import { systemRandom } from '../crypto/random.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	createPrekey,
	emptiedUntil,
	findOutlived,
	isOutdated,
	isPrekeyDue,
	isSealable,
	loadPrekey,
	newestFirst,
	type PrekeyAge
} from './prekey.ts';
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
		expect(isPrekeyDue(age(-10), NOW)).toBe(true);
		expect(isPrekeyDue({ ...age(-10), madeMs: NOW - 10 * DAY + 1 }, NOW)).toBe(false);
		// A clock that was set back must not stop rotation for ever, nor cause it at once.
		expect(isPrekeyDue(age(1), NOW)).toBe(false);
	});

	it('is not due while nobody could learn the last one', () => {
		expect(isPrekeyDue({ madeMs: NOW - 90 * DAY, publishedMs: null }, NOW)).toBe(false);
	});

	it('sends its sender to look for a newer card when its time is over', () => {
		expect(isOutdated({ until: NOW }, NOW)).toBe(false);
		expect(isOutdated({ until: NOW - 1 }, NOW)).toBe(true);
	});
});

describe('a sender who cannot ask', () => {
	const until = NOW + 10 * DAY;
	const isSealableOn = (day: number, askedDay: number | null) =>
		isSealable({ until }, askedDay === null ? null : NOW + askedDay * DAY, NOW + day * DAY);

	it('seals to a prekey as long as a letter of ten days must still find it', () => {
		expect(isSealableOn(30 - 1, null)).toBe(true);
		expect(isSealableOn(30, null)).toBe(false);
	});

	it('counts from the day on which an office knew of no newer one', () => {
		expect(isSealableOn(79, 60)).toBe(true);
		expect(isSealableOn(80, 60)).toBe(false);
		expect(isSealableOn(29, 2)).toBe(true);
	});
});

/** Made on a day, published on that day, a later one or never. */
function age(day: number, published: number | null = day): PrekeyAge {
	return {
		madeMs: NOW + day * DAY,
		publishedMs: published === null ? null : NOW + published * DAY
	};
}

describe('the end of a prekey', () => {
	const outlived = (prekeys: readonly PrekeyAge[], day: number, emptied: number | null) =>
		findOutlived(prekeys, NOW + day * DAY, emptied === null ? null : NOW + emptied * DAY);

	it('comes 30 days after its successor was published, once slots were emptied since', () => {
		const prekeys = [age(10), age(0)];
		expect(outlived(prekeys, 39, 39)).toEqual([]);
		expect(outlived(prekeys, 40, null)).toEqual([]);
		expect(outlived(prekeys, 40, 39)).toEqual([]);
		expect(outlived(prekeys, 40, 40)).toEqual([age(0)]);
	});

	it('does not come while its successor is known to nobody', () => {
		expect(outlived([age(10, null), age(0)], 400, 400)).toEqual([]);
		expect(outlived([age(10, 395), age(0)], 400, 400)).toEqual([]);
		expect(outlived([age(10, 370), age(0)], 400, 400)).toEqual([age(0)]);
		// One that was skipped is as old as the next that was not.
		expect(outlived([age(30), age(10, null), age(0)], 400, 400)).toEqual([age(10, null), age(0)]);
	});

	it('does not come for a sleeper, whose slots nobody emptied', () => {
		expect(outlived([age(0), age(10)], 400, 11)).toEqual([]);
		expect(outlived([age(0), age(10)], 400, 400)).toEqual([age(0)]);
	});

	it('is put off by what waits, but not for ever', () => {
		expect(emptiedUntil(NOW, [])).toBe(NOW);
		const waiting = (takenDays: number, afterDays: number) => {
			return { takenMs: NOW - takenDays * DAY, afterMs: NOW - afterDays * DAY };
		};
		expect(emptiedUntil(NOW, [waiting(5, 6), waiting(2, 4)])).toBe(NOW - 6 * DAY);
		// Slept for 40 days: it may have come on any of them.
		expect(emptiedUntil(NOW, [waiting(5, 6), waiting(0, 40)])).toBe(NOW - 40 * DAY);
		const kept = LIMITS.unconfirmedMs / DAY;
		expect(emptiedUntil(NOW, [waiting(kept, kept + 1), waiting(2, 4)])).toBe(NOW - 4 * DAY);
	});

	it('is tried last', () => {
		expect(newestFirst([age(0), age(20), age(10)])).toEqual([age(20), age(10), age(0)]);
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
