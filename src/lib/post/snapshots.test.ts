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
import { entryIds, printOfThread } from '../threads/entries.ts';
import { shownMessages } from '../threads/shown.ts';
import { toHex } from '../wire/bytes.ts';
import type { ThreadId } from '../wire/ids.ts';
import { toListed } from './listed.ts';
import { removeFromThread } from './membership.ts';
import type { MailStore, RingKey } from './ports.ts';
import type { DraftRecord, SnapshotRecord, ThreadRecord } from './records.ts';
import { exclusiveThread, loadReplica } from './replicas.ts';
import { sendRemembered } from './send.ts';

const MESSAGES = 60;
let alice: Person, bob: Person;
let thread: ThreadId;

beforeEach(async () => {
	let now = 1_790_000_000_000;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	await introduce([alice, bob]);
	thread = (await post(alice, [bob])).threadId;
	for (let i = 1; i < MESSAGES; i++) await answer(alice, `note ${String(i)}`);
});

function answer(from: Person, text: string) {
	const other = from === bob ? alice : bob;
	return post(from, [other], { kind: 'replyAll', thread, text });
}

/** After a restart; counts what is read of the thread's entries. */
async function restart(person: Person) {
	const tab = await person.otherTab();
	const { store } = tab.desk;
	const read = { rows: 0, lists: 0 };
	const counting: MailStore = {
		...store,
		get: (table, key) => {
			if (table === 'entry') read.rows++;
			return store.get(table, key);
		},
		list: (table, prefix) => {
			if (table === 'entry') read.lists++;
			return store.list(table, prefix);
		}
	};
	return { tab: { ...tab, desk: { ...tab.desk, store: counting } }, read };
}

async function stateOf({ desk, account }: Person) {
	const replica = await loadReplica(desk, account, thread);
	if (replica === null) throw new Error('it stands here');
	const { heads, size } = replica.state;
	const ids = [...entryIds(replica.state)].sort();
	return { heads, size, ids, print: toHex(printOfThread(replica.state)) };
}

async function rowOf({ desk }: Person): Promise<ThreadRecord> {
	const row = await desk.store.get('thread', [thread]);
	if (row === null) throw new Error('it stands here');
	return row;
}

test('after a restart, the first answer reads what came since the snapshot', async () => {
	const { tab, read } = await restart(alice);
	const base = (await rowOf(alice)).opening?.base ?? 0;
	expect(base).toBeGreaterThan(MESSAGES / 2);
	await answer(tab, 'after the restart');
	expect(read.lists).toBe(0);
	// Since then, and what is no message: the first epoch, and the join.
	expect(read.rows).toBeLessThanOrEqual(MESSAGES + 1 - base + 4);
	expect(await stateOf(tab)).toEqual(await stateOf((await restart(alice)).tab));
});

test('what is received stands in snapshots, too', async () => {
	await deliver(alice, [bob]);
	await answer(bob, 'all of it');
	const { tab, read } = await restart(bob);
	expect(await stateOf(tab)).toEqual(await stateOf(bob));
	expect(read).toMatchObject({ lists: 0 });
	expect(read.rows).toBeLessThan(MESSAGES);
});

const DAMAGES: Record<string, (snapshot: SnapshotRecord, row: ThreadRecord) => object> = {
	'is not there': () => ({ snapshot: null }),
	'is another': (snapshot) => ({ snapshot: { ...snapshot, version: snapshot.version - 1 } }),
	'is cut short': (snapshot) => ({
		snapshot: { ...snapshot, entries: snapshot.entries.slice(0, -1) }
	}),
	'has an entry that is none': ({ entries, ...snapshot }) => {
		const wrong = entries.slice();
		const at = wrong.length - 30;
		wrong[at] = 1 ^ (wrong[at] ?? 0);
		return { snapshot: { ...snapshot, entries: wrong } };
	},
	'misses what came since': (_, { opening }) => ({ opening: opening && { ...opening, trail: [] } }),
	'is older than the row': (_, row) => ({ version: row.version + 1 })
};

test.each(Object.entries(DAMAGES))(
	'where the snapshot %s, all entries are read',
	async (_, damage) => {
		const before = await stateOf(alice);
		const row = await rowOf(alice);
		const [snapshot] = await alice.desk.store.list('snapshot', [thread]);
		if (snapshot === undefined) throw new Error('there is one');
		const { snapshot: put, ...fields } = damage(snapshot, row) as {
			snapshot?: SnapshotRecord | null;
		};
		const key = [thread];
		if (put === null) await alice.desk.store.commit([{ table: 'snapshot', key, remove: true }]);
		else if (put) await alice.desk.store.commit([{ table: 'snapshot', key, put }]);
		await alice.desk.store.commit([{ table: 'thread', key, put: { ...row, ...fields } }]);
		const { tab, read } = await restart(alice);
		expect(await stateOf(tab)).toEqual(before);
		expect(read.lists).toBe(1);
		await answer(tab, 'it goes on');
		const again = await restart(alice);
		expect(await stateOf(again.tab)).toEqual(await stateOf(tab));
		expect(again.read.lists).toBe(0);
	}
);

