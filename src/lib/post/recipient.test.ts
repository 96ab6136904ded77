/** What a proved peer is told of the threads that it shares: cheaply, and the same on both sides. */

import { expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	type Person
} from '../../../tests/sim/people.ts';
import type { ThreadId } from '../wire/ids.ts';
import { createRecipient } from './recipient.ts';

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };
const addressOf = ({ account }: Person) => account.record.address;

/** Alice writes to Bob, and what she wrote is stored at his. */
async function writeToBob() {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	const sent = await post(alice, [bob]);
	const bundles = await bundlesOf(alice, sent);
	const { recipient } = startAnew(bob);
	const received = await recipient.receive(addressOf(alice), bundles);
	expect(received.stored).toHaveLength(bundles.length);
	return { alice, bob, thread: sent.threadId, entries: bundles.length };
}

/** As after a start: nothing is in memory. `opened` has the threads whose entries were read. */
function startAnew({ desk, account }: Person) {
	const opened: string[] = [];
	const list: typeof desk.store.list = (table, prefix) => {
		if (table === 'entry') opened.push(prefix?.[0] ?? '');
		return desk.store.list(table, prefix);
	};
	const store = { ...desk.store, list };
	return { opened, recipient: createRecipient({ ...desk, store }, account, HOOKS) };
}

test('two who have the same know it by a print, without opening the thread', async () => {
	const { alice, bob, thread } = await writeToBob();
	const [atAlice, atBob] = [startAnew(alice), startAnew(bob)];
	const hers = await atAlice.recipient.sharedWith(addressOf(bob));
	const his = await atBob.recipient.sharedWith(addressOf(alice));
	expect([...hers.keys()]).toEqual([thread]);
	expect(hers).toEqual(his);
	expect([...atAlice.opened, ...atBob.opened]).toEqual([]);
});

test('the print is of what is there', async () => {
	const { alice, bob, thread, entries } = await writeToBob();
	const { opened, recipient } = startAnew(alice);
	const ids = await recipient.entryIdsFor(addressOf(bob), thread);
	expect(ids.length).toBe(entries);
	expect(opened).toEqual([thread]);
	const before = await recipient.sharedWith(addressOf(bob));
	expect(await printAfterLosingIt(alice, bob, thread)).toEqual(before.get(thread));
});

/** A row of a version that kept no prints: it is made from the entries. */
async function printAfterLosingIt(alice: Person, bob: Person, thread: ThreadId) {
	const row = await alice.desk.store.get('thread', [thread]);
	if (row === null) throw new Error('there is a thread');
	const { entriesPrint, ...old } = row;
	expect(entriesPrint).toHaveLength(32);
	await alice.desk.store.commit([{ table: 'thread', key: [thread], put: old }]);
	return (await startAnew(alice).recipient.sharedWith(addressOf(bob))).get(thread);
}

test('one who is no member hears of no thread and of no entry', async () => {
	const { alice, thread } = await writeToBob();
	const mallory = await createPerson('Mallory', () => 0);
	const { recipient } = startAnew(alice);
	expect(await recipient.sharedWith(addressOf(mallory))).toEqual(new Map());
	expect(await recipient.entryIdsFor(addressOf(mallory), thread)).toEqual([]);
});
