import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { changeLabel, createLabel, familyOf, inTree, readLabels, removeLabel } from './labels.ts';

const GREEN = { hue: 'green', parent: null } as const;

async function deskWithHouse() {
	const desk = createDesk();
	const house = (await createLabel(desk, { ...GREEN, name: 'House' })) ?? '';
	const roof = (await createLabel(desk, { ...GREEN, name: 'Roof', parent: house })) ?? '';
	const choir = (await createLabel(desk, { ...GREEN, name: ' Choir ' })) ?? '';
	return { desk, house, roof, choir };
}

test('labels are read as a tree, by name', async () => {
	const { desk } = await deskWithHouse();
	const tree = inTree(await readLabels(desk));
	expect(tree.map(({ path, depth }) => [path, depth])).toEqual([
		['Choir', 0],
		['House', 0],
		['House / Roof', 1]
	]);
});

test('no two of one name beside each other, none without a name, none under itself', async () => {
	const { desk, house, roof } = await deskWithHouse();
	expect(await createLabel(desk, { ...GREEN, name: 'house' })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: ' ' })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: '\u200f\u2066\u0301' })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: 'x'.repeat(10_000) })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: '\u202eHouse' })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: 'x'.repeat(61) })).toBeNull();
	expect(await createLabel(desk, { ...GREEN, name: 'House', parent: house })).not.toBeNull();
	expect(await changeLabel(desk, house, { ...GREEN, name: 'House', parent: roof })).toBe(false);
	expect(await changeLabel(desk, roof, { ...GREEN, name: 'Roof' })).toBe(true);
});

test('removing moves those below it up, and is taken back whole', async () => {
	const { desk, house } = await deskWithHouse();
	const before = inTree(await readLabels(desk));
	const undo = await removeLabel(desk, house);
	expect(inTree(await readLabels(desk)).map(({ path }) => path)).toEqual(['Choir', 'Roof']);
	await undo();
	expect(inTree(await readLabels(desk))).toEqual(before);
});

test('labels that came to stand under each other are shown all the same', () => {
	const ring = [
		{ id: 'a', name: 'A', hue: 'red', parent: 'b' },
		{ id: 'b', name: 'B', hue: 'red', parent: 'a' }
	] as const;
	expect(inTree(ring).map(({ name, parent }) => [name, parent])).toEqual([
		['A', undefined],
		['B', undefined]
	]);
	expect(familyOf(ring, 'a')).toEqual(new Set(['a', 'b']));
});
