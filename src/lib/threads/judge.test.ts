import { expect, test } from 'vitest';
import { Epochs, toList, type EpochOf, type Members } from '../../../tests/threads/lists.ts';
import { judgeEpoch } from './judge.ts';

const alice = { join: 'A' };
const start: Members = { alice, bob: { join: 'B' }, carol: { seed: 'c' } };

function thread(rules?: EpochOf['rules']): Epochs {
	return new Epochs()
		.add('first', {
			by: 'alice',
			after: [],
			members: { alice, bob: { seed: 'b' }, carol: { seed: 'c' } },
			rules
		})
		.add('start', {
			by: 'alice',
			after: ['first'],
			members: { ...start, bob: { join: 'B', provedBy: 'b' } },
			rules
		});
}

function judge(
	by: string,
	members: Members,
	rest: Partial<EpochOf> = {},
	rules?: EpochOf['rules']
) {
	const epoch = { by, members, after: ['start'], rules, ...rest };
	return judgeEpoch(toList(epoch), thread(rules).foldBefore(['start']));
}

const without = (root: string): Members =>
	Object.fromEntries(Object.entries(start).filter(([name]) => name !== root));

const closed = { add: 'creator', write: 'members' } as const;

test('what one may do', () => {
	const added = { ...start, dave: { seed: 'd' } };
	const none = { removed: [], leaves: false, carried: [], joined: [], reseeded: [] };
	expect(judge('bob', start)).toMatchObject({ ok: true, value: { added: [], ...none } });
	expect(judge('bob', added)).toMatchObject({ ok: true, value: { ...none, added: ['dave'] } });
	expect(judge('alice', added, {}, closed)).toMatchObject({ ok: true });
	expect(judge('alice', without('bob'))).toMatchObject({ ok: true, value: { removed: ['bob'] } });
	expect(judge('bob', without('bob'))).toMatchObject({
		ok: true,
		value: { leaves: true, removed: [] }
	});
	const carried = { ...start, bob: { seed: 'b2', record: 2 } };
	expect(judge('alice', carried)).toMatchObject({ ok: true, value: { carried: ['bob'] } });
	const joined = { ...start, carol: { join: 'C', provedBy: 'c' } };
	expect(judge('bob', joined)).toMatchObject({ ok: true, value: { joined: ['carol'] } });
	expect(judge('alice', start, { rules: closed })).toMatchObject({
		ok: true,
		value: { changesRules: true, tightens: true }
	});
});

test.each<[string, string, Members, Partial<EpochOf>?, EpochOf['rules']?]>([
	['not-a-member', 'mallory', start],
	['not-the-creator', 'bob', without('carol')],
	['not-the-creator', 'bob', start, { rules: closed }],
	['not-allowed', 'bob', { ...start, dave: { seed: 'd' } }, {}, closed],
	['not-allowed', 'bob', { ...start, bob: { seed: 'b2', record: 2 } }],
	['list-mismatch', 'bob', { ...start, dave: { join: 'D' } }],
	['list-mismatch', 'bob', { ...without('bob'), dave: { seed: 'd' } }],
	['list-mismatch', 'bob', start, { creator: 'bob' }],
	['list-mismatch', 'bob', start, { previous: 'elsewhere' }],
	['list-mismatch', 'alice', { ...start, bob: { join: 'other' } }],
	['list-mismatch', 'alice', { ...start, bob: { seed: 'b' } }],
	['list-mismatch', 'alice', { ...start, bob: { join: 'B', record: 2 } }],
	['list-mismatch', 'alice', { ...start, carol: { seed: 'c', record: 2 } }],
	['list-mismatch', 'bob', { ...start, carol: { seed: 'c2' } }],
	['list-mismatch', 'bob', { ...start, carol: { join: 'C' } }],
	['list-mismatch', 'bob', { ...start, carol: { join: 'C', provedBy: 'another' } }],
	['older-than-known', 'alice', { ...start, bob: { join: 'B', record: 0 } }],
	['older-than-known', 'alice', { ...start, bob: { join: 'B', card: 0 } }],
	['conflict', 'alice', { ...start, bob: { join: 'B', version: 'x' } }]
])('%s', (reason, by, members, rest, rules) => {
	expect(judge(by, members, rest, rules)).toEqual({ ok: false, reason });
});

test('a seed whose maker is gone has to be replaced, by the next one who makes a list', () => {
	const epochs = thread()
		.add('add', { by: 'bob', after: ['start'], members: { ...start, dave: { seed: 'd' } } })
		.add('leave', {
			by: 'bob',
			after: ['add'],
			members: { ...without('bob'), dave: { seed: 'd' } }
		});
	const next = (dave: Members[string]) =>
		judgeEpoch(
			toList({ by: 'alice', after: ['leave'], members: { ...without('bob'), dave } }),
			epochs.foldBefore(['leave'])
		);
	expect(next({ seed: 'd' })).toEqual({ ok: false, reason: 'list-mismatch' });
	expect(next({ seed: 'd2' })).toMatchObject({ ok: true, value: { reseeded: ['dave'] } });
	expect(next({ join: 'D', provedBy: 'd' })).toMatchObject({ ok: true });
});

test.each<[string, string, Members]>([
	['not-the-creator', 'bob', start],
	['list-mismatch', 'alice', without('alice')],
	['list-mismatch', 'alice', start],
	['list-mismatch', 'alice', { alice: { seed: 'a' } }]
])('a first epoch: %s', (reason, by, members) => {
	expect(judgeEpoch(toList({ by, members, after: [] }), null)).toEqual({ ok: false, reason });
});

test('a list is sorted and names nobody twice', () => {
	const list = toList({ by: 'alice', members: { alice, bob: { seed: 'b' } }, after: [] });
	const turned = { ...list, members: list.members.toReversed() };
	const doubled = { ...list, members: [...list.members, ...list.members] };
	expect(judgeEpoch(list, null).ok).toBe(true);
	expect(judgeEpoch(turned, null)).toEqual({ ok: false, reason: 'list-mismatch' });
	expect(judgeEpoch(doubled, null)).toEqual({ ok: false, reason: 'list-mismatch' });
});
