/** Entries whose texts are promised stand many to a row, and nobody who reads an entry sees a difference. */

import { beforeEach, describe, expect, test } from 'vitest';
import {
	bundlesOf,
	coursesFor,
	createPerson,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { entryReader, listEntries } from './entry-rows.ts';
import { forgetPromises } from './promised.ts';
import { forgetEpochs } from './forgetting.ts';
import type { EntryRecord } from './records.ts';
import { loadReplica } from './replicas.ts';

const answer = (text: string) => ({ kind: 'replyAll', thread, text }) as const;
const idOf = ({ header }: { readonly header: Uint8Array }): EntryId => entryIdOf(header);

let clock = 1_790_000_000_000;
let alice: Person, bob: Person;
let thread: ThreadId;
let outline: readonly EntryBundle[];
/** Newest first. */
let texts: readonly EntryBundle[];

beforeEach(async () => {
	const now = () => clock++;
	[alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	thread = (await post(alice, [bob], { text: 'text 0' })).threadId;
	for (let i = 1; i < 5; i++) await post(alice, [bob], answer(`text ${String(i)}`));
	({ outline, texts } = await coursesFor(alice, bob, thread));
});

const rowsOf = ({ desk }: Person) => desk.store.list('entry', [thread]);
const outlinesOf = ({ desk }: Person) => desk.store.list('outline', [thread]);
const recordOf = ({ desk }: Person) => desk.store.get('thread', [thread]);

/** With nothing in memory. */
function restarted({ desk, ...person }: Person): Person {
	return { ...person, desk: { ...desk, store: { ...desk.store } } };
}

test('what is promised stands in one row, and is read and listed as if each had its own', async () => {
	await take(bob, alice, outline);
	expect(await rowsOf(bob)).toHaveLength(outline.length - texts.length);
	const [row, ...others] = await outlinesOf(bob);
	expect(others).toEqual([]);
	expect(row?.headers).toHaveLength(texts.length);
	const expected = (one: EntryBundle): EntryRecord => {
		return { header: one.header, body: null, wraps: [], promisedAt: row?.promisedAt ?? NaN };
	};
	const readEntry = entryReader(bob.desk, thread);
	for (const text of texts) expect(await readEntry(idOf(text))).toEqual(expected(text));
	const listed = await listEntries(bob.desk, thread);
	expect(new Set(listed.map(idOf))).toEqual(new Set(outline.map(idOf)));
	expect(listed).toHaveLength(outline.length);
	expect(listed).toContainEqual(expected(texts[0] ?? texts[1]!));
});

test('a text that came has a row of its own, which counts', async () => {
	await take(bob, alice, outline);
	const [newest] = texts;
	if (newest === undefined) throw new Error('there are texts');
	await take(bob, alice, [newest]);
	const readEntry = entryReader(bob.desk, thread);
	expect((await readEntry(idOf(newest)))?.body).toEqual(newest.body);
	const listed = (await listEntries(bob.desk, thread)).filter((one) => idOf(one) === idOf(newest));
	expect(listed.map(({ body }) => body)).toEqual([newest.body]);
	expect(await outlinesOf(bob)).toHaveLength(1);
});

test('the outline goes with the last text, and not before', async () => {
	await take(bob, alice, outline.slice(0, 4));
	await take(bob, alice, outline.slice(4));
	expect((await outlinesOf(bob)).map(({ headers }) => headers.length)).toHaveLength(2);
	await take(bob, alice, texts.slice(0, -1));
	expect((await recordOf(bob))?.outlines).toBe(2);
	expect(await outlinesOf(bob)).toHaveLength(2);
	await take(bob, alice, texts.slice(-1));
	expect(await recordOf(bob)).not.toHaveProperty('outlines');
	expect(await outlinesOf(bob)).toEqual([]);
	expect(await rowsOf(bob)).toHaveLength(outline.length);
	const { desk, account } = restarted(bob);
	expect((await loadReplica(desk, account, thread))?.state.size).toBe(outline.length);
});

test('nor with the promise, when its day is over', async () => {
	await take(bob, alice, outline);
	clock += LIMITS.promisedMs + 1;
	await forgetPromises(bob.desk);
	await take(bob, alice, texts.slice(0, 1));
	expect(await outlinesOf(bob)).toHaveLength(1);
	await take(bob, alice, texts.slice(1));
	expect(await outlinesOf(bob)).toEqual([]);
});

describe('of texts that were given up, for the epoch is over,', () => {
	let lost: readonly EntryBundle[];
	let news: EntryBundle[];

	beforeEach(async () => {
		await take(bob, alice, outline);
		lost = texts.slice(2, 3);
		await take(bob, alice, [...texts.slice(0, 2), ...texts.slice(3)]);
		news = await bundlesOf(alice, await post(alice, [bob], answer('too late')));
		clock += LIMITS.epochSecretMs + 1;
		await forgetEpochs(bob.desk, bob.account, clock);
		expect(await outlinesOf(bob)).toHaveLength(1);
	});

	async function bodiesAfter(bundles: readonly EntryBundle[]) {
		await take(bob, alice, bundles);
		expect(await outlinesOf(bob)).toEqual([]);
		const rows = await rowsOf(bob);
		const { desk, account } = restarted(bob);
		expect((await loadReplica(desk, account, thread))?.state.size).toBe(rows.length);
		return new Map(rows.map((row) => [idOf(row), row.body]));
	}

	test('the headers are kept when the others are there', async () => {
		const bodies = await bodiesAfter(news);
		expect(new Set(bodies.keys())).toEqual(new Set([...outline, ...news].map(idOf)));
		expect(lost.map((one) => bodies.get(idOf(one)))).toEqual([null]);
	});

	test('what comes after all is stored as it comes', async () => {
		const bodies = await bodiesAfter(lost);
		expect(lost.map((one) => bodies.get(idOf(one)))).toEqual(lost.map(({ body }) => body));
	});
});
