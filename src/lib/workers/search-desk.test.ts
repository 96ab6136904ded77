/** Several workers keep one index: whoever of them ends, and whenever, all mail is found, and none twice. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryDisk, type MemoryDisk } from '../../../tests/conformance/memory-store.ts';
import { createDesk, messageIn, NOW } from '../../../tests/mailbox/records.ts';
import type { MessagePlace, MessageShelf } from '../mailbox/ports.ts';
import { StorageFull, type Change, type MailStore } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Query } from '../search/query.ts';
import { placeToMark } from '../search/marks.ts';
import { decodeSegment, type Segment } from '../search/segment.ts';
import { exportIndex, importIndex } from '../search/transfer.ts';
import { DamagedRow } from '../store/vault.ts';
import { concat, toHex, utf8 } from '../wire/bytes.ts';
import {
	bytesToMessageId,
	idToCid,
	messageIdToBytes,
	type MessageId,
	type ThreadId
} from '../wire/ids.ts';
import { SearchDesk } from './search-desk.ts';
import { StoredIndex } from './search-stored.ts';
import type { Found, IndexState } from './search-words.ts';

const MANY = 9_000;
/** On a machine that does much else. */
const PATIENCE_MS = 60_000;
const TEA: Query = { kind: 'words', field: 'any', tokens: ['tea'], isWhole: true };

let faults: unknown[];

vi.setConfig({ testTimeout: PATIENCE_MS });

beforeEach(() => {
	faults = [];
	vi.stubGlobal('reportError', (fault: unknown) => faults.push(fault));
});

afterEach(() => {
	vi.unstubAllGlobals();
	expect(faults).toEqual([]);
});

test('what one worker indexes, all find; and all say how far it is', async () => {
	const browser = await openBrowser(MANY);
	const [writer, reader] = [browser.openTab(), browser.openTab()];
	await writer.settled();
	await reader.settled();
	const told = reader.states.filter(({ isReady }) => isReady);
	expect(told.find(({ isWorking }) => isWorking)).toMatchObject({ indexed: 0, total: MANY });
	expect(told.at(-1)).toMatchObject({ indexed: MANY, total: MANY, isWorking: false });
	for (const { indexed, total } of told) expect(total - indexed).toBeGreaterThanOrEqual(0);
	await browser.write(saying(MANY, 'tea'));
	await writer.settled();
	await reader.settled();
	expect(await writer.find(TEA)).toEqual([idOf(MANY)]);
	expect(await reader.find(TEA)).toEqual([idOf(MANY)]);
});

test.each([0, 1, 2, 3])('its writer ends after %i writes: the next goes on', async (writes) => {
	const browser = await openBrowser(MANY);
	const first = browser.openTab(writes);
	await first.ended;
	const second = browser.openTab();
	await second.settled();
	const { segments, marks } = await browser.stored();
	expect(marks).toHaveLength(MANY);
	expect(new Set(marks).size).toBe(MANY);
	expect(second.states.at(-1)).toMatchObject({ indexed: MANY, total: MANY, isWorking: false });
	// What it had written was not made again: the names of its segments are still there.
	for (const name of first.stored) expect(segments).toContain(name);
	expect(first.stored.length > 0).toBe(writes > 1);
});

test('while the writer works another waits, and takes over what is left', async () => {
	const browser = await openBrowser(MANY);
	const first = browser.openTab(2);
	const second = browser.openTab();
	await first.ended;
	const isWhole = () => expect(second.states.at(-1)).toMatchObject({ indexed: MANY });
	await vi.waitFor(isWhole, { timeout: PATIENCE_MS });
	await second.settled();
	expect(new Set((await browser.stored()).marks).size).toBe(MANY);
});

