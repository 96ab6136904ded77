/** What came in part, because it was kept for somebody who was added later, comes whole to the others. */

import { beforeEach, expect, test } from 'vitest';
import {
	createPerson,
	deliver,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import type { ThreadId } from '../wire/ids.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { collect } from './collect.ts';
import { bundlesFor } from './outbox.ts';

const NOW = 1_790_000_000_000;
let now: number;
let alice: Person, bob: Person, carol: Person, dave: Person;
let thread: ThreadId;
let office: object;

beforeEach(async () => {
	now = NOW;
	const clock = () => ++now;
	office = {};
	const offices = () =>
		({ find: () => Promise.resolve(null), ...office }) as unknown as ReturnType<
			Person['desk']['offices']
		>;
	alice = await createPerson('alice', clock, offices);
	bob = await createPerson('bob', clock, offices);
	carol = await createPerson('carol', clock, offices);
	dave = await createPerson('dave', clock, offices);
	await introduce([alice, bob, carol, dave]);
	thread = (await post(alice, [bob, carol], { text: 'first' })).threadId;
	await deliver(alice, [bob, carol]);
});
const answer = (who: Person, to: readonly Person[], text: string, history?: 'none' | 'all') =>
	post(who, to, { kind: 'replyAll', thread, text, ...(history && { history }) });
async function texts({ desk }: Person): Promise<string[]> {
	const rows = await desk.store.list('message', [thread]);
	return rows
		.sort((a, b) => a.order - b.order)
		.map(({ mail, refused }) => mail.text + (refused ? '!' : ''));
}

test('past at the office of who adds does not shut an old member out', async () => {
	now += 11 * 24 * 3600_000;
	await answer(bob, [alice, carol], 'second');
	await deliver(bob, [alice]);
	await answer(alice, [bob, carol, dave], 'meet dave');
	// carol gets what lies at alice's office: past as header-only
	const record = (await alice.desk.store.list('outbox')).find(({ past }) => past !== undefined)!;
	await take(carol, alice, await bundlesFor(alice.desk, record, dave.account.record.address));
	expect(await texts(carol)).toEqual(['first', 'meet dave']);
	await deliver(bob, [carol]);
	expect(await texts(carol)).toEqual(['first', 'second', 'meet dave']);
});

test('a newer notice of the maker does not end what was never readable', async () => {
	now += 11 * 24 * 3600_000;
	await answer(bob, [alice, carol], 'second');
	await deliver(bob, [alice]);
	await answer(alice, [bob, carol, dave], 'meet dave');
	await deliver(alice, [bob]);
	const record = (await alice.desk.store.list('outbox')).find(({ past }) => past !== undefined)!;
	await take(carol, alice, await bundlesFor(alice.desk, record, dave.account.record.address));
	const { messageId } = await answer(bob, [alice, carol, dave], 'third');
	const rows = await bob.desk.store.list('outbox');
	const third = rows.find(({ message }) => message === messageId)!;
	const knock = third.knocks.find(({ to }) => to === carol.account.record.address)!;
	const own = (await Promise.all(rows.map((row) => bundlesFor(bob.desk, row, knock.to)))).flat();
	office = {
		async *ancestors() {
			yield* await bundlesFor(bob.desk, third, knock.to);
		},
		async *fetch(ids: readonly string[]) {
			for (const { body, wraps } of own) {
				if (body && ids.includes(cidToBlockId(cidOfRaw(body))))
					yield { cid: cidOfRaw(body), data: body };
				for (const w of wraps)
					if (ids.includes(cidToBlockId(cidOfObject(w)))) yield { cid: cidOfObject(w), data: w };
			}
		},
		done: () => Promise.resolve({ ok: true, value: null })
	};
	const { address, record: root, card } = bob.account.record;
	const outcome = await collect(carol.desk, carol.account, null, {
		hash: new Uint8Array(32),
		from: address,
		name: 'bob',
		thread,
		epoch: third.epoch,
		heads: [third.entries.at(-1)!],
		holders: ['https://post.example'],
		done: knock.done,
		introduction: '',
		wait: 'fetch',
		makesContact: false,
		record: root,
		card,
		knock: knock.knock,
		receivedAt: now
	});
	expect(outcome).toEqual({ kind: 'delivered' });
	expect(await texts(carol)).toEqual(['first', 'second', 'meet dave', 'third']);
});
