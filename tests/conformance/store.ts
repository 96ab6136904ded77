/** What every implementation of `MailStore` and `BlockStore` does. */

import { describe, expect, it, onTestFinished } from 'vitest';
import {
	Overtaken,
	StorageFull,
	type BlockStore,
	type Change,
	type MailStore
} from '../../src/lib/post/ports.ts';
import type { DraftRecord, EntryRecord, RefusalRecord } from '../../src/lib/post/records.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { putThread } from '../../src/lib/post/summary.ts';
import { cidToBlockId, type ThreadId } from '../../src/lib/wire/ids.ts';
import { messageIn, threadIdOf, threadOf } from '../mailbox/records.ts';

/** One tab's hold on the storage of a profile. */
export interface Tab {
	readonly mail: MailStore;
	readonly blocks: BlockStore;
	close?(): void;
}

/** An empty profile; `end` may throw it away. */
export interface Profile {
	open(): Tab;
	/** From now on there is no room, or there is again. */
	fill(isFull: boolean): Promise<void> | void;
	end(): Promise<void> | void;
}

export type MakeProfile = () => Profile | Promise<Profile>;

export function describeStore(name: string, makeProfile: MakeProfile): void {
	describe(`the mail store: ${name}`, () => {
		describeRows(makeProfile);
		describeCommit(makeProfile);
		describeTouched(makeProfile);
		describeUpdate(makeProfile);
		describeSubscribe(makeProfile);
	});
	describe(`the block store: ${name}`, () => describeBlocks(makeProfile));
}

function describeRows(makeProfile: MakeProfile): void {
	it('has nothing at first', async () => {
		const { mail } = await openTab(makeProfile);
		expect(await mail.get('account', [])).toBeNull();
		expect(await mail.list('draft')).toEqual([]);
	});

	it('gives back every kind of field', async () => {
		const { mail } = await openTab(makeProfile);
		const row: DraftRecord = {
			...draft('a'),
			savedAt: 1_790_000_000_123,
			files: [
				{
					id: 'f',
					name: 'größe.txt',
					type: 'text/plain',
					size: 0,
					sealed: {
						key: Uint8Array.of(0, 255),
						manifest: 'm',
						sha256: new Uint8Array(32),
						blocks: []
					}
				}
			]
		};
		await mail.commit([put(row)]);
		expect(await mail.get('draft', ['a'])).toEqual(row);
		await mail.commit([
			{ table: 'entry', key: ['t', 'e'], put: { ...entry(1), body: null } },
			{ table: 'setting', key: ['s'], put: { value: true } }
		]);
		expect((await mail.get('entry', ['t', 'e']))?.body).toBeNull();
		expect(await mail.get('setting', ['s'])).toEqual({ value: true });
	});

	it('leaves out a field without a value', async () => {
		const { mail } = await openTab(makeProfile);
		await mail.commit([put({ ...draft('a'), thread: undefined })]);
		expect(await mail.get('draft', ['a'])).not.toHaveProperty('thread');
	});

	it('keeps what a row was when it was given', async () => {
		const { mail } = await openTab(makeProfile);
		const row = entry(7);
		const committed = mail.commit([{ table: 'entry', key: ['t', 'e'], put: row }]);
		row.header.fill(0);
		await committed;
		(await mail.get('entry', ['t', 'e']))?.header.fill(1);
		expect(await mail.get('entry', ['t', 'e'])).toEqual(entry(7));
	});

	it('lists whole parts of keys, and one table', async () => {
		const { mail } = await openTab(makeProfile);
		await mail.commit([
			{ table: 'entry', key: ['one', 'a'], put: entry(1) },
			{ table: 'entry', key: ['one', 'b'], put: entry(2) },
			{ table: 'entry', key: ['on', 'ea'], put: entry(3) },
			{ table: 'entry', key: ['one more', 'a'], put: entry(4) },
			put(draft('one'))
		]);
		expect(sizesOf(await mail.list('entry', ['one']))).toEqual([1, 2]);
		expect(sizesOf(await mail.list('entry', ['one', 'b']))).toEqual([2]);
		expect(sizesOf(await mail.list('entry'))).toEqual([1, 2, 3, 4]);
		expect(await mail.list('entry', ['o'])).toEqual([]);
	});

	it('shows one tab what another has written', async () => {
		const [alice, bob] = await openTabs(makeProfile);
		await alice.mail.commit([put(draft('a'))]);
		expect(await bob.mail.get('draft', ['a'])).toEqual(draft('a'));
	});

	it('keeps a thousand rows of one commit', async () => {
		const { mail } = await openTab(makeProfile);
		const ids = Array.from({ length: 1000 }, (_, i) => `draft ${String(i)}`);
		await mail.commit(ids.map((id) => put(draft(id))));
		const listed = await mail.list('draft');
		expect(listed.map(({ id }) => id).sort()).toEqual(ids.sort());
	});
}

