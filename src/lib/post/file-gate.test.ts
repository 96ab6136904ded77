/** A permission ends when what it stands on does, also while somebody looks it up. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { FileGate } from './file-gate.ts';
import { sealFile } from './files.ts';
import type { Desk } from './ports.ts';

const NOW = 1_790_000_000_000;

async function* content() {
	yield new Uint8Array(1_000).fill(7);
}

async function withFile(now: () => number = () => NOW) {
	const alice = await createPerson('alice', now);
	const bob = await createPerson('bob', now);
	await introduce([alice, bob]);
	const sealed = await sealFile(alice.desk, alice.desk.blocks, content());
	const { key, manifest, sha256, size } = sealed;
	const file = { id: 'f', name: 'f', type: 'a/b', size, sealed: { key, manifest, sha256 } };
	const { threadId } = await post(alice, [bob], { files: [file] });
	return { alice, bob: bob.account.record.address, manifest, threadId };
}

/** Its members are others: whoever was one may have nothing any more. */
async function empty({ desk }: Person): Promise<void> {
	for (const row of await desk.store.list('thread')) {
		await desk.store.commit([{ table: 'thread', key: [row.id], put: { ...row, members: [] } }]);
	}
}

test('what ended while it was looked up is not allowed, and not remembered as allowed', async () => {
	const { alice, bob, manifest } = await withFile();
	const looking = Promise.withResolvers<undefined>();
	const later = Promise.withResolvers<undefined>();
	const { store } = alice.desk;
	const slow: Desk = {
		...alice.desk,
		store: Object.assign(Object.create(store), {
			get: store.get.bind(store),
			subscribe: store.subscribe.bind(store),
			list: async (...asked: Parameters<typeof store.list>) => {
				const rows = await store.list(...asked);
				if (asked[0] !== 'message') return rows;
				looking.resolve(undefined);
				await later.promise;
				return rows;
			}
		})
	};
	const gate = new FileGate(slow);
	const taking = gate.take(bob, manifest);
	await looking.promise;
	await empty(alice);
	later.resolve(undefined);
	expect(await taking).toBeNull();
	expect(await gate.take(bob, manifest)).toBeNull();
});

test('an end date ends it, also where nothing was written since', async () => {
	let now = NOW;
	const { alice, bob, manifest, threadId } = await withFile(() => now);
	const [message] = await alice.desk.store.list('message', [threadId]);
	if (message === undefined) throw new Error('it was written');
	const put = { ...message, endsAt: NOW + 1_000 };
	await alice.desk.store.commit([{ table: 'message', key: [threadId, message.id], put }]);
	const gate = new FileGate(alice.desk);
	expect(await gate.take(bob, manifest)).not.toBeNull();
	now = NOW + 1_000;
	expect(await gate.take(bob, manifest)).toBeNull();
});

test('whoever is blocked gets nothing any more', async () => {
	const { alice, bob, manifest } = await withFile();
	const gate = new FileGate(alice.desk);
	expect(await gate.take(bob, manifest)).not.toBeNull();
	const contact = await alice.desk.store.get('contact', [bob]);
	if (contact === null) throw new Error('they know each other');
	const put = { ...contact, tier: 'blocked' as const };
	await alice.desk.store.commit([{ table: 'contact', key: [bob], put }]);
	expect(await gate.take(bob, manifest)).toBeNull();
});