test('on a full disk it answers from memory, and what goes leaves no word in storage', async () => {
	const browser = await openBrowser(0);
	await browser.write(saying(1, 'tea and hawthorn'), saying(2, 'tea'));
	const tab = browser.openTab();
	await tab.settled();
	expect(await browser.holds('hawthorn')).toBe(true);
	browser.disk.isFull = true;
	await browser.remove(1);
	await tab.settled();
	expect(await tab.find(TEA)).toEqual([idOf(2)]);
	browser.disk.isFull = false;
	await browser.write(saying(3, 'tea'));
	await tab.settled();
	expect(await browser.holds('hawthorn')).toBe(false);
	expect((await browser.stored()).marks).toHaveLength(2);
});

test('where there is no room to index, the words of what went go all the same', async () => {
	const browser = await openBrowser(0);
	await browser.write(saying(1, 'tea and hawthorn'), saying(2, 'tea'));
	const tab = browser.openTab();
	await tab.settled();
	browser.isFullOfSegments = true;
	await browser.remove(1);
	await tab.settled();
	expect(await browser.holds('hawthorn')).toBe(false);
	expect(await tab.find(TEA)).toEqual([idOf(2)]);
	browser.isFullOfSegments = false;
	await browser.write(saying(3, 'tea'));
	await tab.settled();
	expect((await browser.stored()).marks).toHaveLength(2);
});

test('what was refused is found when another tab has taken it', async () => {
	const browser = await openBrowser(0);
	await browser.write({ ...saying(1, 'tea'), refused: 'wrong-hash' }, saying(2, 'cake'));
	const tab = browser.openTab();
	await tab.settled();
	expect(await tab.find(TEA)).toEqual([]);
	await browser.write(saying(1, 'tea'));
	await tab.settled();
	expect(await tab.find(TEA)).toEqual([idOf(1)]);
});

test('what this page changed counts also where others wrote at the same time', async () => {
	const browser = await openBrowser(0);
	await browser.write(saying(1, 'tea'), saying(2, 'tea'));
	const tab = browser.openTab();
	await tab.settled();
	await browser.write({ ...saying(1, 'tea'), isWithdrawn: true });
	tab.desk.hear({ type: 'touched', messages: [saying(1, '')] });
	await tab.settled();
	const { silent } = await browser.stored();
	expect(silent).toBe(1);
	expect(await tab.find(TEA)).toEqual([idOf(2)]);
});

test('a damaged segment is made anew; a damaged message is left out, and nothing else', async () => {
	const browser = await openBrowser(0);
	await browser.write(saying(1, 'tea'), saying(2, 'tea'), saying(3, 'tea'));
	await browser.openTab().settled();
	const [damaged] = (await browser.stored()).segments;
	browser.endAll();
	browser.damage(damaged ?? '', nameOf(saying(2, '')));
	const tab = browser.openTab();
	await tab.settled();
	expect(await tab.find(TEA)).toEqual([idOf(3), idOf(1)]);
	expect(new Set((await browser.stored()).marks).size).toBe(2);
	expect((await browser.stored()).segments).not.toContain(damaged);
});

test('an index that came from another device is not made again', async () => {
	const [old, fresh] = [await openBrowser(MANY), await openBrowser(MANY)];
	await old.openTab().settled();
	const desk = createDesk();
	const sealed = await exportIndex(desk, desk.blocks, (await old.stored()).read);
	const file = { ...sealed, name: 'index', type: '', manifest: idToCid(sealed.manifest) };
	await fresh.write(saying(MANY, 'tea'));
	const here = new Set(fresh.places.keys());
	const markOf = (thread: ThreadId, id: MessageId) =>
		Promise.resolve(here.has(nameOf({ thread, id })) ? placeToMark(placeOf(thread, id)) : null);
	const segments = new Map<string, Segment>();
	for await (const each of importIndex(desk, desk.blocks, file, markOf)) {
		segments.set(`came ${String(segments.size)}`, each);
	}
	await new StoredIndex(fresh.mail).write({ segments, missing: 0 });
	const tab = fresh.openTab();
	await tab.settled();
	expect(tab.states.at(-1)).toMatchObject({ indexed: MANY + 1, isWorking: false });
	expect(tab.read).toEqual([nameOf(saying(MANY, ''))]);
	expect(await tab.find(TEA)).toEqual([idOf(MANY)]);
});

