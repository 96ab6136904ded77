import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDoubtful, type StoredEntry } from './doubt.ts';

const ALICE = 'a1';
const BOB = 'b0';
const SINCE = 1000;
const LEARNED = 5000;
const revocation = { since: SINCE, learnedAt: LEARNED };

const entry = (id: string, fields: Partial<StoredEntry> = {}): StoredEntry => ({
	...{ id, parents: [], root: ALICE, datedMs: SINCE - 1, storedAt: LEARNED - 1 },
	...fields
});
const doubtful = (...entries: readonly StoredEntry[]) => [
	...findDoubtful(entries, ALICE, revocation)
];

describe('after a revocation', () => {
	it('nothing is doubtful that was here before and is dated before', () => {
		expect(doubtful(entry('x'))).toEqual([]);
	});

	it('what is dated after the key was stolen is doubtful, wherever it was', () => {
		expect(doubtful(entry('x', { datedMs: SINCE }))).toEqual(['x']);
		const witness = entry('y', { root: BOB, parents: ['x'] });
		expect(doubtful(entry('x', { datedMs: SINCE }), witness)).toEqual(['x']);
	});

	it('a claimed earlier date alone clears nothing', () => {
		expect(doubtful(entry('x', { datedMs: 0, storedAt: LEARNED }))).toEqual(['x']);
	});

	it('what came later is cleared by another’s entry that was here before', () => {
		const late = entry('x', { storedAt: LEARNED + 1 });
		const between = entry('w', { parents: ['x'], storedAt: LEARNED + 1 });
		const witness = entry('y', { root: BOB, parents: ['w'] });
		expect(doubtful(late, between, witness)).toEqual([]);
		// Not by one that came later, nor by the thief's own.
		expect(doubtful(late, entry('y', { root: BOB, parents: ['x'], storedAt: LEARNED }))).toEqual([
			'x'
		]);
		expect(doubtful(late, entry('y', { parents: ['x'] }))).toEqual(['x']);
	});

	it('no entry of anybody else is doubtful', () => {
		expect(doubtful(entry('x', { root: BOB, datedMs: SINCE, storedAt: LEARNED }))).toEqual([]);
	});
});

/** Entries in the order of storing; each names some of all as parents, present or not. */
const thread = fc
	.array(
		fc.record({
			isAlice: fc.boolean(),
			parents: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
			datedMs: fc.constantFrom(0, SINCE - 1, SINCE, SINCE + 1),
			storedAt: fc.constantFrom(LEARNED - 1, LEARNED, LEARNED + 1)
		}),
		{ maxLength: 12 }
	)
	.map((list) =>
		list.map(({ isAlice, parents, ...rest }, i): StoredEntry => {
			// A parent's CID stands in its child: no circles.
			const earlier = parents.filter((parent) => parent < i).map(String);
			return { id: String(i), root: isAlice ? ALICE : BOB, parents: earlier, ...rest };
		})
	);

describe('whatever a thief writes after all have learned', () => {
	it('is doubtful, and changes no verdict about what was there', () => {
		fc.assert(
			fc.property(thread, thread, (before, forged) => {
				const clear = findDoubtful(before, ALICE, revocation);
				const later = forged.map((each) => ({
					...each,
					id: `forged ${each.id}`,
					root: ALICE,
					parents: [...each.parents.map((id) => `forged ${id}`), ...each.parents],
					storedAt: LEARNED + 2
				}));
				const all = findDoubtful([...before, ...later], ALICE, revocation);
				expect([...all].filter((id) => !id.startsWith('forged'))).toEqual([...clear]);
				expect(later.every(({ id }) => all.has(id))).toBe(true);
			})
		);
	});

	it('does not depend on the order in which entries are listed', () => {
		fc.assert(
			fc.property(thread, (entries) => {
				const there = findDoubtful(entries, ALICE, revocation);
				const back = findDoubtful(entries.toReversed(), ALICE, revocation);
				expect([...back].sort()).toEqual([...there].sort());
			})
		);
	});
});
