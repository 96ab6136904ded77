import { expect, test } from 'vitest';
import { MapDraft, SetDraft } from './draft.ts';

test('a set is the one that it began with until something is added', () => {
	const before = new Set(['a']);
	const draft = new SetDraft<string>(before);
	draft.add('a');
	expect(draft.all).toBe(before);
	draft.add('b');
	draft.add('c');
	expect([...draft.all]).toEqual(['a', 'b', 'c']);
	expect([...before]).toEqual(['a']);
	draft.clear();
	draft.add('d');
	expect([...draft.all]).toEqual(['d']);
	expect([...before]).toEqual(['a']);
});

test('a map is the one that it began with until something is set', () => {
	const before = new Map([['a', 1]]);
	const draft = new MapDraft<string, number>(before);
	expect([draft.get('a'), draft.has('b'), draft.all]).toEqual([1, false, before]);
	draft.set('a', 2);
	draft.set('b', 3);
	expect([...draft.all]).toEqual([
		['a', 2],
		['b', 3]
	]);
	expect([...before]).toEqual([['a', 1]]);
});
