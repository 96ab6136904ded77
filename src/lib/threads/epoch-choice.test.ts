import { expect, test } from 'vitest';
import { Epochs, type Members } from '../../../tests/threads/lists.ts';
import { chooseEpoch } from './epoch-choice.ts';

const alice = { join: 'A' };
const start: Members = { alice, bob: { join: 'B' }, carol: { join: 'C' } };

function thread(salt = 0): Epochs {
	return new Epochs(salt)
		.add('first', {
			by: 'alice',
			after: [],
			members: { alice, bob: { seed: 'b' }, carol: { seed: 'c' } }
		})
		.add('start', {
			by: 'alice',
			after: ['first'],
			members: {
				alice,
				bob: { join: 'B', provedBy: 'b' },
				carol: { join: 'C', provedBy: 'c' }
			}
		});
}

function choose(epochs: Epochs, hasSecret = () => true): string | null {
	return chooseEpoch(epochs.all, epochs.fold(), hasSecret)?.id ?? null;
}

test('the deepest whose list is the fold', () => {
	const epochs = thread();
	expect(choose(epochs)).toBe(epochs.fact('start').id);
	epochs.add('fresh', { by: 'bob', after: ['start'], members: start });
	expect(choose(epochs)).toBe(epochs.fact('fresh').id);
	expect(choose(epochs, () => false)).toBeNull();
});

test('of two equally deep the smaller CID, whichever came first', () => {
	for (const salt of [0, 1, 2, 3]) {
		const epochs = thread(salt)
			.add('one', { by: 'bob', after: ['start'], members: start })
			.add('two', { by: 'carol', after: ['start'], members: start });
		const ids = [epochs.fact('one'), epochs.fact('two')].sort((a, b) =>
			Buffer.compare(a.cid.bytes, b.cid.bytes)
		);
		expect(choose(epochs)).toBe(ids[0]?.id);
	}
});

test('never the epoch of one who leaves, or of one who was removed', () => {
	const left = thread().add('leave', {
		by: 'bob',
		after: ['start'],
		members: { alice, carol: { join: 'C' } }
	});
	expect(choose(left)).toBeNull();
	const removed = thread()
		.add('remove', { by: 'alice', after: ['start'], members: { alice, carol: { join: 'C' } } })
		.add('by bob', { by: 'bob', after: ['start'], members: start });
	expect(choose(removed)).toBe(removed.fact('remove').id);
});

test('never a void one, though its list is the fold', () => {
	const epochs = thread()
		.add('carry bob', {
			by: 'alice',
			after: ['start'],
			members: { ...start, bob: { seed: 'b2', record: 2 } }
		})
		.add('carry alice', {
			by: 'bob',
			after: ['start'],
			members: { ...start, alice: { seed: 'a2', record: 2 } }
		})
		.add('by a thief', { by: 'alice', after: ['start'], members: start });
	expect(choose(epochs)).toBe(epochs.fact('start').id);
});

test('none where two changes stand side by side: a new one brings them together', () => {
	const epochs = thread()
		.add('dave', { by: 'alice', after: ['start'], members: { ...start, dave: { seed: 'd' } } })
		.add('erin', { by: 'bob', after: ['start'], members: { ...start, erin: { seed: 'e' } } });
	expect(choose(epochs)).toBeNull();
});

test('none beside an epoch that a present member was not given', () => {
	const epochs = thread()
		.add('add', { by: 'alice', after: ['start'], members: { ...start, dave: { seed: 'd' } } })
		.add('beside', { by: 'bob', after: ['start'], members: start });
	expect(choose(epochs)).toBeNull();
	epochs.add('both', {
		by: 'bob',
		after: ['add', 'beside'],
		members: { ...start, dave: { seed: 'd' } }
	});
	expect(choose(epochs)).toBe(epochs.fact('both').id);
});

test('none whose root record is not the newest, or whose rules are not in force', () => {
	const rules = { add: 'creator', write: 'members' } as const;
	const carried = thread()
		.add('carry', {
			by: 'alice',
			after: ['start'],
			members: { ...start, bob: { seed: 'b2', record: 2 } }
		})
		.add('beside', { by: 'carol', after: ['start'], members: start });
	expect(choose(carried)).toBe(carried.fact('carry').id);
	const ruled = thread()
		.add('rule', { by: 'alice', after: ['start'], members: start, rules })
		.add('beside', { by: 'carol', after: ['start'], members: start });
	expect(choose(ruled)).toBe(ruled.fact('rule').id);
});
