import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { LIMITS } from '../wire/limits.ts';
import { bringsWraps, letWait, waitingOf } from './antechamber.ts';

test('epochs from before, which come without wraps, open nothing that waits', async () => {
	const [alice, bob] = [await createPerson('alice', () => 1), await createPerson('bob', () => 2)];
	await introduce([alice, bob]);
	const { threadId } = await post(alice, [bob]);
	const bundles = await alice.desk.store.list('entry', [threadId]);
	expect(bringsWraps(bundles)).toBe(true);
	expect(bringsWraps(bundles.map((bundle) => ({ ...bundle, wraps: [] })))).toBe(false);
	expect(bringsWraps(bundles.filter(({ wraps }) => wraps.length === 0))).toBe(false);
});

test('where there is too much, texts go, and what opens a thread stays', async () => {
	const [alice, bob] = [await createPerson('alice', () => 1), await createPerson('bob', () => 2)];
	await introduce([alice, bob]);
	const { threadId } = await post(alice, [bob]);
	const bundles = await alice.desk.store.list('entry', [threadId]);
	const isEpoch = ({ wraps }: { wraps: readonly unknown[] }) => wraps.length > 0;
	const large = new Uint8Array(LIMITS.bodyBytes);
	const [text] = bundles.filter((each) => !isEpoch(each)).map((each) => ({ ...each, body: large }));
	if (text === undefined) throw new Error('a message was written');
	const many = new Array<typeof text>(LIMITS.newcomerBytes / LIMITS.bodyBytes).fill(text);
	const epochs = bundles.filter(isEpoch);
	letWait(bob.desk.store, threadId, { bundles: [...epochs, ...many], isClosed: false });
	const waiting = waitingOf(bob.desk.store, threadId)?.bundles ?? [];
	expect(waiting).toHaveLength(epochs.length + many.length);
	expect(waiting.filter(isEpoch)).toEqual(epochs);
	expect(waiting.every((each) => isEpoch(each) || each.body === null)).toBe(true);
});
