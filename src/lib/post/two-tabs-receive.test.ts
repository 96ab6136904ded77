/** Two tabs of one profile take what comes in one thread, each upon what it remembers. */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	type Person
} from '../../../tests/sim/people.ts';
import { changeOwn } from '../mailbox/own-list.ts';
import { createSorter, RULES, type Rule } from '../mailbox/rules.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { ThreadId } from '../wire/ids.ts';
import { setTier } from './contacts.ts';
import type { Desk } from './ports.ts';
import { createRecipient } from './recipient.ts';
import { loadReplica } from './replicas.ts';

let alice: Person, bob: Person, other: Person;
let thread: ThreadId;

beforeEach(async () => {
	let now = 1_790_000_000_000;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	await introduce([alice, bob]);
	other = await bob.otherTab();
	const first = await post(alice, [bob]);
	thread = first.threadId;
	await take(bob, await bundlesOf(alice, first));
	await take(bob, await answer('remembered'));
});

async function answer(text: string): Promise<readonly EntryBundle[]> {
	return bundlesOf(alice, await post(alice, [bob], { kind: 'replyAll', thread, text }));
}

function take(
	{ desk, account }: Person,
	bundles: readonly EntryBundle[],
	more: Partial<Desk> = {}
) {
	const hooks = { onReceived: () => undefined, onConnections: () => undefined };
	const recipient = createRecipient({ ...desk, ...more }, account, hooks);
	return recipient.receive(alice.account.record.address, bundles);
}

async function textsOf({ desk }: Person): Promise<string[]> {
	const rows = await desk.store.list('message', [thread]);
	return rows.map(({ mail }) => mail.text).sort();
}

test('what the other tab has taken stays in the thread', async () => {
	const [second, third] = [await answer('second'), await answer('third')];
	await take(other, second);
	await take(bob, third);
	for (const tab of [bob, other]) {
		const replica = await loadReplica(tab.desk, tab.account, thread);
		expect(replica?.state.heads).toHaveLength(1);
		expect(replica?.record.count).toBe(4);
	}
	expect(await textsOf(bob)).toEqual(['At four?', 'remembered', 'second', 'third']);
});

test('what both take at once stands there once', async () => {
	const [second, third] = [await answer('second'), await answer('third')];
	await Promise.all([take(bob, second), take(other, second), take(other, third), take(bob, third)]);
	expect(await textsOf(bob)).toEqual(['At four?', 'remembered', 'second', 'third']);
	expect((await other.desk.store.get('thread', [thread]))?.count).toBe(4);
});

test('whom the other tab has blocked is refused', async () => {
	const bundles = await answer('too late');
	await setTier(other.desk, alice.account.record.address, 'blocked');
	const { stored, refused } = await take(bob, bundles);
	expect(stored).toEqual([]);
	expect(refused.map(({ reason }) => reason)).toEqual(bundles.map(() => 'blocked'));
	expect(await textsOf(bob)).toEqual(['At four?', 'remembered']);
});

test('whom the other tab has let in again is heard', async () => {
	await setTier(bob.desk, alice.account.record.address, 'blocked');
	await setTier(other.desk, alice.account.record.address, 'known');
	const bundles = await answer('heard');
	expect((await take(bob, bundles)).refused).toEqual([]);
	expect(await textsOf(bob)).toEqual(['At four?', 'heard', 'remembered']);
});

test('whom the other tab has accepted may begin a thread', async () => {
	await setTier(bob.desk, alice.account.record.address, 'unknown');
	await setTier(other.desk, alice.account.record.address, 'known');
	const begun = await post(alice, [bob], { text: 'another' });
	const { stored, refused } = await take(bob, await bundlesOf(alice, begun));
	expect(refused).toEqual([]);
	expect(stored).not.toEqual([]);
});

test('a rule of the other tab counts for what comes next', async () => {
	const sorter = createSorter(bob.desk, () => expect.unreachable('it can be read'));
	await take(bob, await answer('without'), { sorter });
	const rule: Rule = {
		...{ id: 'a', isOn: true, isLast: false },
		conditions: [{ kind: 'body', text: 'with' }],
		actions: [{ kind: 'read' }]
	};
	await changeOwn(other.desk.store, RULES, () => [rule]);
	await take(bob, await answer('with a rule'), { sorter });
	const rows = await other.desk.store.list('message', [thread]);
	const unread = rows.filter(({ isUnread }) => isUnread).map(({ mail }) => mail.text);
	expect(unread.sort()).toEqual(['At four?', 'remembered', 'without']);
});

test('a row that stands under the id of what comes is not written over', async () => {
	const bundles = await answer('mine');
	const twin = await alice.otherTab();
	const [row] = (await twin.desk.store.list('message', [thread])).filter(
		({ mail }) => mail.text === 'mine'
	);
	if (row === undefined) throw new Error('it was written');
	const put = { ...row, from: bob.account.record.address, mail: { ...row.mail, text: 'theirs' } };
	await other.desk.store.commit([{ table: 'message', key: [thread, row.id], put }]);
	await take(bob, bundles);
	expect(await textsOf(bob)).toEqual(['At four?', 'mine', 'remembered', 'theirs']);
});
