/** When a peer's word ends the notices that the own office repeats. */

import { expect, test, vi } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import type { Office } from './ports.ts';
import { updateOutbox } from './progress.ts';
import { createRecipient } from './recipient.ts';
import { atOwnOffice, type Counter } from './registration.ts';

vi.mock(import('./registration.ts'), async (original) => ({
	...(await original()),
	atOwnOffice: vi.fn()
}));

test('one message that a peer has does not end the notice of the next one of the thread', async () => {
	let now = 1_790_000_000_000;
	const alice = await createPerson('alice', () => now++);
	const bob = await createPerson('bob', () => now++);
	await introduce([alice, bob]);
	const { threadId } = await post(alice, [bob]);
	await post(alice, [bob], { kind: 'replyAll', thread: threadId });
	const forget = vi.fn(() => Promise.resolve());
	const counter = { office: { forget } as unknown as Office } as Counter;
	vi.mocked(atOwnOffice).mockImplementation((_desk, _account, work) => work(counter));
	const records = await alice.desk.store.list('outbox');
	records.sort((a, b) => a.createdAt - b.createdAt);
	for (const { id } of records) {
		await updateOutbox(alice.desk, id, (row) => ({
			...row,
			knocks: row.knocks.map((knock) => ({ ...knock, state: 'handed-over' }))
		}));
	}
	const hooks = { onReceived: () => undefined, onConnections: () => undefined };
	const door = createRecipient(alice.desk, alice.account, hooks);
	for (const [place, { entries }] of records.entries()) {
		await door.acknowledged(bob.account.record.address, entries);
		expect(forget).toHaveBeenCalledTimes(place);
	}
});
