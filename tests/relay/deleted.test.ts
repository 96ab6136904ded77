/** What a user has deleted for good does not come back, whoever still has it. */

import { expect, it } from 'vitest';
import { deleteForever } from '../../src/lib/mailbox/places.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import { beginWeeks, tend, textsOf, type Person } from './weeks.ts';

function recipientOf({ desk, own }: Person) {
	return createRecipient(desk, own.account, {
		...{ onReceived: () => undefined, onConnections: () => undefined }
	});
}

it.each([{ restarts: false }, { restarts: true }])(
	'from a peer that has it (restart: $restarts)',
	async ({ restarts }) => {
		const { alice, bob, write } = await beginWeeks();
		await write(alice, bob, 'one');
		await tend(bob);
		const [thread] = await bob.desk.store.list('thread');
		if (thread === undefined) throw new Error('Bob has the thread');
		await deleteForever(bob.desk, [thread.id]);
		if (restarts) bob.restart();
		const { address } = alice.own.account.record;
		const atAlice = await alice.desk.store.list('entry', [thread.id]);
		const recipient = recipientOf(bob);
		// It counts as here, so that nobody offers it.
		expect(await recipient.entryIdsFor(address, thread.id)).toHaveLength(atAlice.length);
		const prints = [
			await recipient.sharedWith(address),
			await recipientOf(alice).sharedWith(bob.own.account.record.address)
		].map((shared) => shared.get(thread.id));
		expect(prints[0]).toEqual(prints[1]);
		await recipient.receive(address, atAlice);
		expect(await textsOf(bob)).toEqual([]);
		// Nor has the program it in memory, from where a newcomer could be given it.
		const replica = await loadReplica(bob.desk, bob.own.account, thread.id);
		expect(replica && shownMessages(replica.state)).toEqual([]);
	}
);
