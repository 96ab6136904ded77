/** What becomes of notices that come late, twice, or in another order. */

import { sha256 } from '@noble/hashes/sha2.js';
import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { textEntries } from '../threads/entries.ts';
import { toHex } from '../wire/bytes.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Knocked } from '../wire/office.ts';
import { accept } from '../wire/refusal.ts';
import { collectWaiting } from './collect-waiting.ts';
import { findCorrespondent } from './contacts.ts';
import { sealNotice } from './knock.ts';
import { takeKnock } from './notice.ts';
import { loadReplica } from './replicas.ts';

const NOW = 1_790_000_000_000;

let alice: Person, bob: Person;
let kept: EntryBundle[];
/** Hashes of the notices whose repeats were ended. */
let ended: string[];
let now: number;

beforeEach(async () => {
	kept = [];
	ended = [];
	now = NOW;
	const offices = () =>
		({
			async *ancestors() {
				yield* kept;
			},
			async *fetch() {
				// Nothing came in part.
			},
			find: () => Promise.resolve(null),
			done: ({ hash }: { hash: Uint8Array }) => {
				ended.push(toHex(hash));
				return Promise.resolve(accept(null));
			}
		}) as unknown as ReturnType<Person['desk']['offices']>;
	alice = await createPerson('alice', () => ++now);
	bob = await createPerson('bob', () => ++now, offices);
	await introduce([alice, bob]);
});

/** The notice of what Alice wrote last, as Bob's office tells it. */
async function noticeOf(messageId: string, token?: Uint8Array): Promise<Knocked> {
	const records = await alice.desk.store.list('outbox');
	const record = records.find(({ message }) => message === messageId);
	const [knock] = record?.knocks ?? [];
	const recipient = await findCorrespondent(alice.desk, bob.account.record.address, []);
	if (record === undefined || knock === undefined || recipient === null) throw new Error('sent');
	const passing = { ...knock, ...(token && { token }) };
	const holder = { ...alice.account.record, office: 'https://post.example' };
	const account = { ...alice.account, record: holder };
	const sealed = await sealNotice(alice.desk, account, record, passing, recipient);
	if (sealed === null) throw new Error('sealed');
	const hash = Uint8Array.from(sha256(sealed));
	const { slot, knock: name } = knock;
	return {
		v: 1,
		t: 'knocked',
		slot,
		knock: name,
		hash,
		sealed: Uint8Array.from(sealed),
		pass: 'none'
	};
}

test('an older notice does not take the place of a newer one: both wait, and both are ended', async () => {
	const { threadId, messageId } = await post(alice, [bob], { text: 'one' });
	const older = await noticeOf(messageId);
	const answer = { kind: 'replyAll', thread: threadId, text: 'two' } as const;
	const newer = await noticeOf((await post(alice, [bob], answer)).messageId);
	expect(newer.knock).toEqual(older.knock);
	for (const each of [newer, older, newer, older]) await takeKnock(bob.desk, bob.account, each);
	expect(await bob.desk.store.list('knock')).toHaveLength(1);
	kept = [...(await alice.desk.store.list('entry', [threadId]))];
	await collectWaiting(bob.desk, bob.account, null);
	const rows = await bob.desk.store.list('message', [threadId]);
	expect(rows.map(({ mail }) => mail.text).sort()).toEqual(['one', 'two']);
	expect(ended.sort()).toEqual([older, newer].map(({ hash }) => toHex(hash)).sort());
	expect(await bob.desk.store.list('knock')).toEqual([]);
});

test('a pass that the office booked in time counts, though its end has passed since', async () => {
	const token = bob.desk.random(16);
	const row = { token, uses: 1, until: now + 1000, isRegistered: true, createdAt: now };
	const key = [toHex(sha256(token))];
	await bob.desk.store.commit([{ table: 'invite', key, put: row }]);
	const { address } = alice.account.record;
	await bob.desk.store.commit([{ table: 'contact', key: [address], remove: true }]);
	const { messageId } = await post(alice, [bob]);
	const knocked = await noticeOf(messageId, token);
	now += 5000;
	expect(await takeKnock(bob.desk, bob.account, knocked)).toMatchObject({ wait: 'request' });
	await bob.desk.store.commit([{ table: 'knock', key: [toHex(knocked.knock)], remove: true }]);
	const booked = { ...knocked, pass: 'token' } as const;
	expect(await takeKnock(bob.desk, bob.account, booked)).toMatchObject({
		wait: 'fetch',
		makesContact: true
	});
});

test('another notice under the knock does not prolong the wait for what was promised', async () => {
	const first = await post(alice, [bob], { text: 'text 0' });
	const thread = first.threadId;
	const second = await post(alice, [bob], { kind: 'replyAll', thread, text: 'text 1' });
	// Two entries: the first without its text, which Alice promised.
	const [epoch, ...plain] = (await alice.desk.store.list('entry', [thread])).toSorted(
		(a, b) => b.wraps.length - a.wraps.length
	);
	if (epoch === undefined) throw new Error('a thread has its epoch');
	const ids = (await loadReplica(alice.desk, alice.account, thread))?.state;
	const text = textEntries(ids ?? never())[0]?.entry;
	const outline = plain.map((one) =>
		entryIdOf(one.header) === text ? { ...one, body: null, later: true as const } : one
	);
	await take(bob, alice, [epoch, ...outline]);
	await takeKnock(bob.desk, bob.account, await noticeOf(second.messageId));
	await collectWaiting(bob.desk, bob.account, null);
	const [waiting] = await bob.desk.store.list('knock');
	expect(waiting?.promisedSince).toBeGreaterThan(NOW);
	now += LIMITS.promisedMs;
	const third = await post(alice, [bob], { kind: 'replyAll', thread, text: 'text 2' });
	await take(bob, alice, await bundlesOf(alice, third));
	await takeKnock(bob.desk, bob.account, await noticeOf(third.messageId));
	await collectWaiting(bob.desk, bob.account, null);
	expect(ended).toHaveLength(2);
	expect(await bob.desk.store.list('knock')).toEqual([]);
});

function never(): never {
	throw new Error('a thread that was written in stands here');
}
