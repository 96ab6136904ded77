/** What a hostile or an unlucky order of entries must not do to the archive. */

import { beforeEach, expect, test } from 'vitest';
import { createPerson, introduce, post, take, type Person } from '../../../tests/sim/people.ts';
import { appendArchive, appendMessage } from '../threads/make.ts';
import type { Made, MakeResult } from '../threads/thread.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';
import type { Mail } from '../wire/mail.ts';
import { threadPorts } from './account.ts';
import { removeFromThread } from './membership.ts';
import { loadReplica } from './replicas.ts';

let now: number;
let alice: Person, bob: Person, dave: Person, mallory: Person;
let thread: ThreadId;
let question: EntryBundle[];

beforeEach(async () => {
	now = 1_790_000_000_000;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	dave = await createPerson('dave', clock);
	mallory = await createPerson('mallory', clock);
	await introduce([alice, bob, dave, mallory]);
	thread = (await post(alice, [bob, dave, mallory], { text: 'first' })).threadId;
	question = (await alice.desk.store.list('entry', [thread])).slice();
	for (const who of [bob, dave, mallory]) await take(who, alice, question);
});

/** All that one has, to another. */
async function sync(from: Person, to: Person): Promise<void> {
	await take(to, from, await from.desk.store.list('entry', [thread]));
}

const answer = (who: Person, to: readonly Person[], text: string) =>
	post(who, to, { kind: 'replyAll', thread, text });

async function texts({ desk }: Person): Promise<string[]> {
	const rows = await desk.store.list('message', [thread]);
	const shown = rows.filter(({ refused }) => refused === undefined);
	return shown.sort((a, b) => a.order - b.order).map(({ mail }) => mail.text);
}

async function stateOf({ desk, account }: Person) {
	const replica = await loadReplica(desk, account, thread);
	if (replica === null) throw new Error('no such thread');
	return replica.state;
}

function made(result: MakeResult): Made {
	if (!result.ok) throw new Error('not made');
	return result;
}

async function mailOf({ desk }: Person, text: string): Promise<{ mail: Mail; id: MessageId }> {
	const rows = await desk.store.list('message', [thread]);
	const row = rows.find(({ mail }) => mail.text === text);
	if (row === undefined) throw new Error(`no message ${text}`);
	return row;
}

/** Mallory's own text under the id of another's message. */
async function squat(id: MessageId): Promise<readonly EntryBundle[]> {
	const from = { root: mallory.account.root, name: 'Mallory' };
	const { mail } = await mailOf(mallory, 'first');
	const ports = threadPorts(mallory.desk);
	const draft = { mail: { ...mail, from, text: 'squat' }, id };
	return made(await appendMessage(ports, mallory.account.me, await stateOf(mallory), draft, []))
		.bundles;
}

test('another member who takes the id of a message does not take its place', async () => {
	const { messageId } = await answer(bob, [alice, dave, mallory], 'second');
	const squatted = await squat(messageId);
	await take(dave, mallory, squatted);
	await sync(bob, dave);
	expect(new Set(await texts(dave))).toEqual(new Set(['first', 'second', 'squat']));
	await take(alice, mallory, [...squatted, ...(await bob.desk.store.list('entry', [thread]))]);
	expect(new Set(await texts(alice))).toEqual(new Set(['first', 'second', 'squat']));
	for (const who of [alice, dave]) {
		expect((await who.desk.store.get('thread', [thread]))?.count).toBe(3);
	}
});

test('a message of one who was removed is shown once somebody who stays builds on it', async () => {
	await answer(mallory, [alice, bob, dave], 'still here');
	await sync(mallory, dave);
	await answer(dave, [alice, bob, mallory], 'so you are');
	await removeFromThread(alice.desk, alice.account, thread, mallory.account.record.address);
	await sync(alice, bob);
	await sync(mallory, bob);
	expect(await texts(bob)).toEqual(['first']);
	await sync(dave, bob);
	expect(await texts(bob)).toEqual(['first', 'still here', 'so you are']);
	expect((await bob.desk.store.get('thread', [thread]))?.count).toBe(3);
});

test('an archive says nothing in the list of threads, and gives way to the original', async () => {
	const { root } = bob.account;
	await answer(bob, [alice, dave, mallory], 'second');
	await sync(bob, mallory);
	const { mail } = await mailOf(mallory, 'second');
	const forged = { ...mail, text: 'forged', date: now + 1000 };
	const messages = [mail, forged].map((each) => ({ root, mail: each }));
	const ports = threadPorts(mallory.desk);
	const state = await stateOf(mallory);
	const archive = made(await appendArchive(ports, mallory.account.me, state, messages));
	// Dave gets the header of Bob's message without its body first.
	const old = await mallory.desk.store.list('entry', [thread]);
	const bare = old.map((row) => (row.wraps.length === 0 ? { ...row, body: null } : row));
	await take(dave, mallory, [...bare, ...archive.bundles]);
	const before = await dave.desk.store.list('message', [thread]);
	expect(before.filter(({ keptBy }) => keptBy !== undefined)).toHaveLength(2);
	const row = await dave.desk.store.get('thread', [thread]);
	expect(row).toMatchObject({ count: 3, latest: { preview: 'first' } });
	await sync(bob, dave);
	const after = await dave.desk.store.list('message', [thread]);
	expect(after.filter(({ mail: { text } }) => text === 'second')).toMatchObject([
		{ from: bob.account.record.address, isUnread: true }
	]);
	expect(await dave.desk.store.get('thread', [thread])).toMatchObject({ count: 3 });
	expect((await dave.desk.store.get('thread', [thread]))?.latest.preview).toBe('second');
});

test('many at once are each there once, though some have come before, and come again', async () => {
	for (let i = 0; i < 40; i++) await answer(alice, [bob, dave, mallory], `text ${String(i)}`);
	const all = await alice.desk.store.list('entry', [thread]);
	await take(bob, alice, all.slice(0, 10));
	await take(bob, alice, all);
	await take(bob, alice, all);
	expect(new Set(await texts(bob)).size).toBe(41);
	expect(await texts(bob)).toHaveLength(41);
	expect((await bob.desk.store.get('thread', [thread]))?.count).toBe(41);
});
