/** What the user deleted for good, or put away, stays there, whoever still brings old texts. */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	deliver,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { createRecipient } from '../post/recipient.ts';
import { textsIn } from '../post/texts.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { ThreadId } from '../wire/ids.ts';
import { deleteForever, moveThreads } from './places.ts';

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };

let clock = 1_790_000_000_000;
let alice: Person, bob: Person, carol: Person, dave: Person;
let thread: ThreadId;
/** As Bob gives them to Alice, who was away. */
let outline: EntryBundle[];
/** Newest first. */
let texts: EntryBundle[];

const answer = (from: Person, to: readonly Person[], text: string, history?: 'all') =>
	post(from, to, { kind: 'replyAll', thread, text, ...(history && { history }) });

beforeEach(async () => {
	const now = () => clock++;
	alice = await createPerson('Alice', now);
	bob = await createPerson('Bob', now);
	carol = await createPerson('Carol', now);
	dave = await createPerson('Dave', now);
	await introduce([alice, bob, carol, dave]);
	thread = (await post(bob, [alice, carol], { text: 'text 0' })).threadId;
	await deliver(bob, [alice, carol]);
	for (let i = 1; i < 5; i++) await answer(bob, [alice, carol], `text ${String(i)}`);
	const recipient = createRecipient(bob.desk, bob.account, HOOKS);
	const { address } = alice.account.record;
	const listed = await recipient.entryIdsFor(address, thread);
	const ids = await recipient.inOrder(address, thread, listed);
	outline = await recipient.entriesFor(address, thread, ids, 'outline');
	const whole = await recipient.entriesFor(address, thread, ids, 'whole');
	const later = new Set(outline.flatMap((one) => (one.later ? entryIdOf(one.header) : [])));
	texts = whole.filter(({ header }) => later.has(entryIdOf(header))).reverse();
});

async function shown({ desk }: Person) {
	const record = await desk.store.get('thread', [thread]);
	const rows = await desk.store.list('message', [thread]);
	const sorted = rows.sort((a, b) => a.order - b.order);
	return {
		place: record?.place,
		coming: record?.coming ?? 0,
		count: record?.count,
		texts: sorted.map(({ mail }) => mail.text)
	};
}

const purge = ({ desk, account }: Person) =>
	deleteForever(desk, [thread], (id) => textsIn(desk, account, id));

test('texts that were promised when the thread was deleted do not come back', async () => {
	await take(alice, bob, outline);
	await take(alice, bob, texts.slice(0, 1));
	expect(await shown(alice)).toMatchObject({ coming: 3, texts: ['text 0', 'text 4'] });
	await purge(alice);
	const { stored } = await take(alice, bob, texts);
	// They are had, so nobody brings them again; nothing of them is kept.
	expect(stored).toHaveLength(texts.length);
	expect(await shown(alice)).toMatchObject({ coming: 0, count: 0, texts: [] });
	const kept = await alice.desk.store.list('entry', [thread]);
	const bodies = new Set(texts.map(({ body }) => body?.join()));
	expect(kept.filter(({ body }) => body !== null && bodies.has(body.join()))).toEqual([]);
	// What is written after it comes alone.
	await take(alice, bob, await bundlesOf(bob, await answer(bob, [alice, carol], 'news')));
	expect(await shown(alice)).toMatchObject({ place: 'inbox', count: 1, texts: ['news'] });
});

test('what is promised after a deletion is not deleted', async () => {
	await purge(alice);
	await take(alice, bob, outline);
	await take(alice, bob, texts);
	expect((await shown(alice)).texts).toEqual(['text 1', 'text 2', 'text 3', 'text 4']);
});

test('a deleted message does not come back in what somebody hands on to another', async () => {
	await take(alice, bob, outline);
	await take(alice, bob, texts.slice(0, 2));
	await take(carol, bob, await createWhole(bob, carol));
	await purge(alice);
	await take(alice, bob, texts.slice(2));
	await answer(carol, [alice, bob, dave], 'meet Dave', 'all');
	await deliver(carol, [alice, bob, dave]);
	expect((await shown(dave)).texts).toHaveLength(6);
	expect((await shown(alice)).texts).toEqual(['meet Dave']);
	// Nor is it in the sealed archive that is kept here.
	const archives = (await textsIn(alice.desk, alice.account, thread)).filter(
		({ message }) => message === null
	);
	expect(archives).toEqual([]);
});

async function createWhole(from: Person, to: Person) {
	const recipient = createRecipient(from.desk, from.account, HOOKS);
	const { address } = to.account.record;
	const listed = await recipient.entryIdsFor(address, thread);
	const ids = await recipient.inOrder(address, thread, listed);
	return recipient.entriesFor(address, thread, ids, 'whole');
}

test('old texts that were still coming leave a thread in the archive', async () => {
	await take(alice, bob, outline);
	await take(alice, bob, texts.slice(0, 1));
	await moveThreads(alice.desk, [thread], 'archive');
	await take(alice, bob, texts.slice(1));
	expect(await shown(alice)).toMatchObject({ place: 'archive', count: 5 });
});

test('what is new brings it back, and so does what was promised since', async () => {
	await moveThreads(alice.desk, [thread], 'archive');
	await take(alice, bob, outline);
	await take(alice, bob, texts.slice(0, 1));
	expect((await shown(alice)).place).toBe('inbox');
	await moveThreads(alice.desk, [thread], 'trash');
	await take(alice, bob, texts.slice(1));
	expect((await shown(alice)).place).toBe('trash');
	await take(alice, bob, await bundlesOf(bob, await answer(bob, [alice, carol], 'news')));
	expect((await shown(alice)).place).toBe('inbox');
});

test('an undone move counts as none', async () => {
	await take(alice, bob, outline);
	const undo = await moveThreads(alice.desk, [thread], 'archive');
	await undo();
	await take(alice, bob, texts);
	expect((await shown(alice)).place).toBe('inbox');
});
