/** A long thread arrives outline first, then its texts, newest first (docs/decisions/0009). */

import { beforeEach, expect, test } from 'vitest';
import { createPerson, introduce, post, take, type Person } from '../../../tests/sim/people.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import { printOfThread } from '../threads/entries.ts';
import { createRecipient } from './recipient.ts';
import { loadReplica } from './replicas.ts';

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };
const addressOf = ({ account }: Person) => account.record.address;
const recipientOf = ({ desk, account }: Person) => createRecipient(desk, account, HOOKS);

let clock = 1_790_000_000_000;
let alice: Person, bob: Person;
let thread: ThreadId;
/** As Alice gives them to Bob, parents first. */
let ids: readonly EntryId[];
let outline: EntryBundle[];
let whole: EntryBundle[];
/** Texts of the second course, newest first. */
let texts: EntryBundle[];

beforeEach(async () => {
	const now = () => clock++;
	[alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	thread = (await post(alice, [bob], { text: 'text 0' })).threadId;
	for (let i = 1; i < 5; i++) {
		await post(alice, [bob], { kind: 'replyAll', thread, text: `text ${String(i)}` });
	}
	const recipient = recipientOf(alice);
	const listed = await recipient.entryIdsFor(addressOf(bob), thread);
	ids = await recipient.inOrder(addressOf(bob), thread, listed.toReversed());
	outline = await recipient.entriesFor(addressOf(bob), thread, ids, 'outline');
	whole = await recipient.entriesFor(addressOf(bob), thread, ids, 'whole');
	const later = new Set(outline.flatMap((one) => (one.later ? entryIdOf(one.header) : [])));
	texts = whole.filter(({ header }) => later.has(entryIdOf(header))).reverse();
});

async function shown({ desk }: Person) {
	const record = await desk.store.get('thread', [thread]);
	const messages = await desk.store.list('message', [thread]);
	return {
		coming: record?.coming ?? 0,
		count: record?.count ?? 0,
		texts: messages.map(({ mail }) => mail.text).sort()
	};
}

test('the outline has every header in the order of the log, and no text', () => {
	expect(outline.map(({ header }) => entryIdOf(header))).toEqual(ids);
	expect(outline.map(({ header }) => header)).toEqual(whole.map(({ header }) => header));
	expect(texts).toHaveLength(5);
	// What others' verdicts depend on comes at once.
	expect(outline.filter(({ later }) => !later).every(({ body }) => body !== null)).toBe(true);
	expect(outline.every(({ body, later }) => (later === true) === (body === null))).toBe(true);
});

test('each text is shown when it comes, and what is still to come is counted', async () => {
	const { stored } = await take(bob, alice, outline);
	expect(stored).toHaveLength(outline.length - texts.length);
	expect(await shown(bob)).toEqual({ coming: 5, count: 0, texts: [] });
	const [newest, ...rest] = texts;
	if (newest === undefined) throw new Error('there are texts');
	expect((await take(bob, alice, [newest])).stored).toEqual([entryIdOf(newest.header)]);
	expect(await shown(bob)).toEqual({ coming: 4, count: 1, texts: ['text 4'] });
	await take(bob, alice, rest);
	expect(await shown(bob)).toMatchObject({ coming: 0, count: 5 });
});

test('in the end both have the same, and so has one who got it whole', async () => {
	const printsOf = async (person: Person) => recipientOf(person).sharedWith(addressOf(bob));
	await take(bob, alice, outline);
	const half = await recipientOf(bob).sharedWith(addressOf(alice));
	// What is to come is not here: the next comparison asks for it again.
	expect(half.get(thread)).not.toEqual((await printsOf(alice)).get(thread));
	for (const text of texts) await take(bob, alice, [text]);
	const prints = await recipientOf(bob).sharedWith(addressOf(alice));
	expect(prints.get(thread)).toEqual((await printsOf(alice)).get(thread));
	const carol = await loadReplica(alice.desk, alice.account, thread);
	const his = await loadReplica(bob.desk, bob.account, thread);
	expect(his?.state.heads).toEqual(carol?.state.heads);
	expect(his && printOfThread(his.state)).toEqual(carol && printOfThread(carol.state));
});

test('after a crash in between it goes on where it was, whatever comes again', async () => {
	await take(bob, alice, outline);
	await take(bob, alice, texts.slice(0, 2));
	// Nothing is in memory any more.
	const restarted = { ...bob, desk: { ...bob.desk, store: { ...bob.desk.store } } };
	const known = await recipientOf(restarted).entryIdsFor(addressOf(alice), thread);
	expect(known).toHaveLength(ids.length - 3);
	await take(restarted, alice, outline);
	expect(await shown(restarted)).toMatchObject({ coming: 3, count: 2 });
	await take(restarted, alice, texts);
	expect(await shown(restarted)).toMatchObject({ coming: 0, count: 5 });
});

test('who promises more than there is, and again, says nothing', async () => {
	await take(bob, alice, outline);
	await take(bob, alice, outline);
	expect((await shown(bob)).coming).toBe(5);
	const invented = whole.map((one) => ({ ...one, body: null, later: true as const }));
	await take(bob, alice, invented);
	await take(bob, alice, texts);
	expect((await shown(bob)).coming).toBe(0);
});
