/** What one member wrote does not hold up another's. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { appendMessage } from '../threads/make.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { ThreadId } from '../wire/ids.ts';
import { accept } from '../wire/refusal.ts';
import { threadPorts } from './account.ts';
import { collectWaiting } from './collect-waiting.ts';
import { collect } from './collect.ts';
import { knockKey } from './notice.ts';
import { Unreachable } from './ports.ts';
import { receive } from './receive.ts';
import { loadReplica } from './replicas.ts';

const NOW = 1_790_000_000_000;

test("a file that nobody has holds up its writer's notice, and no other's", async () => {
	let kept: EntryBundle[] = [];
	const offices = () =>
		({
			async *ancestors() {
				yield* kept;
			},
			async *fetch() {
				// It has none.
			},
			find: () => Promise.resolve(null),
			done: () => Promise.resolve(accept(null))
		}) as unknown as ReturnType<Person['desk']['offices']>;
	const alice = await createPerson('alice', () => NOW);
	const bob = await createPerson('bob', () => NOW + 1, offices);
	const mallory = await createPerson('mallory', () => NOW + 2);
	await introduce([alice, bob, mallory]);
	const { threadId } = await post(alice, [bob, mallory]);
	const first = await alice.desk.store.list('entry', [threadId]);
	const from = { from: alice.account.record.address, mayBegin: true, makesContact: false };
	for (const { desk, account } of [bob, mallory]) await receive(desk, account, from, first);
	const announced = async (who: Person, head: EntryBundle) => {
		const { address, record, card } = who.account.record;
		const bytes = new Uint8Array(32);
		return collect(bob.desk, bob.account, null, {
			...{ hash: bytes, from: address, name: '', thread: threadId, epoch: entryIdOf(head.header) },
			...{ heads: [entryIdOf(head.header)], holders: ['https://post.example'], done: bytes },
			...{ introduction: '', wait: 'fetch', makesContact: false, record, card, knock: bytes },
			receivedAt: NOW
		});
	};
	const replica = await loadReplica(mallory.desk, mallory.account, threadId);
	const [row] = await mallory.desk.store.list('message', [threadId]);
	if (replica === null || row === undefined) throw new Error('mallory has the thread');
	const bytes = new Uint8Array(32);
	const file = { name: 'f', type: 'text/plain', size: 1, sha256: bytes, key: bytes };
	const attachments = [{ ...file, manifest: cidOfRaw(bytes) }];
	const mail = { ...row.mail, from: { root: mallory.account.root, name: '' }, attachments };
	const ports = threadPorts(mallory.desk);
	const made = await appendMessage(ports, mallory.account.me, replica.state, { mail }, []);
	if (!made.ok) throw new Error('not made');
	kept = [...made.bundles];
	const last = (bundles: readonly EntryBundle[]) =>
		bundles.at(-1) ?? { header: bytes, body: null, wraps: [] };
	expect(await announced(mallory, last(kept))).toEqual({ kind: 'waiting' });
	const second = await post(alice, [bob, mallory], { kind: 'replyAll', thread: threadId });
	const records = await alice.desk.store.list('outbox');
	const ids = records.find(({ message }) => message === second.messageId)?.entries ?? [];
	const rows = await Promise.all(ids.map((id) => alice.desk.store.get('entry', [threadId, id])));
	kept = rows.filter((each) => each !== null);
	expect(await announced(alice, last(kept))).toEqual({ kind: 'delivered' });
});

/** Bob, whose friends' offices these are: what each has, and who is asked. A slow one never ends by itself. */
async function createFriends() {
	const [alice, carol] = [
		await createPerson('alice', () => NOW),
		await createPerson('carol', () => NOW)
	];
	const entries = new Map<string, readonly EntryBundle[]>();
	const asked: string[] = [];
	const offices = (url: string) =>
		({
			async *ancestors(_heads: unknown, _have: unknown, { signal }: { signal?: AbortSignal }) {
				asked.push(url);
				if (url === 'https://down.example') throw new Unreachable('it is down');
				yield* entries.get(url) ?? [];
				if (!url.startsWith('https://slow')) return;
				// A byte now and then.
				await new Promise((_, reject) => {
					signal?.addEventListener('abort', () => reject(signal.reason as Error));
				});
			},
			async *fetch() {
				// It has none.
			},
			find: () => Promise.resolve(null),
			done: () => Promise.resolve(accept(null))
		}) as unknown as ReturnType<Person['desk']['offices']>;
	const bob = await createPerson('bob', () => NOW + 1, offices);
	await introduce([alice, bob, carol]);
	let count = 0;
	/** The last of these offices has what is announced. */
	const announce = async (who: Person, ...holders: readonly string[]) => {
		const { threadId } = await post(who, [bob]);
		const all = await who.desk.store.list('entry', [threadId]);
		entries.set(holders.at(-1) ?? '', all);
		const head = all.at(-1);
		if (head === undefined) throw new Error('it was written');
		const { address, record, card } = who.account.record;
		const bytes = bob.desk.random(32);
		const put = {
			...{ hash: bytes, from: address, name: '', thread: threadId, epoch: entryIdOf(head.header) },
			...{ heads: [entryIdOf(head.header)], holders, done: bytes, introduction: '' },
			...{ wait: 'fetch' as const, makesContact: false, record, card, knock: bytes },
			receivedAt: NOW + ++count
		};
		await bob.desk.store.commit([{ table: 'knock', key: knockKey(put), put }]);
		return threadId;
	};
	const collected = async (thread: ThreadId) => {
		const rows = await bob.desk.store.list('message', [thread]);
		return (
			rows.length > 0 && !(await bob.desk.store.list('knock')).some((k) => k.thread === thread)
		);
	};
	return { alice, bob, carol, asked, announce, collected };
}

