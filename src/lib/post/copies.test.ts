/** What is on its way keeps the order in which it was written. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { toHex } from '../wire/bytes.ts';

test('also where the clock stands still, or goes back', async () => {
	let now = 1_790_000_000_000;
	const alice = await createPerson('alice', () => now);
	const bob = await createPerson('bob', () => now);
	await introduce([alice, bob]);
	const first = await post(alice, [bob]);
	const answer = { kind: 'replyAll', thread: first.threadId } as const;
	const second = await post(alice, [bob], answer);
	now -= 60_000;
	const third = await post(alice, [bob], answer);
	expect(new Set([first, second, third].map(({ threadId }) => threadId)).size).toBe(1);
	const records = await alice.desk.store.list('outbox');
	// One secret for all of them: the notice of the later takes the place of the earlier one's.
	const knocks = records.flatMap((record) => record.knocks.map(({ knock }) => toHex(knock)));
	expect(new Set(knocks).size).toBe(1);
	const written = [...records].sort((a, b) => a.createdAt - b.createdAt);
	expect(written.map(({ message }) => message)).toEqual(
		[first, second, third].map(({ messageId }) => messageId)
	);
	expect(new Set(records.map(({ createdAt }) => createdAt)).size).toBe(3);
});
