import { expect, test, vi } from 'vitest';
import { createPerson, deliver, introduce, post, take } from '../../../tests/sim/people.ts';
import { advanceMessage, putMessage } from '../post/delivery.ts';
import { bundlesFor } from '../post/outbox.ts';
import { withdraw } from '../post/withdraw.ts';
import { endDue } from './ending.ts';

let clock = 1_790_000_000_000;
const now = () => clock;

async function pair() {
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	return { alice, bob };
}

test('what a recipient says in that very moment is not overwritten by the end', async () => {
	const { alice, bob } = await pair();
	const ends = { at: clock + 1000 };
	const { threadId, messageId } = await post(alice, [bob], { text: 'brief', ends });
	clock += 2000;
	const { store, blocks } = alice.desk;
	const key = [threadId, messageId];
	// The last thing before the tombstones are written.
	vi.spyOn(blocks, 'remove').mockImplementationOnce(() =>
		store.update('message', key, (row) =>
			row === null ? [] : [putMessage(threadId, advanceMessage(row, 'delivered', clock))]
		)
	);
	await endDue(alice.desk, alice.account);
	const row = await store.get('message', key);
	expect(row?.endedAt).toBe(clock);
	expect(row?.mail.text).toBe('');
	expect(row?.deliveries.map(({ state }) => state)).toEqual(['delivered']);
});

test('a message that is taken back stays what it became meanwhile', async () => {
	const { alice, bob } = await pair();
	const { threadId, messageId } = await post(alice, [bob], { text: 'oops' });
	await deliver(alice, [bob]);
	expect(await withdraw(alice.desk, alice.account, threadId, messageId)).toEqual({ ok: true });
	const { store } = bob.desk;
	const { update } = store;
	vi.spyOn(store, 'update').mockImplementation(async (table, key, decide, options) => {
		if (table === 'thread') {
			await update('message', [threadId, messageId], (row) =>
				row === null ? [] : [putMessage(threadId, { ...row, isUnread: false })]
			);
		}
		return update(table, key, decide, options);
	});
	for (const record of await alice.desk.store.list('outbox')) {
		const bundles = await bundlesFor(alice.desk, record, bob.account.record.address);
		await take(bob, alice, bundles);
	}
	const row = await store.get('message', [threadId, messageId]);
	expect(row).toMatchObject({ isWithdrawn: true, isUnread: false });
});
