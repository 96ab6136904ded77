import { expect, test } from 'vitest';
import { Selection } from './selection.svelte.ts';

const SHOWN = ['a', 'b', 'c', 'd'];

function chosen(selection: Selection): string[] {
	return SHOWN.filter((id) => selection.has(id));
}

test('a range goes from the row chosen last, either way', () => {
	const selection = new Selection();
	selection.toggle('b');
	selection.extend('d', SHOWN);
	expect(chosen(selection)).toEqual(['b', 'c', 'd']);
	selection.extend('a', SHOWN);
	expect(chosen(selection)).toEqual(['a', 'b', 'c', 'd']);
	selection.toggle('c');
	expect(chosen(selection)).toEqual(['a', 'b', 'd']);
	selection.clear();
	expect(selection.isEmpty).toBe(true);
});

test('a range whose beginning is gone is the row alone', () => {
	const selection = new Selection();
	selection.toggle('gone');
	selection.extend('c', SHOWN);
	expect(chosen(selection)).toEqual(['c']);
});

test('what was done to some leaves the others chosen', () => {
	const selection = new Selection();
	selection.choose(['a', 'b', 'c']);
	selection.drop(['a', 'x']);
	expect(['a', 'b', 'c'].filter((id) => selection.has(id))).toEqual(['b', 'c']);
});
