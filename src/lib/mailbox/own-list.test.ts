import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { changeOwn, createOwnList, readOwn } from './own-list.ts';

const NOW = createOwnList('labels', v.object({ hue: v.picklist(['green', 'red']) }), 3);
const LATER = createOwnList('labels', v.object({ hue: v.string() }), 3);

test('what a later version wrote hides nothing else, and is not overwritten', async () => {
	const { store } = createDesk();
	await changeOwn(store, LATER, () => [{ hue: 'pink' }, { hue: 'green' }]);
	expect(await readOwn(store, NOW)).toEqual([{ hue: 'green' }]);
	await changeOwn(store, NOW, (all) => [...all, { hue: 'red' as const }]);
	expect(await readOwn(store, NOW)).toEqual([{ hue: 'green' }, { hue: 'red' }]);
	expect(await readOwn(store, LATER)).toContainEqual({ hue: 'pink' });
});

test('no more than so many are kept', async () => {
	const { store } = createDesk();
	await changeOwn(store, NOW, () => Array.from({ length: 5 }, () => ({ hue: 'red' as const })));
	expect(await readOwn(store, NOW)).toHaveLength(3);
});