type Changes = readonly Change[];

let all: MessageRecord[] = [];

function many(): readonly MessageRecord[] {
	if (all.length === 0) all = Array.from({ length: MANY }, (_, at) => saying(at, `word${at % 99}`));
	return all;
}

/** One profile: a disk, a lock, tabs that hear of each other's writes. */
async function openBrowser(count: number) {
	const disk = createMemoryDisk();
	const { mail } = disk.open();
	const browser = new Browser(disk, mail);
	await browser.write(...many().slice(0, count));
	return browser;
}

class Browser {
	readonly disk: MemoryDisk;
	readonly mail: MailStore;
	/** Segments find no room, smaller rows do. */
	isFullOfSegments = false;
	readonly #damaged = new Set<string>();
	readonly #tabs: { readonly end: () => void }[] = [];
	readonly places = new Map<
		string,
		Pick<MessageRecord, 'thread' | 'id'> & { place: MessagePlace }
	>();
	#lock: Promise<unknown> = Promise.resolve();

	constructor(disk: MemoryDisk, mail: MailStore) {
		this.disk = disk;
		this.mail = mail;
	}

	async write(...mails: readonly MessageRecord[]): Promise<void> {
		for (const { thread, id } of mails) {
			this.places.set(nameOf({ thread, id }), { thread, id, place: placeOf(thread, id) });
		}
		await this.mail.commit(
			mails.map((each) => ({ table: 'message', key: [each.thread, each.id], put: each }))
		);
	}

	async remove(number: number): Promise<void> {
		const { thread, id } = saying(number, '');
		this.places.delete(nameOf({ thread, id }));
		await this.mail.commit([{ table: 'message', key: [thread, id], remove: true }]);
	}

	/** Rows of these names do not open any more. */
	damage(...names: readonly string[]): void {
		for (const name of names) this.#damaged.add(name);
	}