function describeCommit(makeProfile: MakeProfile): void {
	it('writes in the order of the list', async () => {
		const { mail } = await openTab(makeProfile);
		await mail.commit([put(draft('a', 'first')), put(draft('a', 'second')), put(draft('b'))]);
		expect((await mail.get('draft', ['a']))?.subject).toBe('second');
		await mail.commit([put(draft('a', 'third')), removal('a'), removal('never there')]);
		expect(await mail.get('draft', ['a'])).toBeNull();
	});

	it('takes an empty list', async () => {
		const { mail } = await openTab(makeProfile);
		await expect(mail.commit([])).resolves.toBeUndefined();
	});

	it('writes nothing of a list that holds what cannot be stored', async () => {
		const { mail } = await openTab(makeProfile);
		const impossible = put({ ...draft('b'), savedAt: Number.NaN });
		await expect(mail.commit([put(draft('a')), impossible])).rejects.toThrow();
		expect(await mail.list('draft')).toEqual([]);
	});

	it('says that there is no room, has written nothing, and goes on when there is', async () => {
		const { profile, mail } = await openTab(makeProfile);
		await mail.commit([put(draft('before'))]);
		await profile.fill(true);
		const list = [
			removal('before'),
			...Array.from({ length: 20 }, (_, i) => large(`l${String(i)}`))
		];
		await expect(mail.commit(list)).rejects.toThrow(StorageFull);
		await expect(mail.update('draft', ['u'], () => [large('u')])).rejects.toThrow(StorageFull);
		expect((await mail.list('draft')).map(({ id }) => id)).toEqual(['before']);
		await profile.fill(false);
		await mail.commit([put(draft('after'))]);
		expect((await mail.list('draft')).map(({ id }) => id).sort()).toEqual(['after', 'before']);
	});
}

function describeTouched(makeProfile: MakeProfile): void {
	const touched = async (mail: MailStore) =>
		(await mail.list('touched')).map(({ thread }) => thread).sort();
	const [roof, garden] = [threadIdOf('roof'), threadIdOf('garden')].sort();
	const threadPut = (id: ThreadId): Change =>
		putThread({ ...threadOf('any', [messageIn('any', 1)]), id });

	it('notes with every write of a thread that it was touched', async () => {
		const { mail } = await openTab(makeProfile);
		if (roof === undefined || garden === undefined) throw new Error('no names');
		await mail.commit([put(draft('a'))]);
		expect(await touched(mail)).toEqual([]);
		await mail.commit([threadPut(roof), put(draft('b')), threadPut(roof)]);
		expect(await touched(mail)).toEqual([roof]);
		await mail.update('thread', [garden], () => [threadPut(garden)]);
		expect(await touched(mail)).toEqual([roof, garden]);
		await mail.commit([{ table: 'touched', key: [roof], remove: true }]);
		await mail.commit([{ table: 'thread', key: [roof], remove: true }]);
		expect(await touched(mail)).toEqual([roof, garden]);
	});
}

