import { beforeEach, expect, test } from 'vitest';
import {
	createPerson,
	deliver,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { appendMessage } from '../threads/make.ts';
import type { MakeResult } from '../threads/thread.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Address, ThreadId } from '../wire/ids.ts';
import { threadPorts } from './account.ts';
import { leaveThread, removeFromThread } from './membership.ts';
import { bundlesFor } from './outbox.ts';
import { createRecipient } from './recipient.ts';
import type { OutboxRecord } from './records.ts';
import { loadReplica } from './replicas.ts';

const NOW = 1_790_000_000_000;

let now: number;
let alice: Person, bob: Person, carol: Person, dave: Person;
let thread: ThreadId;

beforeEach(async () => {
	now = NOW;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	carol = await createPerson('carol', clock);
	dave = await createPerson('dave', clock);
	await introduce([alice, bob, carol, dave]);
	thread = (await post(alice, [bob, carol], { text: 'first' })).threadId;
	await deliver(alice, [bob, carol]);
});

const answer = (who: Person, to: readonly Person[], text: string, history?: 'none' | 'all') =>
	post(who, to, { kind: 'replyAll', thread, text, ...(history && { history }) });

async function texts({ desk }: Person): Promise<string[]> {
	const rows = await desk.store.list('message', [thread]);
	return rows.sort((a, b) => a.order - b.order).map(({ mail }) => mail.text);
}

async function circle({ desk }: Person) {
	const row = await desk.store.get('thread', [thread]);
	if (row === null) throw new Error('no such thread');
	return { members: new Set(row.members), unread: row.unread, ...row.circle };
}

const addresses = (...people: readonly Person[]) =>
	new Set<Address>(people.map(({ account }) => account.record.address));

test('an answer to more people adds them: they read it, and nothing from before', async () => {
	const sent = await answer(bob, [alice, carol, dave], 'meet dave');
	expect(sent.threadId).toBe(thread);
	await deliver(bob, [alice, carol, dave]);
	expect(await texts(dave)).toEqual(['meet dave']);
	for (const who of [alice, bob, carol, dave]) {
		expect((await circle(who)).members).toEqual(addresses(alice, bob, carol, dave));
		expect((await circle(who)).events).toMatchObject([
			{ by: bob.account.record.address, added: [dave.account.record.address], gone: [] }
		]);
	}
	await answer(dave, [alice, bob, carol], 'hello all');
	await deliver(dave, [alice, bob, carol]);
	expect(await texts(alice)).toEqual(['first', 'meet dave', 'hello all']);
});

test('who is added gets no body from before, neither pushed nor asked for', async () => {
	await answer(bob, [alice, carol, dave], 'meet dave');
	const [record] = await bob.desk.store.list('outbox');
	if (record === undefined) throw new Error('it is on its way');
	const { address } = dave.account.record;
	const pushed = await bundlesFor(bob.desk, record, address);
	const old = (await alice.desk.store.list('entry', [thread])).map(({ header }) => header);
	const oldPlain = pushed.filter(({ header, wraps, body }) => {
		return wraps.length === 0 && body === null && old.some((each) => isSame(each, header));
	});
	expect(oldPlain.length).toBeGreaterThan(0);
	const others = await bundlesFor(bob.desk, record, carol.account.record.address);
	expect(others.length).toBe(pushed.length - (record.past?.count ?? 0));
	const hooks = { onReceived: () => undefined, onConnections: () => undefined };
	const door = createRecipient(bob.desk, bob.account, hooks);
	const asked = await door.entriesFor(address, thread, record.entries, 'whole');
	expect(asked.map(({ body }) => body === null)).toEqual(pushed.map(({ body }) => body === null));
});

function isSame(a: Uint8Array, b: Uint8Array): boolean {
	return Buffer.compare(a, b) === 0;
}

test('with history: earlier messages come by the word of who added, unread by none', async () => {
	await answer(carol, [alice, bob], 'second');
	await deliver(carol, [alice, bob]);
	await answer(bob, [alice, carol, dave], 'meet dave', 'all');
	await deliver(bob, [alice, carol, dave]);
	expect(await texts(dave)).toEqual(['first', 'second', 'meet dave']);
	const rows = await dave.desk.store.list('message', [thread]);
	const first = rows.find(({ mail }) => mail.text === 'first');
	expect(first).toMatchObject({
		from: alice.account.record.address,
		keptBy: bob.account.record.address,
		isVouched: false,
		isUnread: false
	});
	expect((await circle(dave)).unread).toBe(1);
	// Who has the originals is shown no copies.
	expect(await texts(alice)).toEqual(['first', 'second', 'meet dave']);
	expect((await bob.desk.store.get('thread', [thread]))?.history).toBe('all');
});

test('an answer to fewer begins a thread that names the old one', async () => {
	const sent = await answer(bob, [alice], 'between us');
	expect(sent.threadId).not.toBe(thread);
	await deliver(bob, [alice, carol]);
	expect(await texts(carol)).toEqual(['first']);
});

test('who leaves reads nothing that is written after it is known', async () => {
	expect(await leaveThread(carol.desk, carol.account, thread)).toEqual({ ok: true });
	expect((await carol.desk.store.get('thread', [thread]))?.place).toBe('archive');
	await deliver(carol, [alice, bob]);
	for (const who of [alice, bob, carol]) {
		expect((await circle(who)).members).toEqual(addresses(alice, bob));
		expect((await circle(who)).events).toMatchObject([
			{ by: carol.account.record.address, gone: [carol.account.record.address] }
		]);
	}
	await answer(alice, [bob], 'without carol');
	const all = await alice.desk.store.list('entry', [thread]);
	await take(carol, alice, all);
	expect(await texts(carol)).toEqual(['first']);
	await deliver(alice, [bob]);
	expect(await texts(bob)).toEqual(['first', 'without carol']);
});

test('the creator removes; what the removed writes is refused, not shown', async () => {
	const gone = carol.account.record.address;
	expect(await removeFromThread(bob.desk, bob.account, thread, gone)).toEqual({
		ok: false,
		problem: { kind: 'not-allowed' }
	});
	expect(await removeFromThread(alice.desk, alice.account, thread, gone)).toEqual({ ok: true });
	await deliver(alice, [bob]);
	expect((await circle(bob)).members).toEqual(addresses(alice, bob));
	expect((await circle(bob)).mayRemove).toBe(false);
	expect((await circle(alice)).mayRemove).toBe(true);
	// Carol does not know of it.
	await answer(carol, [alice, bob], 'still here?');
	const [late] = await deliver(carol, [alice, bob]);
	expect(late?.stored).toEqual([]);
	expect(new Set(late?.refused.map(({ reason }) => reason))).toEqual(new Set(['removed']));
	const hidden = (await bob.desk.store.list('message', [thread])).find(
		({ mail }) => mail.text === 'still here?'
	);
	expect(hidden?.refused).toBe('removed');
});

test('what a removed member wrote meanwhile is hidden, and shown where somebody built on it', async () => {
	await answer(carol, [alice, bob], 'still here?');
	const late = await carol.desk.store.list('outbox');
	await deliver(carol, [bob]);
	expect((await circle(bob)).unread).toBe(2);
	await answer(bob, [alice, carol], 'you are');
	const built = await bob.desk.store.list('outbox');
	await removeFromThread(alice.desk, alice.account, thread, carol.account.record.address);
	const shown = async ({ desk }: Person) => {
		const rows = await desk.store.list('message', [thread]);
		const row = await desk.store.get('thread', [thread]);
		const texts = rows.filter(({ refused }) => refused === undefined).map(({ mail }) => mail.text);
		return { texts: new Set(texts), count: row?.count, unread: row?.unread };
	};
	const give = async (from: Person, records: readonly OutboxRecord[], to: Person) => {
		for (const record of records) {
			const bundles = await bundlesFor(from.desk, record, to.account.record.address);
			await take(to, from, bundles);
		}
	};
	await give(carol, late, alice);
	expect(await shown(alice)).toEqual({ texts: new Set(['first']), count: 1, unread: 0 });
	await give(bob, built, alice);
	const all = new Set(['first', 'still here?', 'you are']);
	expect(await shown(alice)).toEqual({ texts: all, count: 3, unread: 2 });
	await deliver(alice, [bob]);
	expect(await shown(bob)).toEqual({ texts: all, count: 3, unread: 2 });
});

test('a message that is here is hidden by a removal that its writer did not know', async () => {
	await answer(carol, [alice, bob], 'still here?');
	await deliver(carol, [bob]);
	expect(await circle(bob)).toMatchObject({ unread: 2 });
	await removeFromThread(alice.desk, alice.account, thread, carol.account.record.address);
	await deliver(alice, [bob]);
	const rows = await bob.desk.store.list('message', [thread]);
	expect(rows.find(({ mail }) => mail.text === 'still here?')).toMatchObject({
		refused: 'removed',
		isUnread: false
	});
	expect((await bob.desk.store.get('thread', [thread]))?.count).toBe(1);
	expect((await circle(bob)).unread).toBe(1);
});

test('a thread of more than one batch opens for who is added at its end', async () => {
	for (let i = 0; i < LIMITS.batchEntries; i++)
		await answer(bob, [alice, carol], `note ${String(i)}`);
	await answer(bob, [alice, carol, dave], 'meet dave');
	const { address } = dave.account.record;
	const outbox = await bob.desk.store.list('outbox');
	const record = outbox.find(({ past }) => past?.for.includes(address));
	if (record === undefined) throw new Error('it is on its way');
	const bundles = await bundlesFor(bob.desk, record, dave.account.record.address);
	expect(bundles.length).toBeGreaterThan(LIMITS.batchEntries);
	for (let at = 0; at < bundles.length; at += LIMITS.batchEntries) {
		await take(dave, bob, bundles.slice(at, at + LIMITS.batchEntries));
	}
	expect(await texts(dave)).toEqual(['meet dave']);
});

test('what comes before the epoch that opens it is not refused to who is added', async () => {
	const old = await alice.desk.store.list('entry', [thread]);
	await take(dave, alice, old);
	await answer(alice, [bob, carol, dave], 'meet dave');
	const [added] = (await alice.desk.store.list('outbox')).filter(({ past }) => past !== undefined);
	await answer(alice, [bob, carol, dave], 'and more');
	const last = (await alice.desk.store.list('outbox')).find(
		({ createdAt }) => createdAt > (added?.createdAt ?? 0)
	);
	if (added === undefined || last === undefined) throw new Error('both are on their way');
	const { address } = dave.account.record;
	const bundles = await bundlesFor(alice.desk, last, address);
	expect(await take(dave, alice, bundles)).toMatchObject({ stored: [], refused: [] });
	await take(dave, alice, await bundlesFor(alice.desk, added, address));
	expect(await texts(dave)).toEqual(['meet dave', 'and more']);
});

test('who leaves or removes waits for no office while a card of everybody is here', async () => {
	const asked: string[] = [];
	const offices: Person['desk']['offices'] = (url) => {
		asked.push(url);
		return { find: () => new Promise(() => undefined) } as never;
	};
	// Their prekeys are outdated, and still open what is sealed to them.
	now += LIMITS.prekeyAgeMs + 1;
	expect(await leaveThread({ ...carol.desk, offices }, carol.account, thread)).toEqual({
		ok: true
	});
	const { address } = bob.account.record;
	const removed = removeFromThread({ ...alice.desk, offices }, alice.account, thread, address);
	expect(await removed).toEqual({ ok: true });
	expect(asked).toEqual([]);
});

test('with history: a message that fills an entry to the last byte stops nobody from being added', async () => {
	// Whom Bob has vouched to takes no room in what he writes next.
	await answer(bob, [alice, carol], 'hello');
	// Another program's: ours leaves room for recipients and attachments.
	const replica = await loadReplica(bob.desk, bob.account, thread);
	const [row] = await bob.desk.store.list('message', [thread]);
	if (replica === null || row === undefined) throw new Error('bob has the thread');
	const from = { root: bob.account.root, name: 'bob' };
	let made: MakeResult | null = null;
	for (let size = LIMITS.bodyBytes; made?.ok !== true; size -= 8) {
		const [text, html] = ['x'.repeat(100_000), 'x'.repeat(size - 100_000)];
		const mail = { ...row.mail, from, text, html };
		const ports = threadPorts(bob.desk);
		made = await appendMessage(ports, bob.account.me, replica.state, { mail }, []);
	}
	await take(alice, bob, made.bundles);
	await take(bob, bob, made.bundles);
	expect((await texts(bob)).at(-1)).toMatch(/^x{100000}/);
	await answer(bob, [alice, carol, dave], 'meet dave', 'all');
	for (let round = 0; round < 2; round++) await deliver(bob, [alice, carol, dave]);
	expect(await texts(dave)).toEqual(['first', 'hello', 'meet dave']);
});