const never = () => new AbortController().signal;
const atOnce = () => AbortSignal.abort();

test('an office that trickles holds up what waits for it, and nothing else', async () => {
	const { alice, bob, carol, asked, announce, collected } = await createFriends();
	const slow = await announce(alice, 'https://slow.example');
	const good = await announce(carol, 'https://good.example');
	const turn = new AbortController();
	const times = { turn: () => turn.signal, patience: never };
	const collecting = collectWaiting(bob.desk, bob.account, null, times);
	await expect.poll(() => collected(good)).toBe(true);
	turn.abort();
	await collecting;
	// What the slow one gave before its turn was over is kept.
	expect(await bob.desk.store.list('message', [slow])).toHaveLength(1);
	expect((await bob.desk.store.list('knock')).map(({ thread }) => thread)).toEqual([slow]);
	expect(asked.sort()).toEqual(['https://good.example', 'https://slow.example']);
});

test('nor does it hold up what is announced while it is waited for', async () => {
	const { alice, bob, carol, asked, announce, collected } = await createFriends();
	const turn = new AbortController();
	const times = { turn: () => turn.signal, patience: atOnce };
	await announce(alice, 'https://slow.example');
	await collectWaiting(bob.desk, bob.account, null, times);
	const good = await announce(carol, 'https://good.example');
	// Its writer names another, too: it waits for the first.
	await announce(alice, 'https://slow-too.example');
	await collectWaiting(bob.desk, bob.account, null, times);
	await expect.poll(() => collected(good)).toBe(true);
	expect(asked.filter((url) => url.startsWith('https://slow'))).toEqual(['https://slow.example']);
	turn.abort();
	await expect
		.poll(async () => {
			await collectWaiting(bob.desk, bob.account, null, { turn: never, patience: atOnce });
			return asked.at(-1);
		})
		.toBe('https://slow-too.example');
});

test('what one holder does not give, or not in time, the next does', async () => {
	const { alice, bob, carol, announce, collected } = await createFriends();
	const down = await announce(alice, 'https://down.example', 'https://has.example');
	const slow = await announce(carol, 'https://slow.example', 'https://too.example');
	const times = { turn: never, patience: never, holderTurn: () => AbortSignal.timeout(20) };
	await collectWaiting(bob.desk, bob.account, null, times);
	expect(await collected(down)).toBe(true);
	expect(await collected(slow)).toBe(true);
});