function describeUpdate(makeProfile: MakeProfile): void {
	it('decides on the row that is stored', async () => {
		const { mail } = await openTab(makeProfile);
		await mail.update('refusal', ['expired'], increment);
		await mail.update('refusal', ['expired'], increment);
		expect((await mail.get('refusal', ['expired']))?.count).toBe(2);
	});

	it('may write other rows, remove its own, or write nothing', async () => {
		const { mail } = await openTab(makeProfile);
		await mail.commit([put(draft('a', 'subject'))]);
		await mail.update('draft', ['a'], (row) => [
			removal('a'),
			{ table: 'setting', key: ['was'], put: { value: row?.subject ?? '' } }
		]);
		await mail.update('draft', ['b'], () => []);
		expect(await mail.list('draft')).toEqual([]);
		expect(await mail.get('setting', ['was'])).toEqual({ value: 'subject' });
	});

	it('decides on what another tab has written since, also where nothing is to be done', async () => {
		const [one, two] = await openTabs(makeProfile);
		const decided: (number | undefined)[] = [];
		await one.mail.update('refusal', ['expired'], increment);
		expect((await one.mail.get('refusal', ['expired']))?.count).toBe(1);
		await two.mail.update('refusal', ['expired'], increment);
		await one.mail.update('refusal', ['expired'], (row) => {
			decided.push(row?.count);
			return [];
		});
		expect(decided.at(-1)).toBe(2);
		await two.mail.commit([{ table: 'refusal', key: ['expired'], remove: true }]);
		await one.mail.update('refusal', ['expired'], increment);
		expect((await two.mail.get('refusal', ['expired']))?.count).toBe(1);
	});

	it('loses no increment between tabs', async () => {
		const [one, two] = await openTabs(makeProfile);
		const tabs = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? one : two));
		await Promise.all(tabs.map(({ mail }) => mail.update('refusal', ['expired'], increment)));
		expect((await two.mail.get('refusal', ['expired']))?.count).toBe(tabs.length);
	});

	it('recalls what this tab saw last, and what it wrote', async () => {
		const [one, two] = await openTabs(makeProfile);
		expect((await one.mail.recall('refusal', ['expired'])).row).toBeNull();
		await two.mail.update('refusal', ['expired'], increment);
		expect((await one.mail.get('refusal', ['expired']))?.count).toBe(1);
		expect((await one.mail.recall('refusal', ['expired'])).row?.count).toBe(1);
		await one.mail.update('refusal', ['expired'], increment);
		expect((await one.mail.recall('refusal', ['expired'])).row?.count).toBe(2);
		await one.mail.commit([{ table: 'refusal', key: ['expired'], remove: true }]);
		expect((await one.mail.recall('refusal', ['expired'])).row).toBeNull();
	});

	it('writes nothing upon a row that another tab has changed since it was recalled', async () => {
		const [one, two] = await openTabs(makeProfile);
		for (const change of [put(draft('a', 'mine')), removal('a'), put(draft('a', 'again'))]) {
			const recalled = [await one.mail.recall('draft', ['a'])];
			await two.mail.commit([change]);
			const writing = one.mail.update('refusal', ['expired'], increment, { recalled });
			await expect(writing).rejects.toThrow(Overtaken);
			expect(await two.mail.get('refusal', ['expired'])).toBeNull();
			const again = await one.mail.recall('draft', ['a']);
			expect(again.row).toEqual(await two.mail.get('draft', ['a']));
		}
		const recalled = [await one.mail.recall('draft', ['a'])];
		await one.mail.update('refusal', ['expired'], increment, { recalled });
		expect((await two.mail.get('refusal', ['expired']))?.count).toBe(1);
	});

	it('holds what was recalled to what it was then, whatever was read since', async () => {
		const [one, two] = await openTabs(makeProfile);
		const recalled = [await one.mail.recall('draft', ['a'])];
		await two.mail.commit([put(draft('a'))]);
		await one.mail.get('draft', ['a']);
		const writing = one.mail.update('refusal', ['expired'], increment, { recalled });
		await expect(writing).rejects.toThrow(Overtaken);
	});

	it('recalls all rows of a table, and none of them when it was written again as it was', async () => {
		const [one, two] = await openTabs(makeProfile);
		const [a, b] = [draft('a', 'mine'), draft('b', 'mine')];
		await one.mail.commit([put(a), put(b)]);
		await two.mail.commit([put(draft('c', 'theirs'))]);
		const all = await one.mail.recallAll('draft');
		expect(all.map(({ row }) => row?.id).sort()).toEqual(['a', 'b', 'c']);
		await two.mail.commit([put(a)]);
		const upon = (id: string) => ({ recalled: all.filter(({ row }) => row?.id === id) });
		const writing = one.mail.update('refusal', ['expired'], increment, upon('a'));
		await expect(writing).rejects.toThrow(Overtaken);
		for (const id of ['b', 'c']) {
			await one.mail.update('refusal', ['expired'], increment, upon(id));
		}
		expect((await two.mail.get('refusal', ['expired']))?.count).toBe(2);
	});

	it('takes a row for absent without a look, and finds out where it is not', async () => {
		const [one, two] = await openTabs(makeProfile);
		const absent = await one.mail.presume('draft', ['a']);
		expect(absent.row).toBeNull();
		await one.mail.update('refusal', ['expired'], increment, { recalled: [absent] });
		await two.mail.commit([put(draft('a', 'theirs'))]);
		const mistaken = await one.mail.presume('draft', ['a']);
		const writing = one.mail.update('refusal', ['expired'], increment, { recalled: [mistaken] });
		await expect(writing).rejects.toThrow(Overtaken);
		expect((await two.mail.get('refusal', ['expired']))?.count).toBe(1);
		const known = await one.mail.presume('draft', ['a']);
		expect(known.row).toEqual(await two.mail.get('draft', ['a']));
		await one.mail
			.update('refusal', ['expired'], increment, { recalled: [known, mistaken, known] })
			.then(
				() => expect.unreachable('one of them saw it otherwise'),
				(problem: unknown) => expect(problem).toBeInstanceOf(Overtaken)
			);
	});

	it('says that it is stored before anybody is told, and never of what is not', async () => {
		const [one, two] = await openTabs(makeProfile);
		const said: string[] = [];
		const { promise: told, resolve } = Promise.withResolvers<undefined>();
		one.mail.subscribe(() => {
			said.push('told');
			resolve(undefined);
		});
		const stale = await one.mail.recall('draft', ['a']);
		const onStored = (): void => void said.push('stored');
		await one.mail.update('refusal', ['expired'], increment, { onStored });
		await told;
		expect(said).toEqual(['stored', 'told']);
		await two.mail.commit([put(draft('a'))]);
		const writing = one.mail.update('refusal', ['expired'], increment, {
			recalled: [stale],
			onStored
		});
		await expect(writing).rejects.toThrow(Overtaken);
		await one.mail.update('refusal', ['expired'], () => [], { onStored });
		expect(said.filter((word) => word === 'stored')).toHaveLength(1);
	});

	it('loses nothing between tabs that decide on what they recall', async () => {
		const tabs = await openTabs(makeProfile);
		const addOne = async ({ mail }: Tab, key: string): Promise<void> => {
			const sum = await mail.recall('refusal', ['sum']);
			const put = { reason: 'expired', count: (sum.row?.count ?? 0) + 1, lastAt: 0 } as const;
			const changes = (row: RefusalRecord | null): Change[] => [
				...increment(row),
				{ table: 'refusal', key: ['sum'], put }
			];
			try {
				await mail.update('refusal', [key], changes, { recalled: [sum] });
			} catch (problem) {
				if (!(problem instanceof Overtaken)) throw problem;
				await addOne({ mail } as Tab, key);
			}
		};
		const turns = Array.from({ length: 24 }, (_, i) => i);
		await Promise.all(turns.map((i) => addOne(tabs[i % 2] as Tab, 'expired')));
		expect((await tabs[1].mail.get('refusal', ['sum']))?.count).toBe(turns.length);
		expect((await tabs[0].mail.get('refusal', ['expired']))?.count).toBe(turns.length);
	});

	it('writes nothing when the decision throws', async () => {
		const { mail } = await openTab(makeProfile);
		const fail = () => {
			throw new RangeError('no');
		};
		await expect(mail.update('draft', ['a'], fail)).rejects.toThrow(RangeError);
		expect(await mail.list('draft')).toEqual([]);
	});
}

