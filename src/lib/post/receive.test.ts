/** Nothing is confirmed before it can be read, and nothing refused that may still come whole. */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	type Person
} from '../../../tests/sim/people.ts';
import { entryHeaderDecoder, entryIdOf, type EntryBundle } from '../wire/entry.ts';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import { cidToThreadId } from '../wire/ids.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import { collect } from './collect.ts';
import { knockKey } from './notice.ts';
import type { Sort } from './ports.ts';
import type { KnockRecord } from './records.ts';
import { receive } from './receive.ts';
import { acceptRequest } from './requests.ts';

const NOW = 1_790_000_000_000;
const OFFICE = 'https://post.example';

let alice: Person;
let bob: Person;
let carol: Person;
/** What Carol can get at the office, what she told it, and what it answers. */
let kept: EntryBundle[];
let done: number;
let onDone: () => Promise<Result<null>>;
let question: EntryBundle[];
let answer: EntryBundle[];

beforeEach(async () => {
	kept = [];
	done = 0;
	onDone = () => Promise.resolve(accept(null));
	const offices = () =>
		({
			async *ancestors() {
				yield* kept;
			},
			find: () => Promise.resolve(null),
			done: () => (done++, onDone())
		}) as unknown as ReturnType<Person['desk']['offices']>;
	alice = await createPerson('alice', () => NOW);
	bob = await createPerson('bob', () => NOW + 1000);
	carol = await createPerson('carol', () => NOW + 2000, offices);
	await introduce([alice, bob, carol]);
	const asked = await post(alice, [bob, carol]);
	question = await bundlesOf(alice, asked);
	await receive(bob.desk, bob.account, admission(alice), question);
	const fields = { kind: 'replyAll', thread: asked.threadId } as const;
	answer = await bundlesOf(bob, await post(bob, [alice, carol], fields));
});

const admission = ({ account }: Person) => ({
	...{ from: account.record.address, mayBegin: true, makesContact: false }
});
const idsOf = (bundles: readonly EntryBundle[]) => bundles.map(({ header }) => entryIdOf(header));
const take = (bundles: readonly EntryBundle[]) =>
	receive(carol.desk, carol.account, admission(bob), bundles);
const shown = async () => (await carol.desk.store.list('message')).length;

test('an answer that comes before its question is neither confirmed nor refused', async () => {
	const early = await take(answer);
	expect(early).toMatchObject({ stored: [], refused: [] });
	expect(early.missing.flatMap(({ ids }) => ids)).toContain(idsOf(question).at(-1));
	expect(new Set((await take(question)).stored)).toEqual(new Set(idsOf([...question, ...answer])));
	expect((await take(answer)).stored).toEqual(idsOf(answer));
	expect(await shown()).toBe(2);
});

test('one whose middle is missing is stored, and confirmed when it can be read', async () => {
	const [epoch, ...rest] = question;
	if (epoch === undefined) throw new Error('a thread begins with an epoch');
	expect((await take([epoch])).stored).toEqual(idsOf([epoch]));
	expect(await take(answer)).toMatchObject({ stored: [], refused: [] });
	expect(await shown()).toBe(0);
	expect((await take(rest)).stored).toEqual(idsOf(rest));
	expect(await shown()).toBe(2);
	expect((await take(answer)).stored).toEqual(idsOf(answer));
});

test('a body that a holder has spoilt may come whole from another', async () => {
	const spoilt = question.map((bundle) => ({ ...bundle, body: new Uint8Array(100) }));
	expect(await take(spoilt)).toMatchObject({ stored: [], refused: [] });
	expect((await take(question)).stored).toEqual(idsOf(question));
});

test('what is invalid for good is remembered with the thread', async () => {
	await take([...question, ...answer]);
	const last = answer.at(-1);
	const header = last && entryHeaderDecoder.decode(last.header);
	if (last === undefined || header?.ok !== true) throw new Error('bob has answered');
	const bent = { ...last, header: encodeFields({ ...header.value, salt: new Uint8Array(32) }) };
	const id = entryIdOf(bent.header);
	expect((await take([bent])).refused).toEqual([{ id, reason: 'wrong-tag' }]);
	const [thread] = await carol.desk.store.list('thread');
	expect(thread?.refused).toEqual({ [id]: 'wrong-tag' });
	expect((await take([bent])).refused).toEqual([{ id, reason: 'wrong-tag' }]);
});

/** Bob's, about his answer. */
function knockOf(hash: number): KnockRecord {
	const last = answer.at(-1);
	const first = question[0];
	if (last === undefined || first === undefined) throw new Error('question and answer');
	const { address, record, card } = bob.account.record;
	const [id] = idsOf([last]);
	if (id === undefined) throw new Error('an entry has an id');
	return {
		...{ hash: new Uint8Array(32).fill(hash), from: address, name: 'bob', epoch: id, heads: [id] },
		...{ thread: cidToThreadId(cidOfObject(first.header)), holders: [OFFICE], introduction: '' },
		...{ done: new Uint8Array(32), knock: new Uint8Array(32), wait: 'fetch', record, card },
		...{ makesContact: false, receivedAt: NOW }
	};
}

