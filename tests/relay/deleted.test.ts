/** What a user has deleted for good does not come back, whoever still has it. */

import { expect, it } from 'vitest';
import { deleteForever } from '../../src/lib/mailbox/places.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { textsIn } from '../../src/lib/post/texts.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import type { ThreadId } from '../../src/lib/wire/ids.ts';
import { beginWeeks, DAY, seal, tend, textsOf, type Person } from './weeks.ts';

function recipientOf({ desk, own }: Person) {
	return createRecipient(desk, own.account, {
		...{ onReceived: () => undefined, onConnections: () => undefined }
	});
}

/** As the user does it. */
function forget({ desk, own }: Person, thread: ThreadId) {
	return deleteForever(desk, [thread], (id) => textsIn(desk, own.account, id));
}

it.each([{ restarts: false }, { restarts: true }])(
	'from a peer that has it (restart: $restarts)',
	async ({ restarts }) => {
		const { alice, bob, write } = await beginWeeks();
		await write(alice, bob, 'one');
		await tend(bob);
		const [thread] = await bob.desk.store.list('thread');
		if (thread === undefined) throw new Error('Bob has the thread');
		await forget(bob, thread.id);
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

it('sealed again by its writer', async () => {
	const { world, alice, bob, write } = await beginWeeks();
	await write(alice, bob, 'one');
	for (const person of [bob, bob, alice]) await tend(person);
	const [thread] = await bob.desk.store.list('thread');
	if (thread === undefined) throw new Error('Bob has the thread');
	const { address } = alice.own.account.record;
	await seal(world, alice, bob, 'two', { kind: 'reply', thread: thread.id });
	await recipientOf(bob).receive(address, await alice.desk.store.list('entry', [thread.id]));
	expect(await textsOf(bob)).toEqual(['one', 'two']);
	await forget(bob, thread.id);
	bob.restart();
	await world.pass(31 * DAY);
	expect(await drainOutbox(alice.desk, alice.own.account)).toEqual({ kind: 'handed-over' });
	const entries = await alice.desk.store.list('entry', [thread.id]);
	await recipientOf(bob).receive(address, entries);
	expect(await textsOf(bob)).toEqual([]);
	const bodies = (await bob.desk.store.list('entry', [thread.id])).filter(({ isGone }) => isGone);
	expect(bodies.map(({ body }) => body)).toEqual([null, null, null]);
});
