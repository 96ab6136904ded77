/** Two tabs of one profile: one sends upon what it remembers, the other has written since. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';

test('whose card the other tab was given is written to, and no office is asked', async () => {
	const now = () => 1_790_000_000_000;
	const [bob, carol] = [await createPerson('Bob', now), await createPerson('Carol', now)];
	const { row } = await bob.desk.store.recall('contact', [carol.account.record.address]);
	expect(row).toBeNull();
	await introduce([await bob.otherTab(), carol]);
	const { threadId } = await post(bob, [carol]);
	expect(await bob.desk.store.list('message', [threadId])).toHaveLength(1);
});
