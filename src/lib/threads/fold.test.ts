import { describe, expect, test } from 'vitest';
import { Epochs, type Members } from '../../../tests/threads/lists.ts';
import { isOutdated } from './fold.ts';

const alice = { join: 'A' };
const bob = { join: 'B' };
const carol = { join: 'C' };
const dave = { seed: 'd' };
const seeds: Members = { alice, bob: { seed: 'b' }, carol: { seed: 'c' } };
const joined: Members = { alice, bob, carol };

/** Alice, Bob and Carol, all joined, as of the epoch `start`. */
function three(salt: number): Epochs {
	return new Epochs(salt).add('first', { by: 'alice', after: [], members: seeds }).add('start', {
		by: 'alice',
		after: ['first'],
		members: {
			alice,
			bob: { ...bob, provedBy: 'b' },
			carol: { ...carol, provedBy: 'c' }
		}
	});
}

/** CIDs decide what stands first of what is concurrent: each scenario runs with several. */
const SALTS = [0, 1, 2, 3, 4, 5, 6, 7];

describe.each(SALTS)('with CIDs of salt %i', (salt) => {
	test('a removal voids what the removed does beside it, and the puppets that it adds', () => {
		const epochs = three(salt)
			.add('remove', { by: 'alice', after: ['start'], members: { alice, carol } })
			.add('puppet', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('nested', {
				by: 'dave',
				after: ['puppet'],
				members: { ...joined, dave: { join: 'D', provedBy: 'd' }, erin: { seed: 'e' } }
			});
		expect(epochs.members()).toEqual(['alice', 'carol']);
		expect(epochs.voidOf('puppet')).toBe('removed');
		expect(epochs.voidOf('nested')).toBe('not-a-member');
	});

	test('what the removed did before the removal stays', () => {
		const epochs = three(salt)
			.add('add', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('remove', {
				by: 'alice',
				after: ['add'],
				members: { alice, carol, dave: { seed: 'd2' } }
			});
		expect(epochs.members()).toEqual(['alice', 'carol', 'dave']);
		expect(epochs.fold().members.get('dave')?.seed).toBe('d2');
	});

	test('a removal voids a concurrent adding of the same member, and not a later one', () => {
		const base = three(salt)
			.add('gone', { by: 'alice', after: ['start'], members: { alice, carol } })
			.add('back', { by: 'carol', after: ['gone'], members: { alice, bob: { seed: 'b2' }, carol } })
			.add('again', { by: 'alice', after: ['back'], members: { alice, carol } })
			.add('beside', {
				by: 'carol',
				after: ['gone'],
				members: { alice, bob: { seed: 'b3' }, carol }
			});
		expect(base.members()).toEqual(['alice', 'carol']);
		const later = base.add('later', {
			by: 'carol',
			after: ['again', 'beside'],
			members: { alice, bob: { seed: 'b4' }, carol }
		});
		expect(later.members()).toEqual(['alice', 'bob', 'carol']);
		expect(later.fold().members.get('bob')?.seed).toBe('b4');
	});

	test('a re-added member is heard again, its old branch is not', () => {
		const epochs = three(salt)
			.add('gone', { by: 'alice', after: ['start'], members: { alice, carol } })
			.add('back', { by: 'carol', after: ['gone'], members: { alice, bob: { seed: 'b2' }, carol } })
			.add('old', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('new', {
				by: 'bob',
				after: ['back'],
				members: { alice, bob: { join: 'B', provedBy: 'b2' }, carol, erin: { seed: 'e' } }
			});
		expect(epochs.members()).toEqual(['alice', 'bob', 'carol', 'erin']);
		expect(epochs.voidOf('old')).toBe('removed');
	});

	test('who leaves is out, whatever its other device does beside it', () => {
		const epochs = three(salt)
			.add('leave', { by: 'bob', after: ['start'], members: { alice, carol } })
			.add('second leave', { by: 'bob', after: ['start'], members: { alice, carol } })
			.add('add', { by: 'bob', after: ['start'], members: { ...joined, dave } });
		expect(epochs.members()).toEqual(['alice', 'carol']);
		expect(epochs.voidOf('add')).toBe('removed');
	});

	test('when the creator leaves, what it rules beside that is void, and its right is over', () => {
		const epochs = three(salt)
			.add('leave', { by: 'alice', after: ['start'], members: { bob, carol } })
			.add('remove', { by: 'alice', after: ['start'], members: { alice, bob } })
			.add('back', { by: 'bob', after: ['leave'], members: { alice: { seed: 'a' }, bob, carol } });
		expect(epochs.members()).toEqual(['alice', 'bob', 'carol']);
		expect(epochs.fold().creatorActs).toBe(false);
		const rule = () =>
			epochs.add('rule', {
				by: 'alice',
				after: ['back'],
				members: { alice: { join: 'A', provedBy: 'a' }, bob }
			});
		expect(rule).toThrow('not-the-creator');
	});

	test('a leave voids what its maker does later, where its re-adding is void', () => {
		const unjoined = { alice, bob: { seed: 'b2' }, carol };
		const epochs = three(salt)
			.add('leave', { by: 'bob', after: ['start'], members: { alice, carol } })
			.add('void back', { by: 'carol', after: ['leave'], members: unjoined })
			.add('remove carol', { by: 'alice', after: ['leave'], members: { alice } })
			.add('add', {
				by: 'bob',
				after: ['void back'],
				members: { alice, bob: { join: 'B', provedBy: 'b2' }, carol, dave }
			})
			.add('list dave', {
				by: 'bob',
				after: ['add'],
				members: { alice, bob: { join: 'B' }, carol, dave: { join: 'D', provedBy: 'd' } }
			})
			.add('gone', {
				by: 'dave',
				after: ['list dave'],
				members: { alice, bob: { join: 'B' }, carol }
			})
			.add('validly', {
				by: 'alice',
				after: ['remove carol'],
				members: { alice, dave: { seed: 'd3' } }
			});
		expect(epochs.voidOf('add')).toBe('removed');
		expect(epochs.voidOf('gone')).toBe('not-a-member');
		expect(epochs.members()).toEqual(['alice', 'dave']);
	});

	test('a newer root record voids what is signed under the older one beside it', () => {
		const epochs = three(salt)
			.add('carry', {
				by: 'carol',
				after: ['start'],
				members: { alice, bob: { seed: 'b2', record: 2 }, carol }
			})
			.add('thief', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('known', { by: 'alice', after: ['start'], members: { ...joined, erin: { seed: 'e' } } });
		expect(epochs.members()).toEqual(['alice', 'bob', 'carol', 'erin']);
		expect(epochs.voidOf('thief')).toBe('older-than-known');
		expect(epochs.fold().members.get('bob')).toMatchObject({ join: null, seed: 'b2' });
	});

	test('a thief of the creator cannot keep out those who carry the new record', () => {
		const epochs = three(salt)
			.add('thief', { by: 'alice', after: ['start'], members: { alice, carol } })
			.add('carry', {
				by: 'bob',
				after: ['start'],
				members: { alice: { seed: 'a2', record: 2 }, bob, carol }
			});
		expect(epochs.members()).toEqual(['alice', 'bob', 'carol']);
		expect(epochs.voidOf('thief')).toBe('older-than-known');
		expect(epochs.fold().creatorActs).toBe(false);
	});

	test('what an ancestor of the carrier did under the old key stays', () => {
		const epochs = three(salt)
			.add('remove', { by: 'alice', after: ['start'], members: { alice, carol } })
			.add('carry', {
				by: 'carol',
				after: ['remove'],
				members: { alice: { seed: 'a2', record: 2 }, carol }
			});
		expect(epochs.members()).toEqual(['alice', 'carol']);
		expect(epochs.fold().members.get('alice')?.seed).toBe('a2');
	});

	test('two who carry each other’s new record lose both, until a third does it', () => {
		const epochs = three(salt)
			.add('carry bob', {
				by: 'alice',
				after: ['start'],
				members: { ...joined, bob: { seed: 'b2', record: 2 } }
			})
			.add('carry alice', {
				by: 'bob',
				after: ['start'],
				members: { ...joined, alice: { seed: 'a2', record: 2 } }
			});
		expect(isOutdated(epochs.fold(), 'alice')).toBe(true);
		expect(isOutdated(epochs.fold(), 'bob')).toBe(true);
		expect(isOutdated(epochs.fold(), 'carol')).toBe(false);
		epochs.add('third', {
			by: 'carol',
			after: ['carry bob', 'carry alice'],
			members: { alice: { seed: 'a3', record: 2 }, bob: { seed: 'b3', record: 2 }, carol }
		});
		expect(epochs.voidOf('third')).toBeUndefined();
		expect(isOutdated(epochs.fold(), 'alice')).toBe(false);
	});

	test('a tightening voids concurrent addings by others, and not the creator’s own', () => {
		const rules = { add: 'creator', write: 'members' } as const;
		const epochs = three(salt)
			.add('tighten', { by: 'alice', after: ['start'], members: joined, rules })
			.add('add', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('own', { by: 'alice', after: ['start'], members: { ...joined, erin: { seed: 'e' } } });
		expect(epochs.members()).toEqual(['alice', 'bob', 'carol', 'erin']);
		expect(epochs.fold().rules).toEqual(rules);
	});

	test('of two first join keys one stays, on every replica the same', () => {
		const epochs = new Epochs(salt)
			.add('first', { by: 'alice', after: [], members: seeds })
			.add('one', {
				by: 'alice',
				after: ['first'],
				members: { ...seeds, bob: { join: 'B', provedBy: 'b' } }
			})
			.add('two', {
				by: 'alice',
				after: ['first'],
				members: { ...seeds, bob: { join: 'fake', provedBy: 'b' } }
			});
		const [first] = [epochs.fact('one'), epochs.fact('two')].sort((a, b) =>
			Buffer.compare(a.cid.bytes, b.cid.bytes)
		);
		const listed = first?.list.members.find(({ root }) => root === 'bob')?.join;
		expect(epochs.fold().members.get('bob')?.join).toBe(listed);
	});

	test('a new seed stands against a join key that was listed beside it', () => {
		const epochs = three(salt)
			.add('add', { by: 'bob', after: ['start'], members: { ...joined, dave } })
			.add('listed', {
				by: 'carol',
				after: ['add'],
				members: { ...joined, dave: { join: 'D', provedBy: 'd' } }
			})
			.add('remove', {
				by: 'alice',
				after: ['add'],
				members: { alice, carol, dave: { seed: 'd2' } }
			});
		expect(epochs.fold().members.get('dave')).toMatchObject({ join: null, seed: 'd2' });
	});

	test('the newest card stays, in whichever order', () => {
		const epochs = three(salt)
			.add('newer', {
				by: 'alice',
				after: ['start'],
				members: { ...joined, bob: { join: 'B', card: 3 } }
			})
			.add('older', {
				by: 'carol',
				after: ['start'],
				members: { ...joined, bob: { join: 'B', card: 2 } }
			});
		expect(epochs.fold().members.get('bob')?.card.seq).toBe(3);
	});
});

test('a fold needs the first epoch', () => {
	expect(() => new Epochs().fold()).toThrow(RangeError);
});
