import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDesk, messageIn, threadIdOf, threadOf } from '../../../tests/mailbox/records.ts';
import { systemRandom } from '../crypto/random.ts';
import { toListed, type ListedThread } from './listed.ts';
import { listThreads, tendListing } from './listing.ts';
import { isInInbox } from './packs.ts';
import type { Change, Desk, MailStore } from './ports.ts';
import type { Place, ThreadRecord } from './records.ts';
import { putThread } from './summary.ts';

function openDesk(): Desk {
	return { ...createDesk(), random: systemRandom };
}

function rowOf(number: number, fields: Partial<ThreadRecord> = {}): ThreadRecord {
	const name = `thread ${String(number)}`;
	return { ...threadOf(name, [messageIn(name, number)]), ...fields };
}

async function fill({ store }: Desk, count: number, place: Place = 'inbox') {
	const numbers = Array.from({ length: count }, (_, at) => at);
	await store.commit(numbers.map((number) => putThread(rowOf(number, { place }))));
}

async function tend(desk: Desk) {
	while (!(await tendListing(desk)));
}

function byId(threads: readonly ListedThread[]) {
	return [...threads].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The truth. */
async function rowsOf({ store }: Desk) {
	return byId((await store.list('thread')).map(toListed));
}

async function listed(desk: Desk) {
	return byId(await listThreads(desk));
}

/** A desk that says of which tables it was asked, and can be made to lose packs. */
function watched(desk: Desk) {
	const asked: string[] = [];
	const { store } = desk;
	const list: MailStore['list'] = (table, prefix = []) => {
		asked.push(prefix.length === 0 ? `all of ${table}` : table);
		return store.list(table, prefix);
	};
	return { asked, desk: { ...desk, store: { ...store, list } } };
}

test('a packed list says what the rows say, and reads none of them', async () => {
	const desk = openDesk();
	await fill(desk, 200);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	await tend(desk);
	const { asked, desk: again } = watched(desk);
	expect(await listed(again)).toEqual(await rowsOf(desk));
	expect(asked.filter((what) => what.includes('thread'))).toEqual([]);
	expect(asked.filter((what) => what === 'pack').length).toBeLessThan(8);
});

test('of a thread written since, the row counts, and no other is read', async () => {
	const desk = openDesk();
	await fill(desk, 200);
	await tend(desk);
	await desk.store.commit([putThread(rowOf(150, { place: 'archive', unread: 7 }))]);
	await desk.store.commit([{ table: 'thread', key: [threadIdOf('thread 3')], remove: true }]);
	const { asked, desk: again } = watched(desk);
	expect(await listed(again)).toEqual(await rowsOf(desk));
	expect(asked.filter((what) => what.includes('thread'))).toEqual(['thread', 'thread']);
	await tend(desk);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	expect(await desk.store.list('touched')).toEqual([]);
});

test('the top of the inbox is there before the rest is asked for', async () => {
	const desk = openDesk();
	await fill(desk, 1000);
	await tend(desk);
	const { asked, desk: again } = watched(desk);
	let first: readonly ListedThread[] = [];
	const onFirst = async (threads: readonly ListedThread[]) => {
		first = threads;
		expect(asked.filter((what) => what === 'pack')).toHaveLength(1);
	};
	const all = await listThreads(again, { onFirst });
	const dates = (threads: readonly ListedThread[]) =>
		threads.map(({ latest }) => latest.date).sort((a, b) => b - a);
	expect(dates(first).slice(0, 24)).toEqual(dates(all).slice(0, 24));
});

test('where the inbox is small, all of it is first', async () => {
	const desk = openDesk();
	await fill(desk, 500, 'archive');
	await desk.store.commit([putThread(rowOf(3)), putThread(rowOf(400))]);
	await tend(desk);
	await desk.store.commit([putThread(rowOf(7))]);
	let first: readonly ListedThread[] = [];
	await listThreads(watched(desk).desk, {
		onFirst: async (threads) => {
			first = threads;
		}
	});
	expect(first.filter(isInInbox)).toHaveLength(3);
	expect(first.length).toBeLessThan(100);
});

test('what is snoozed does not stand for the inbox', async () => {
	const desk = openDesk();
	await fill(desk, 400);
	const snoozedUntil = desk.now() + 3_600_000;
	const asleep = Array.from({ length: 100 }, (_, at) => rowOf(at + 100, { snoozedUntil }));
	await desk.store.commit(asleep.map(putThread));
	await tend(desk);
	let first: readonly ListedThread[] = [];
	await listThreads(watched(desk).desk, {
		onFirst: async (threads) => {
			first = threads;
		}
	});
	expect(first.filter((thread) => thread.snoozedUntil === undefined).length).toBeGreaterThan(23);
	expect(first.length).toBeLessThan(300);
});

test.each(['missing', 'damaged'])('a %s pack costs time alone', async (what) => {
	const desk = openDesk();
	await fill(desk, 200);
	await tend(desk);
	const [name = ''] = (await desk.store.get('listing', []))?.packs ?? [];
	const { store } = desk;
	const list: MailStore['list'] = (table, prefix = []) =>
		what === 'damaged' && table === 'pack' && prefix[0] === name
			? Promise.reject(new Error('does not open'))
			: store.list(table, prefix);
	if (what === 'missing') {
		await store.commit([{ table: 'pack', key: [name], remove: true }]);
	}
	const broken = { ...desk, store: { ...store, list } };
	expect(await listed(broken)).toEqual(await rowsOf(desk));
	await tend(broken);
	expect((await store.list('pack')).map((pack) => pack.name)).not.toContain(name);
	const { asked, desk: again } = watched(broken);
	expect(await listed(again)).toEqual(await rowsOf(desk));
	expect(asked).not.toContain('all of thread');
});

test('packs of another format are not read, and go when they are made anew', async () => {
	const desk = openDesk();
	await fill(desk, 5);
	await tend(desk);
	const listing = await desk.store.get('listing', []);
	if (listing === null) throw new Error('not tended');
	await desk.store.commit([
		{ table: 'listing', key: [], put: { ...listing, format: listing.format + 1 } }
	]);
	const { asked, desk: again } = watched(desk);
	expect(await listed(again)).toEqual(await rowsOf(desk));
	expect(asked).toContain('all of thread');
	await tend(desk);
	expect(await desk.store.list('pack')).toHaveLength(1);
});

test('what was begun and not ended leaves no pack behind', async () => {
	const desk = openDesk();
	await fill(desk, 300);
	let commits = 0;
	const commit: MailStore['commit'] = (changes) =>
		++commits > 2 ? Promise.reject(new Error('the tab was closed')) : desk.store.commit(changes);
	await expect(tendListing({ ...desk, store: { ...desk.store, commit } })).rejects.toThrow();
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	await tend(desk);
	const listing = await desk.store.get('listing', []);
	expect((await desk.store.list('pack')).map(({ name }) => name).sort()).toEqual(
		[...(listing?.packs ?? [])].sort()
	);
});

test('a row that another tab writes while it is brought in stays touched', async () => {
	const desk = openDesk();
	await fill(desk, 100);
	await tend(desk);
	await desk.store.commit([putThread(rowOf(5, { unread: 1 }))]);
	const update: MailStore['update'] = async (table, key, decide, options) => {
		await desk.store.commit([putThread(rowOf(5, { unread: 2 }))]);
		return desk.store.update(table, key, decide, options);
	};
	await tendListing({ ...desk, store: { ...desk.store, update } });
	expect(await desk.store.list('touched')).toHaveLength(1);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
});

test('made anew, it forgets what was touched before, and nothing that was touched since', async () => {
	const desk = openDesk();
	await fill(desk, 700);
	let hasWritten = false;
	const commit: MailStore['commit'] = async (changes) => {
		await desk.store.commit(changes);
		if (!hasWritten) await desk.store.commit([putThread(rowOf(5, { unread: 1 }))]);
		hasWritten = true;
	};
	expect(await tendListing({ ...desk, store: { ...desk.store, commit } })).toBe(false);
	const touched = (await desk.store.list('touched')).map(({ thread }) => thread);
	expect(touched).toContain(threadIdOf('thread 5'));
	// Those that stand with it in one transaction, at most.
	expect(touched.length).toBeLessThanOrEqual(512);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	expect(await tendListing(desk)).toBe(true);
	expect(await desk.store.list('touched')).toEqual([]);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
});

test('what it has packed itself is not read again', async () => {
	const { asked, desk } = watched(openDesk());
	await fill(desk, 300);
	await tend(desk);
	await listed(desk);
	await desk.store.commit([putThread(rowOf(5, { unread: 7 }))]);
	await tend(desk);
	asked.length = 0;
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	expect(asked).not.toContain('pack');
});

test('a pack that was replaced does not stay in memory', async () => {
	const desk = openDesk();
	await fill(desk, 300);
	await tend(desk);
	await listed(desk);
	const before = await desk.store.get('listing', []);
	if (before === null) throw new Error('not tended');
	await desk.store.commit([putThread(rowOf(5, { unread: 7 }))]);
	await tend(desk);
	await desk.store.commit([{ table: 'listing', key: [], put: before }]);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
	// It was asked for, and is not there.
	expect((await desk.store.get('listing', []))?.format).toBe(0);
});

test('ends between two steps when it is told to', async () => {
	const desk = openDesk();
	await fill(desk, 200);
	await tend(desk);
	await fill(desk, 200, 'archive');
	const ending = new AbortController();
	const update: MailStore['update'] = async (...wish) => {
		await desk.store.update(...wish);
		ending.abort();
	};
	const watched = { ...desk, store: { ...desk.store, update } };
	expect(await tendListing(watched, { signal: ending.signal })).toBe(false);
	expect(await desk.store.list('touched')).toHaveLength(200 - 64);
	expect(await listed(desk)).toEqual(await rowsOf(desk));
});

test('made anew after a week, whatever it says', async () => {
	const desk = openDesk();
	await fill(desk, 10);
	await tend(desk);
	const [pack] = await desk.store.list('pack');
	if (pack === undefined) throw new Error('not tended');
	const { name, threads } = pack;
	const wrong: Change = { table: 'pack', key: [name], put: { name, threads: threads.slice(1) } };
	await desk.store.commit([wrong]);
	const later = { ...desk, now: () => desk.now() + 8 * 24 * 3_600_000 };
	await tend(later);
	expect(await listed(later)).toEqual(await rowsOf(desk));
});

const place = fc.constantFrom<Place>('inbox', 'archive', 'trash');
const step = fc.oneof(
	fc.record({ do: fc.constant('put' as const), thread: fc.nat(150), place, unread: fc.nat(2) }),
	fc.record({ do: fc.constant('remove' as const), thread: fc.nat(150) }),
	fc.record({ do: fc.constant('tend' as const) }),
	fc.record({ do: fc.constant('read' as const) })
);

test('whatever is written and tended, in whatever order, it says what the rows say', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(150), async (steps, count) => {
			const desk = openDesk();
			await fill(desk, count);
			for (const each of steps) {
				if (each.do === 'put') {
					const { place, unread } = each;
					await desk.store.commit([putThread(rowOf(each.thread, { place, unread }))]);
				} else if (each.do === 'remove') {
					const key = [threadIdOf(`thread ${String(each.thread)}`)];
					await desk.store.commit([{ table: 'thread', key, remove: true }]);
				} else if (each.do === 'tend') await tendListing(desk);
				else expect(await listed(desk)).toEqual(await rowsOf(desk));
			}
			expect(await listed(desk)).toEqual(await rowsOf(desk));
			await tend(desk);
			expect(await listed(desk)).toEqual(await rowsOf(desk));
		}),
		{ numRuns: 40 }
	);
});