test('whoever is added later gets the texts that the snapshot has not', async () => {
	const carol = await createPerson('carol', () => alice.desk.now());
	await introduce([alice, bob, carol]);
	const { tab, read } = await restart(alice);
	const draft = { kind: 'replyAll', thread, text: 'welcome', history: 'all' } as const;
	await post(tab, [bob, carol], draft);
	expect(read.lists).toBe(1);
	await deliver(tab, [carol]);
	const texts = (await carol.desk.store.list('message', [thread])).map(({ mail }) => mail.text);
	expect(texts).toHaveLength(MESSAGES + 1);
	expect(texts).toContain('note 1');
});

async function withCarol(): Promise<Person> {
	const carol = await createPerson('carol', () => alice.desk.now());
	await introduce([alice, bob, carol]);
	return carol;
}

test('what is sent upon what is remembered is decided anew where it needs texts', async () => {
	const carol = await withCarol();
	const { tab } = await restart(alice);
	await loadReplica(tab.desk, tab.account, thread);
	const draft: DraftRecord = {
		...{ id: 'draft', kind: 'replyAll', thread, cc: [], bcc: [], subject: 'Tea', html: '' },
		...{ text: 'welcome', history: 'all', files: [], savedAt: tab.desk.now() },
		to: [bob, carol].map(({ account }) => account.record.address)
	};
	const remembered = () =>
		sendRemembered(tab.desk, tab.account, draft, { recalled: [] }, { locks: [] });
	expect(await remembered()).toBeNull();
	await exclusiveThread(tab.desk, thread, () => loadReplica(tab.desk, tab.account, thread));
	expect(await remembered()).toMatchObject({ ok: true });
});

test('texts that were needed once are there for whoever comes next, whoever opens it beside', async () => {
	const { tab } = await restart(alice);
	const { desk, account } = tab;
	let release = (): void => undefined;
	const released = new Promise<void>((resolve) => (release = resolve));
	let isFirst = true;
	const list: MailStore['list'] = async (table, prefix) => {
		const rows = await desk.store.list(table, prefix);
		if (table === 'snapshot' && isFirst) {
			isFirst = false;
			await released;
		}
		return rows;
	};
	const slow = { ...desk, store: { ...desk.store, list } };
	const readAll = () =>
		exclusiveThread(slow, thread, async () => {
			const replica = await loadReplica(slow, account, thread);
			return replica === null ? [] : shownMessages(replica.state);
		});
	const beside = loadReplica(slow, account, thread);
	await expect(readAll()).resolves.toHaveLength(MESSAGES);
	release();
	await beside;
	await expect(readAll()).resolves.toHaveLength(MESSAGES);
});

test('what is read once more with all texts takes no key of the ring twice', async () => {
	const carol = await withCarol();
	await deliver(alice, [bob]);
	const draft = { kind: 'replyAll', thread, text: 'welcome', history: 'all' } as const;
	const bundles = await bundlesOf(bob, await post(bob, [alice, carol], draft));
	const { tab, read } = await restart(alice);
	const live = new Set<string>();
	const { ring } = tab.desk;
	const counting = {
		...ring,
		claim: async (count: number) => {
			const keys = await ring.claim(count);
			for (const key of keys ?? []) live.add(key.join());
			return keys;
		},
		destroy: async (keys: readonly RingKey[]) => {
			for (const key of keys) live.delete(key.join());
			return ring.destroy(keys);
		}
	};
	await take({ ...tab, desk: { ...tab.desk, ring: counting } }, bob, bundles);
	expect(read.lists).toBe(1);
	expect(live.size).toBe(1);
});

test('a removal hides what came with the snapshot', async () => {
	const carol = await withCarol();
	const { threadId } = await post(alice, [bob, carol], { text: 'the three of us' });
	thread = threadId;
	await deliver(alice, [bob, carol]);
	for (let i = 0; i < 20; i++) {
		const text = `by carol ${String(i)}`;
		const sent = await post(carol, [alice, bob], { kind: 'replyAll', thread, text });
		await take(bob, carol, await bundlesOf(carol, sent));
	}
	const { address } = carol.account.record;
	expect(await removeFromThread(alice.desk, alice.account, thread, address)).toEqual({ ok: true });
	const { tab, read } = await restart(bob);
	await stateOf(tab);
	expect(read.lists).toBe(0);
	await deliver(alice, [tab]);
	const rows = await tab.desk.store.list('message', [thread]);
	const refused = rows.filter((row) => row.refused === 'removed');
	expect(refused).toHaveLength(20);
	expect(await stateOf((await restart(bob)).tab)).toEqual(await stateOf(tab));
	expect((await rowOf(bob)).count).toBe(1);
});

test('the list of threads does not carry how a thread is opened', async () => {
	expect((await rowOf(alice)).opening).toBeDefined();
	expect(toListed(await rowOf(alice))).not.toHaveProperty('opening');
});
