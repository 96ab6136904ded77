import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { bringsWraps } from './antechamber.ts';

test('epochs from before, which come without wraps, open nothing that waits', async () => {
	const [alice, bob] = [await createPerson('alice', () => 1), await createPerson('bob', () => 2)];
	await introduce([alice, bob]);
	const { threadId } = await post(alice, [bob]);
	const bundles = await alice.desk.store.list('entry', [threadId]);
	expect(bringsWraps(bundles)).toBe(true);
	expect(bringsWraps(bundles.map((bundle) => ({ ...bundle, wraps: [] })))).toBe(false);
	expect(bringsWraps(bundles.filter(({ wraps }) => wraps.length === 0))).toBe(false);
});
