/** A long thread arrives outline first, then its texts, newest first (docs/decisions/0009). */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	coursesFor,
	createPerson,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { encodeFields } from '../wire/codec.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { entriesInOrder, printOfThread } from '../threads/entries.ts';
import { lackOf } from './collect.ts';
import { createRecipient } from './recipient.ts';
import { forgetPromises } from './promised.ts';
import { loadReplica } from './replicas.ts';

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };
const addressOf = ({ account }: Person) => account.record.address;
const recipientOf = ({ desk, account }: Person) => createRecipient(desk, account, HOOKS);

let clock = 1_790_000_000_000;
let alice: Person, bob: Person;
let thread: ThreadId;
/** As Alice gives them to Bob, parents first. */
let ids: readonly EntryId[];
let outline: readonly EntryBundle[];
let whole: readonly EntryBundle[];
/** Texts of the second course, newest first. */
let texts: readonly EntryBundle[];

beforeEach(async () => {
	const now = () => clock++;
	[alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	thread = (await post(alice, [bob], { text: 'text 0' })).threadId;
	for (let i = 1; i < 5; i++) {
		await post(alice, [bob], { kind: 'replyAll', thread, text: `text ${String(i)}` });
	}
	({ ids, outline, whole, texts } = await coursesFor(alice, bob, thread));
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

const answer = (text: string) => ({ kind: 'replyAll', thread, text }) as const;

/** What holds up the word for this message, announced then. */
async function lackFor(
	who: Person,
	last: EntryBundle,
	fields: { promisedSince?: number; ends?: number }
) {
	return lackOf(who.desk, who.account, { thread, heads: [entryIdOf(last.header)], ...fields });
}

function lastOf(bundles: readonly EntryBundle[]): EntryBundle {
	const last = bundles.at(-1);
	if (last === undefined) throw new Error('something was written');
	return last;
}

test('what is new meanwhile is none of what was promised', async () => {
	await take(bob, alice, outline);
	await take(bob, alice, texts.slice(0, 1));
	let last = lastOf(outline);
	for (const text of ['text 5', 'text 6', 'text 7', 'text 8']) {
		const bundles = await bundlesOf(alice, await post(alice, [bob], answer(text)));
		await take(bob, alice, bundles);
		last = lastOf(bundles);
	}
	expect((await shown(bob)).coming).toBe(4);
	expect(await lackFor(bob, last, {})).toBe('promised');
	await take(bob, alice, texts);
	expect((await shown(bob)).coming).toBe(0);
	expect(await lackFor(bob, last, {})).toBeNull();
});

test('a promise that is not kept holds up a notice for a day, and ends no open one', async () => {
	await take(bob, alice, outline);
	const promisedSince = clock;
	const bundles = await bundlesOf(alice, await post(alice, [bob], answer('honest')));
	await take(bob, alice, bundles);
	const last = lastOf(bundles);
	expect(await lackFor(bob, last, { promisedSince, ends: promisedSince })).toBe('promised');
	clock = promisedSince + LIMITS.promisedMs;
	expect(await lackFor(bob, last, { promisedSince, ends: promisedSince })).toBeNull();
	expect((await shown(bob)).coming).toBe(5);
});

test('nobody is told for more than a day that something is coming, unless some of it comes', async () => {
	await take(bob, alice, outline);
	await take(bob, alice, texts.slice(0, 1));
	clock += LIMITS.promisedMs - 1000;
	await forgetPromises(bob.desk);
	await take(bob, alice, texts.slice(1, 2));
	clock += LIMITS.promisedMs - 1000;
	await forgetPromises(bob.desk);
	expect((await shown(bob)).coming).toBe(3);
	clock += 1000;
	await forgetPromises(bob.desk);
	expect((await shown(bob)).coming).toBe(0);
	// What comes after all is shown as ever.
	await take(bob, alice, texts);
	expect(await shown(bob)).toMatchObject({ coming: 0, count: 5 });
});

test('who has the headers alone, and was promised the texts, passes the promise on', async () => {
	const carol = await createPerson('Carol', () => clock++);
	await introduce([alice, bob, carol]);
	const added = { kind: 'replyAll', thread, text: 'meet Carol' } as const;
	const bundles = await bundlesOf(alice, await post(alice, [bob, carol], added));
	const more: EntryBundle[] = [];
	for (const text of ['news', 'more news']) {
		more.push(...(await bundlesOf(alice, await post(alice, [bob, carol], answer(text)))));
	}
	await take(bob, alice, whole);
	await take(bob, alice, bundles);
	await take(
		bob,
		alice,
		more.map((one) => ({ ...one, body: null, later: true as const }))
	);
	const ids = [...whole, ...bundles, ...more].map(({ header }) => entryIdOf(header));
	const given = await recipientOf(bob).entriesFor(addressOf(carol), thread, ids, 'whole');
	const promised = given.filter(({ later }) => later).map(({ header }) => entryIdOf(header));
	// Not what is from before her time: that nobody promised her.
	expect(promised).toEqual(more.map(({ header }) => entryIdOf(header)));
	await take(carol, bob, given);
	expect((await shown(carol)).coming).toBe(2);
});

test('what is not here, and has ended, does not come any more', async () => {
	await take(bob, alice, whole);
	const bundles = await bundlesOf(alice, await post(alice, [bob], answer('brief')));
	const last = lastOf(bundles);
	expect(await lackFor(bob, last, {})).toBe('head');
	expect(await lackFor(bob, last, { ends: clock })).toBe('expired');
});

test('who is no member promises nothing', async () => {
	await take(bob, alice, whole);
	const mallory = await createPerson('Mallory', () => clock++);
	await introduce([bob, mallory]);
	const model = headerDecoder.decode(lastOf(texts).header);
	if (!model.ok) throw new Error(model.reason);
	const header = encodeFields({ ...model.value, body: new Uint8Array(32) });
	await take(bob, mallory, [{ header, body: null, wraps: [], later: true }]);
	expect((await shown(bob)).coming).toBe(0);
	const known = await loadReplica(bob.desk, bob.account, thread);
	expect(known && entriesInOrder(known.state)).toContain(entryIdOf(header));
});

test('the outline names no header that is not there, whatever its fields are called', async () => {
	await take(bob, alice, whole);
	const made = await bundlesOf(bob, await post(bob, [alice], answer('odd')));
	const last = lastOf(made);
	const model = headerDecoder.decode(last.header);
	if (!model.ok) throw new Error(model.reason);
	const header = encodeFields({ ...model.value, constructor: 1 });
	await take(alice, bob, [...made.slice(0, -1), { ...last, header }]);
	const recipient = recipientOf(alice);
	const listed = await recipient.entryIdsFor(addressOf(bob), thread);
	expect(listed).toContain(entryIdOf(header));
	const given = await recipient.entriesFor(addressOf(bob), thread, listed, 'outline');
	expect(given.map((one) => entryIdOf(one.header))).toEqual(listed);
});