	endAll(): void {
		for (const { end } of this.#tabs) end();
	}

	/** @param endsAfter writes: the last is on the disk, and its writer does not hear of it */
	openTab(endsAfter = Infinity) {
		const { mail } = this.disk.open();
		const ended = Promise.withResolvers<undefined>();
		const states: IndexState[] = [];
		const stored: string[] = [];
		const read: string[] = [];
		const answers = new Map<number, (found: Found) => void>();
		let [isOpen, writes, asked] = [true, 0, 0];
		const end = () => {
			isOpen = false;
			ended.resolve(undefined);
		};
		const alive = <T>(work: () => Promise<T>): Promise<T> =>
			isOpen ? work().then((value) => (isOpen ? value : never())) : never();
		const store: Pick<MailStore, 'list' | 'commit'> = {
			list: (table, prefix) =>
				alive(async () => {
					if (this.#damaged.has(prefix?.[0] ?? '')) throw new DamagedRow('damaged');
					return mail.list(table, prefix);
				}),
			commit: (changes) =>
				alive(async () => {
					if (writes === endsAfter) return (end(), never());
					if (this.isFullOfSegments && namesIn(changes).length > 0) throw new StorageFull('full');
					await mail.commit(changes);
					stored.push(...namesIn(changes));
					if (++writes === endsAfter) end();
				})
		};
		const alone = (work: () => Promise<void>) => {
			const turn = this.#lock.then(() => Promise.race([isOpen ? work() : null, ended.promise]));
			this.#lock = turn;
			return turn.then(() => undefined);
		};
		const desk = new SearchDesk({
			...{ store, alone, messages: this.#shelf(alive, read) },
			random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
			rest: () => new Promise((resolve) => setImmediate(resolve)),
			say: (word) => {
				if (!isOpen) return;
				if (word.type === 'state') states.push(word);
				else answers.get(word.number)?.(word);
			}
		});
		mail.subscribe((changed) => {
			if (!isOpen) return;
			if (changed.has('search')) desk.hear({ type: 'reload' });
			if (changed.has('message')) desk.hear({ type: 'look' });
		});
		void desk.open();
		this.#tabs.push({ end });
		return {
			...{ desk, states, stored, read, ended: ended.promise },
			async settled() {
				for (let turn = 0; turn < 4; turn++) {
					await new Promise((resolve) => setImmediate(resolve));
					await desk.settled();
				}
			},
			async find(query: Query): Promise<MessageId[]> {
				const number = ++asked;
				const found = new Promise<Found>((resolve) => answers.set(number, resolve));
				desk.hear({ type: 'find', number, query, threads: [], without: [], limit: 50 });
				return (await found).hits.map(({ id }) => id);
			}
		};
	}

	/** What stands in storage: names and contents of the segments in force. */
	async stored() {
		const rows = await this.mail.list('search');
		const segments = rows.find(({ name }) => name === 'list')?.list ?? [];
		expect(rows.flatMap(({ name, bytes }) => (bytes ? [name] : [])).sort()).toEqual(
			segments.toSorted()
		);
		const read = rows.flatMap(({ bytes }) => (bytes && decodeSegment(bytes)) ?? []);
		const silent = read.flatMap(({ order }) => [...order].filter((each) => each < 0)).length;
		return { read, segments, marks: read.flatMap(({ marks }) => [...marks]), silent };
	}

	async holds(word: string): Promise<boolean> {
		const rows = await this.mail.list('search');
		return rows.some(({ bytes }) => bytes && toHex(bytes).includes(toHex(utf8(`${word}\n`))));
	}

	/** @param read gets the names of the rows that are asked for */
	#shelf(alive: <T>(work: () => Promise<T>) => Promise<T>, read: string[]): MessageShelf {
		return {
			places: () => alive(async () => [...this.places.values()].map(({ place }) => place)),
			placeOf: (thread, id) => Promise.resolve(placeOf(thread, id)),
			threadPlace: (thread) => Promise.resolve(placeOf(thread, idOf(0)).subarray(0, 17)),
			read: (places) =>
				alive(async () => {
					await new Promise((resolve) => setImmediate(resolve)); // others get their turn
					const names = places.map((place) => toHex(place));
					read.push(...names);
					if (names.some((name) => this.#damaged.has(name))) throw new DamagedRow('damaged');
					return Promise.all(
						names.map(async (name) => {
							const { thread = '', id = '' } = this.places.get(name) ?? {};
							return this.mail.get('message', [thread, id]);
						})
					);
				})
		};
	}
}

function namesIn(changes: Changes): string[] {
	return changes.flatMap((change) =>
		'put' in change && 'bytes' in change.put && change.table === 'search' ? change.key : []
	);
}

/** Each in a thread of its own. */
function saying(number: number, text: string): MessageRecord {
	const fields = { order: NOW + number, mail: { text, subject: '' } };
	return { ...messageIn(`thread ${String(number)}`, 1, fields), id: idOf(number) };
}

function idOf(number: number): MessageId {
	const bytes = new Uint8Array(16);
	new DataView(bytes.buffer).setUint32(0, number + 1);
	return bytesToMessageId(bytes);
}

function nameOf({ thread, id }: Pick<MessageRecord, 'thread' | 'id'>): string {
	return toHex(placeOf(thread, id));
}

/** As the store's, but not blinded. */
function placeOf(thread: ThreadId, id: MessageId): MessagePlace {
	return concat(Uint8Array.of(6), utf8(thread.slice(-16)), messageIdToBytes(id));
}

function never(): Promise<never> {
	return new Promise(() => undefined);
}
