import { describe, expect, it } from 'vitest';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import type { RootRecord } from '../wire/identity.ts';
import { applyRecord, judgeCardKey, revokeCardKey, type VerifiedRecord } from './revocation.ts';

const NOW = 1_800_000_000_000;
const key = (n: number) => new Uint8Array(32).fill(n);

function record(fields: Partial<RootRecord>): VerifiedRecord {
	const record: RootRecord = {
		...{ v: 1, t: 'root', root: key(1), seq: NOW, card: key(10), revoked: [] },
		...fields,
		sig: new Uint8Array(64)
	};
	return { record, recordBytes: encodeFields({ ...record }) };
}

describe('the root record after a theft', () => {
	const theft = { newCard: key(11), compromisedSinceMs: NOW - 5 };

	it('revokes the card key and names the new one', () => {
		expect(revokeCardKey(record({}), theft, NOW + 1)).toEqual({
			seq: NOW + 1,
			card: key(11),
			revoked: [{ key: key(10), since: NOW - 5 }]
		});
	});

	it('is newer than the last even where the clock was set back', () => {
		expect(revokeCardKey(record({}), theft, NOW - 1_000_000).seq).toBe(NOW + 1);
	});

	it('keeps the newest two keys, and names the record that has the older ones', () => {
		const second = record({ revoked: [{ key: key(9), since: 1 }] });
		const fields = revokeCardKey(second, theft, NOW + 1);
		expect(fields.revoked?.map((each) => each.key)).toEqual([key(10), key(9)]);
		expect(fields.older).toBeUndefined();
		const revoked = [
			{ key: key(9), since: 2 },
			{ key: key(8), since: 1 }
		];
		const third = record({ revoked });
		const next = revokeCardKey(third, theft, NOW + 1);
		expect(next.revoked?.map((each) => each.key)).toEqual([key(10), key(9)]);
		expect(next.older).toEqual(cidOfObject(third.recordBytes));
	});

	it('keeps a successor, and no date of what is still to come', () => {
		const fields = revokeCardKey(
			record({ successor: key(2) }),
			{ newCard: key(11), compromisedSinceMs: NOW + 99 },
			NOW + 1
		);
		expect(fields.successor).toEqual(key(2));
		expect(fields.revoked?.[0]?.since).toBe(NOW + 1);
	});
});

describe('a root record at a contact', () => {
	const held = record({});

	it('is taken where there is none, or where it is newer', () => {
		expect(applyRecord(null, held, NOW)).toEqual({ kind: 'taken' });
		expect(applyRecord(held, record({ seq: NOW + 1, successor: key(2) }), NOW)).toEqual({
			kind: 'taken'
		});
	});

	it('says that the card key changed, and whether the old one was stolen', () => {
		const revoked = [{ key: key(10), since: NOW - 5 }];
		const stolen = record({ seq: NOW + 1, card: key(11), revoked });
		const revocation = { since: NOW - 5, learnedAt: NOW + 7 };
		expect(applyRecord(held, stolen, NOW + 7)).toEqual({ kind: 'card-key-changed', revocation });
		const replaced = record({ seq: NOW + 1, card: key(11) });
		expect(applyRecord(held, replaced, NOW + 7)).toEqual({
			kind: 'card-key-changed',
			revocation: null
		});
	});

	it('is refused where it is older, and shown where it contradicts', () => {
		expect(applyRecord(held, held, NOW).kind).toBe('same');
		expect(applyRecord(held, record({ seq: NOW - 1 }), NOW).kind).toBe('older');
		expect(applyRecord(held, record({ card: key(66) }), NOW).kind).toBe('conflict');
	});
});

describe('a signature under a card key', () => {
	const first = record({}).record;
	const second = record({ seq: NOW + 1, card: key(11) }).record;
	const third = record({
		seq: NOW + 2,
		card: key(12),
		revoked: [{ key: key(11), since: NOW - 9 }]
	}).record;

	it('counts while the key is in force, and after it was replaced', () => {
		expect(judgeCardKey([first], key(10))).toEqual({ kind: 'in-force' });
		expect(judgeCardKey([third, first, second], key(10))).toEqual({ kind: 'replaced' });
	});

	it('has no provable date once the key was revoked, in whichever record', () => {
		const revoked = { kind: 'revoked', since: NOW - 9 };
		expect(judgeCardKey([first, second, third], key(11))).toEqual(revoked);
		const fourth = record({ seq: NOW + 3, card: key(13) }).record;
		expect(judgeCardKey([fourth, third], key(11))).toEqual(revoked);
	});

	it('is of nobody where no record names the key', () => {
		expect(judgeCardKey([first, second], key(66))).toEqual({ kind: 'unknown' });
		expect(judgeCardKey([], key(10))).toEqual({ kind: 'unknown' });
	});
});