function describeSubscribe(makeProfile: MakeProfile): void {
	it('tells every tab which tables a commit has touched', async () => {
		const [one, two] = await openTabs(makeProfile);
		const heard = Promise.all([nextChange(one.mail), nextChange(two.mail)]);
		await one.mail.commit([put(draft('a')), { table: 'setting', key: ['s'], put: { value: 1 } }]);
		const both = new Set(['draft', 'setting']);
		expect(await heard).toEqual([both, both]);
	});

	it('shows the rows to whoever is told', async () => {
		const [one, two] = await openTabs(makeProfile);
		const seen = nextChange(two.mail).then(() => two.mail.get('refusal', ['expired']));
		await one.mail.update('refusal', ['expired'], increment);
		expect((await seen)?.count).toBe(1);
	});

	it('tells its own tab what was written, and the others that something was', async () => {
		const [one, two] = await openTabs(makeProfile);
		const own = nextWrites(one.mail);
		const others = nextWrites(two.mail);
		const changes = [put(draft('a'))];
		await one.mail.commit(changes);
		expect(await own).toEqual(changes);
		expect(await others).toBeNull();
	});

	it('tells nobody of nothing, nor one who has left', async () => {
		const { mail } = await openTab(makeProfile);
		const heard: string[] = [];
		const leave = mail.subscribe(() => heard.push('left'));
		mail.subscribe((changed) => heard.push(...changed));
		leave();
		await mail.commit([]);
		await mail.update('draft', ['a'], () => []);
		await mail.commit([put(draft('a'))]);
		await mail.get('draft', ['a']);
		expect(heard).toEqual(['draft']);
	});
}