const putKnock = (knock: KnockRecord) =>
	carol.desk.store.commit([{ table: 'knock', key: knockKey(knock), put: knock }]);
const waitingKnock = () => carol.desk.store.get('knock', knockKey(knockOf(1)));
const collectNow = () => collect(carol.desk, carol.account, null, knockOf(1));

test('a knock waits until all that it announces can be read', async () => {
	await putKnock(knockOf(1));
	kept = answer;
	expect(await collectNow()).toEqual({ kind: 'waiting' });
	kept = [...question.slice(0, 1), ...answer];
	expect(await collectNow()).toEqual({ kind: 'waiting' });
	expect(done).toBe(0);
	kept = [...question, ...answer];
	expect(await collectNow()).toEqual({ kind: 'delivered' });
	expect(done).toBe(1);
	expect(await waitingKnock()).toBeNull();
});

test('a knock that took the place of the one that is collected stays', async () => {
	await putKnock(knockOf(1));
	kept = [...question, ...answer];
	onDone = async () => {
		await putKnock(knockOf(2));
		return refuse('older-than-known');
	};
	await collectNow();
	expect((await waitingKnock())?.hash).toEqual(knockOf(2).hash);
});

test('a knock stays until the office has taken the word', async () => {
	await putKnock(knockOf(1));
	kept = [...question, ...answer];
	onDone = () => Promise.resolve(refuse('disk-full'));
	expect(await collectNow()).toEqual({ kind: 'waiting' });
	expect(await waitingKnock()).not.toBeNull();
	onDone = () => Promise.resolve(refuse('not-found'));
	expect(await collectNow()).toEqual({ kind: 'delivered' });
	expect(await waitingKnock()).toBeNull();
});

test('what the user accepts is what waits, not what was seen', async () => {
	await putKnock({ ...knockOf(2), wait: 'request' });
	await acceptRequest(carol.desk, carol.account, null, { ...knockOf(1), wait: 'request' });
	const waiting = await waitingKnock();
	expect(waiting).toMatchObject({ wait: 'fetch', makesContact: true, hash: knockOf(2).hash });
});

test('a refusal waits for the keys to which it is sealed: `done` alone would say the contrary', async () => {
	const ended = { ...knockOf(1), ends: NOW };
	await putKnock(ended);
	const key = [bob.account.record.address];
	const contact = await carol.desk.store.get('contact', key);
	if (contact?.keys === undefined) throw new Error('carol knows bob');
	const { xwing: _, ...keys } = contact.keys;
	await carol.desk.store.commit([{ table: 'contact', key, put: { ...contact, keys } }]);
	expect(await collect(carol.desk, carol.account, null, ended)).toEqual({ kind: 'waiting' });
	expect(done).toBe(0);
	await carol.desk.store.commit([{ table: 'contact', key, put: contact }]);
	const refused = { kind: 'refused', reason: 'expired' };
	expect(await collect(carol.desk, carol.account, null, ended)).toEqual(refused);
	expect(done).toBe(1);
	expect(await waitingKnock()).toBeNull();
});

test('what the user said of a thread survives what arrives, and a muted one stays away', async () => {
	await take(question);
	const [before] = await carol.desk.store.list('thread');
	if (before === undefined) throw new Error('the question is here');
	const marks = { labels: ['a'], isStarred: true, isPinned: true, isMuted: true } as const;
	const put = { ...before, ...marks, place: 'archive', unread: 0 } as const;
	await carol.desk.store.commit([{ table: 'thread', key: [before.id], put }]);
	await take(answer);
	expect(await carol.desk.store.get('thread', [before.id])).toMatchObject({
		...{ ...marks, place: 'archive', unread: 1, count: 2 }
	});
});

test('what arrives is sorted as it is stored, once', async () => {
	const sorted: string[] = [];
	const sort: Sort = (row, added) => {
		sorted.push(...added.map(({ id }) => id));
		const changed = added.map((message) => ({ ...message, isUnread: false }));
		return { row: { ...row, place: 'archive', labels: ['a'], unread: 0 }, changed };
	};
	const desk = { ...carol.desk, sorter: () => Promise.resolve(sort) };
	await receive(desk, carol.account, admission(bob), question);
	await receive(desk, carol.account, admission(bob), [...question, ...answer]);
	expect(sorted).toHaveLength(2);
	const [thread] = await desk.store.list('thread');
	expect(thread).toMatchObject({ place: 'archive', labels: ['a'], unread: 0 });
	expect((await desk.store.list('message')).map(({ isUnread }) => isUnread)).toEqual([
		false,
		false
	]);
});
