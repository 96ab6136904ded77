/** Nothing is confirmed before it can be read, and nothing refused that may still come whole. */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	type Person
} from '../../../tests/sim/people.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import { collect } from './collect.ts';
import type { KnockRecord } from './records.ts';
import { receive } from './receive.ts';

const NOW = 1_790_000_000_000;
const OFFICE = 'https://post.example';

let alice: Person;
let bob: Person;
let carol: Person;
/** What Carol can get at the office, and what she told it. */
let kept: EntryBundle[];
let done: number;
let question: EntryBundle[];
let answer: EntryBundle[];

beforeEach(async () => {
	kept = [];
	done = 0;
	const offices = () =>
		({
			async *ancestors() {
				yield* kept;
			},
			find: () => Promise.resolve(null),
			done: () => Promise.resolve({ ok: true, value: (done++, null) })
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
	expect((await take(question)).stored).toEqual(idsOf(question));
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

test('a knock waits until all that it announces can be read', async () => {
	const last = answer.at(-1);
	if (last === undefined) throw new Error('bob has answered');
	const { address, record, card } = bob.account.record;
	const [id] = idsOf([last]);
	const thread = (await alice.desk.store.list('thread'))[0]?.id;
	if (id === undefined || thread === undefined) throw new Error('alice has a thread');
	const knock: KnockRecord = {
		...{ hash: new Uint8Array(32), from: address, name: 'bob', thread, epoch: id, heads: [id] },
		...{ holders: [OFFICE], done: new Uint8Array(32), introduction: '', wait: 'fetch' },
		...{ makesContact: false, record, card, knock: new Uint8Array(32), receivedAt: NOW }
	};
	const collectNow = () => collect(carol.desk, carol.account, null, knock);
	kept = answer;
	expect(await collectNow()).toEqual({ kind: 'waiting' });
	kept = [...question.slice(0, 1), ...answer];
	expect(await collectNow()).toEqual({ kind: 'waiting' });
	expect(done).toBe(0);
	kept = [...question, ...answer];
	expect(await collectNow()).toEqual({ kind: 'delivered' });
	expect(done).toBe(1);
});