function describeBlocks(makeProfile: MakeProfile): void {
	it('gives back what was put, and null for what was not', async () => {
		const { blocks } = await openTab(makeProfile);
		const [a, b, c] = [block(1), block(256 * 1024), block(3)];
		await blocks.put([a, b]);
		expect(await blocks.get(a.id)).toEqual(a.data);
		expect(await blocks.get(b.id)).toEqual(b.data);
		expect(await blocks.get(c.id)).toBeNull();
		expect([await blocks.has(a.id), await blocks.has(c.id)]).toEqual([true, false]);
		expect(await blocks.missing([c.id, a.id, block(4).id])).toEqual([c.id, block(4).id]);
		expect(await blocks.missing([])).toEqual([]);
	});

	it('takes a block twice, and a view of a larger buffer', async () => {
		const { blocks } = await openTab(makeProfile);
		const { id, data } = block(100);
		const buffer = new Uint8Array(1000);
		buffer.set(data, 500);
		await blocks.put([{ id, data: buffer.subarray(500, 600) }]);
		await blocks.put([{ id, data }]);
		expect(await blocks.get(id)).toEqual(data);
	});

	it('removes', async () => {
		const { blocks } = await openTab(makeProfile);
		const [a, b] = [block(1), block(2)];
		await blocks.put([a, b]);
		await blocks.remove([a.id, block(9).id]);
		expect([await blocks.has(a.id), await blocks.has(b.id)]).toEqual([false, true]);
		await blocks.put([]);
		await blocks.remove([]);
	});

	it('says that there is no room, and has written nothing', async () => {
		const { profile, blocks } = await openTab(makeProfile);
		await blocks.put([block(5)]);
		await profile.fill(true);
		const list = Array.from({ length: 8 }, (_, i) => block(256 * 1024 - i));
		await expect(blocks.put(list)).rejects.toThrow(StorageFull);
		for (const { id } of list) expect(await blocks.has(id)).toBe(false);
		expect(await blocks.get(block(5).id)).toEqual(block(5).data);
		await profile.fill(false);
		await blocks.put(list);
		expect(await blocks.has(list[7]!.id)).toBe(true);
	});
}

async function openTabs(makeProfile: MakeProfile): Promise<readonly [Tab, Tab]> {
	const { profile, ...one } = await openTab(makeProfile);
	const two = profile.open();
	onTestFinished(() => two.close?.());
	return [one, two];
}

async function openTab(makeProfile: MakeProfile): Promise<Tab & { readonly profile: Profile }> {
	const profile = await makeProfile();
	const tab = profile.open();
	onTestFinished(async () => {
		await profile.fill(false);
		tab.close?.();
		await profile.end();
	});
	return { profile, mail: tab.mail, blocks: tab.blocks, close: tab.close };
}

function nextChange(mail: MailStore): Promise<ReadonlySet<string>> {
	return new Promise((resolve) => {
		const leave = mail.subscribe((changed) => {
			leave();
			resolve(changed);
		});
	});
}

function nextWrites(mail: MailStore): Promise<readonly Change[] | null> {
	return new Promise((resolve) => {
		const leave = mail.subscribe((_, writes) => {
			leave();
			resolve(writes);
		});
	});
}

function draft(id: string, subject = ''): DraftRecord {
	const none: readonly string[] = [];
	const people = { to: none, cc: none, bcc: none };
	return { id, kind: 'new', ...people, subject, html: '', text: '', files: [], savedAt: 1 };
}

function put(row: DraftRecord): Change {
	return { table: 'draft', key: [row.id], put: row };
}

/** 1 MB of text. */
function large(id: string): Change {
	return put({ ...draft(id), text: 'x'.repeat(1_000_000) });
}

function removal(id: string): Change {
	return { table: 'draft', key: [id], remove: true };
}

function entry(size: number): EntryRecord {
	return { header: new Uint8Array(size).fill(9), body: Uint8Array.of(1), wraps: [] };
}

function sizesOf(rows: readonly EntryRecord[]): number[] {
	return rows.map(({ header }) => header.length).sort((a, b) => a - b);
}

function increment(row: RefusalRecord | null): Change[] {
	const count = (row?.count ?? 0) + 1;
	return [{ table: 'refusal', key: ['expired'], put: { reason: 'expired', count, lastAt: 0 } }];
}

function block(size: number) {
	const data = new Uint8Array(size).fill(size % 251);
	return { id: cidToBlockId(cidOfRaw(data)), data };
}
