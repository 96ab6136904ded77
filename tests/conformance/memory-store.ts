/**
 * The storage ports in memory, for the simulator: a disk that outlives the processes that run on it,
 * can be full, and can lose its power between two writes.
 */

import {
	Overtaken,
	RingAway,
	StorageFull,
	type BlockStore,
	type Change,
	type Key,
	type KeyRing,
	type MailStore,
	type Recalled
} from '../../src/lib/post/ports.ts';
import type { TableName, Tables } from '../../src/lib/post/records.ts';
import { bytesToRow, rowToBytes } from '../../src/lib/store/rows.ts';
import { withTouched } from '../../src/lib/store/touched.ts';
import { underOf } from '../../src/lib/store/under.ts';
import type { BlockId } from '../../src/lib/wire/ids.ts';
import { createMemoryRing, type MemoryRing } from './memory-ring.ts';

export interface MemoryDisk {
	/** What a process finds that starts now. Several may run at once: tabs of one profile. */
	open(): { readonly mail: MailStore; readonly blocks: BlockStore; readonly ring: KeyRing };
	/** The same for all processes; it loses nothing when the power goes. */
	readonly ring: MemoryRing;
	/**
	 * The power goes when `count` more writes (commits, updates that write, block puts, removals) are
	 * on the disk: the last of them is there, but nobody hears of it; with 0 the next one is not there.
	 * Of the processes that are open then nothing happens any more: no promise of theirs settles.
	 * `onCrash` runs in a microtask; after that, `open` begins again.
	 */
	crashAfter(count: number, onCrash: () => void): void;
	/** The power goes now. */
	crash(): void;
	/** While true each write that would add something throws `StorageFull`. */
	isFull: boolean;
	/** Writes so far, as `crashAfter` counts them. */
	readonly writes: number;
}

/** `place`: where it stands in a list. */
type Row = readonly [key: Key, bytes: Uint8Array, place: string];
type BlockWrite = readonly [id: BlockId, data: Uint8Array | null];
type Listener = Parameters<MailStore['subscribe']>[0];
/** Runs `work` later, and only while the power of the asking process is there. */
type Answer = <T>(work: () => T) => Promise<T>;

/**
 * @param below a whole number from 0 to `count` − 1: how many of the block writes since the last
 * commit outlive a crash, the oldest first, as of a log file that loses its end. Default: none.
 */
export function createMemoryDisk(below: (count: number) => number = () => 0): MemoryDisk {
	const power = createPower();
	const rows = createRows();
	const blocks = createBlocks();
	const listeners = createListeners();
	const ring = createMemoryRing();
	power.onLoss(() => {
		blocks.lose(below);
		listeners.clear();
	});
	const disk = {
		ring,
		isFull: false,
		get writes() {
			return power.writes;
		},
		crashAfter: (count: number, onCrash: () => void) => power.endAfter(count, onCrash),
		crash: () => power.end(),
		open: () => {
			const answer = power.join();
			const requireRoom = (isNeeded: boolean) => {
				if (disk.isFull && isNeeded) throw new StorageFull('the disk is full');
			};
			return { mail: openMail(answer, requireRoom), blocks: openBlocks(answer, requireRoom), ring };
		}
	};
	return disk;

	function openMail(answer: Answer, requireRoom: (isNeeded: boolean) => void): MailStore {
		const me = {};
		const write = (
			changes: readonly Change[],
			list = withTouched(changes).map(encodeChange),
			onStored?: () => void
		) => {
			if (list.length === 0) return;
			requireRoom(list.some(({ bytes }) => bytes !== null));
			const isDone = power.write(() => {
				rows.apply(list);
				blocks.sync();
			});
			if (isDone && onStored !== undefined) queueMicrotask(onStored);
			if (isDone) listeners.wake(new Set(list.map(({ table }) => table)), changes, me);
		};
		/** As this process saw them last. */
		const seen = new Map<string, Uint8Array | null>();
		const nameOf = (table: TableName, key: Key) => `${table}/${keyToText(key)}`;
		const see = (table: TableName, key: Key) => {
			const bytes = rows.get(table, key);
			seen.set(nameOf(table, key), bytes);
			return bytes;
		};
		const recalledAs = new WeakMap<Recalled, () => boolean>();
		const recallAs = <T extends TableName>(table: T, key: Key, bytes: Uint8Array | null) => {
			const recalled = { row: bytes && toRow(table, bytes) };
			recalledAs.set(recalled, () => see(table, key) === bytes);
			return recalled;
		};
		return {
			get: (table, key) =>
				answer(() => {
					const bytes = see(table, key);
					return bytes && toRow(table, bytes);
				}),
			recall: (table, key) =>
				answer(() => {
					const known = seen.get(nameOf(table, key));
					return recallAs(table, key, known === undefined ? see(table, key) : known);
				}),
			presume: (table, key) =>
				answer(() => recallAs(table, key, seen.get(nameOf(table, key)) ?? null)),
			recallAll: (table) =>
				answer(() => rows.list(table, []).map(([key, bytes]) => recallAs(table, key, bytes))),
			list: (table, prefix = []) =>
				answer(() => rows.list(table, prefix).flatMap(([, bytes]) => toRow(table, bytes) ?? [])),
			takesLocks: () => false,
			async commit(list) {
				const encoded = withTouched(list).map(encodeChange);
				return answer(() => {
					write(list, encoded);
					for (const change of list) see(change.table, change.key);
				});
			},
			update: (table, key, decide, { recalled = [], onStored } = {}) =>
				answer(() => {
					const bytes = see(table, key);
					const list = decide(bytes && toRow(table, bytes));
					const isStill = recalled.map((each) => recalledAs.get(each)?.() ?? true);
					if (list.length > 0 && isStill.includes(false)) throw new Overtaken('another wrote');
					write(list, undefined, onStored);
					for (const change of list) see(change.table, change.key);
				}),
			subscribe: (listener) => listeners.add(listener, me)
		};
	}

	function toRow<T extends TableName>(table: T, bytes: Uint8Array): Tables[T] | null {
		const row = readRow(table, bytes);
		const under = underOf(row);
		if (under === null) return row;
		if (ring.isAway) throw new RingAway('away');
		return ring.isLive(under) ? row : null;
	}

	function openBlocks(answer: Answer, requireRoom: (isNeeded: boolean) => void): BlockStore {
		const write = (list: readonly BlockWrite[]) =>
			answer(() => {
				if (list.length === 0) return;
				requireRoom(list.some(([, data]) => data !== null));
				power.write(() => blocks.apply(list));
			});
		return {
			has: (id) => answer(() => blocks.get(id) !== null),
			get: (id) => answer(() => blocks.get(id)?.slice() ?? null),
			missing: (ids) => answer(() => ids.filter((id) => blocks.get(id) === null)),
			put: (list) => write(list.map(({ id, data }) => [id, data.slice()])),
			remove: (ids) => write(ids.map((id) => [id, null]))
		};
	}
}

function createPower() {
	const losses: (() => void)[] = [];
	let generation = 0;
	let writes = 0;
	let planned: { readonly at: number; readonly onCrash: () => void } | null = null;
	const end = () => {
		generation++;
		for (const loss of losses) loss();
		if (planned) queueMicrotask(planned.onCrash);
		planned = null;
	};
	return {
		end,
		onLoss: (loss: () => void) => losses.push(loss),
		get writes() {
			return writes;
		},
		endAfter(count: number, onCrash: () => void) {
			planned = { at: writes + count, onCrash };
		},
		/** `false`: the power went before anybody could hear of the write. */
		write(apply: () => void): boolean {
			const isLost = planned?.at === writes;
			if (!isLost) {
				apply();
				writes++;
			}
			const isLast = planned?.at === writes;
			if (isLast) end();
			return !isLast;
		},
		join(): Answer {
			const born = generation;
			return async (work) => {
				await null; // as IndexedDB: never in the turn of the call
				if (born !== generation) return never();
				const value = work();
				return born === generation ? value : never();
			};
		}
	};
}

function never(): Promise<never> {
	return new Promise(() => undefined);
}

interface EncodedChange {
	readonly table: TableName;
	readonly key: Key;
	/** Canonical, so that what is read is never the object that was written; `null`: remove. */
	readonly bytes: Uint8Array | null;
}

function encodeChange(change: Change): EncodedChange {
	const { table, key } = change;
	return { table, key, bytes: 'remove' in change ? null : rowToBytes(change.put) };
}

/** By the bytes that it was written as: to copy it takes a part of the time of reading it. */
const readBefore = new WeakMap<Uint8Array, object>();

function readRow<T extends TableName>(table: T, bytes: Uint8Array): Tables[T] {
	const known = readBefore.get(bytes) as Tables[T] | undefined;
	const row = known ?? bytesToRow(table, bytes);
	if (known === undefined) readBefore.set(bytes, row);
	return copyOf(row);
}

/** Of plain data, to its depths; a CID is nobody's to change. */
function copyOf<T>(value: T): T;
function copyOf(value: unknown): unknown {
	if (value === null || typeof value !== 'object') return value;
	if (value instanceof Uint8Array) return value.slice();
	if (Array.isArray(value)) return value.map((part: unknown) => copyOf(part));
	if (Object.getPrototypeOf(value) !== Object.prototype) return value;
	return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}

function createRows() {
	const tables = new Map<TableName, Map<string, Row>>();
	return {
		get: (table: TableName, key: Key) => tables.get(table)?.get(keyToText(key))?.[1] ?? null,
		/** In an order that is always the same and never the one that anybody hoped for. */
		list: (table: TableName, prefix: Key) =>
			[...(tables.get(table) ?? [])]
				.filter(([, [key]]) => prefix.every((part, i) => part === key[i]))
				.sort(([, [, , a]], [, [, , b]]) => (a < b ? -1 : 1))
				.map(([, row]) => row),
		apply(list: readonly EncodedChange[]) {
			for (const { table, key, bytes } of list) {
				const rows = tables.get(table) ?? new Map<string, Row>();
				tables.set(table, rows);
				if (bytes === null) rows.delete(keyToText(key));
				else rows.set(keyToText(key), [key, bytes, backwards(keyToText(key))]);
			}
		}
	};
}

function keyToText(key: Key): string {
	return JSON.stringify(key);
}

function backwards(text: string): string {
	return [...text].reverse().join('');
}

function createBlocks() {
	const synced = new Map<BlockId, Uint8Array>();
	let unsynced: BlockWrite[] = [];
	const sync = (list: readonly BlockWrite[]) => {
		for (const [id, data] of list) {
			if (data === null) synced.delete(id);
			else synced.set(id, data);
		}
		unsynced = [];
	};
	return {
		get(id: BlockId): Uint8Array | null {
			const latest = unsynced.findLast(([written]) => written === id);
			return latest === undefined ? (synced.get(id) ?? null) : latest[1];
		},
		apply(list: readonly BlockWrite[]) {
			unsynced.push(...list);
		},
		/** A commit flushes what was written before it. */
		sync: () => sync(unsynced),
		lose: (below: (count: number) => number) => sync(unsynced.slice(0, below(unsynced.length + 1)))
	};
}

function createListeners() {
	/** With the process that each belongs to. */
	const listeners = new Map<Listener, object>();
	return {
		add(listener: Listener, owner: object) {
			const own: Listener = (changed, writes) => listener(changed, writes);
			listeners.set(own, owner);
			return () => listeners.delete(own);
		},
		clear: () => listeners.clear(),
		wake(changed: ReadonlySet<TableName>, writes: readonly Change[], writer: object) {
			for (const [listener, owner] of listeners) {
				queueMicrotask(() => {
					if (listeners.has(listener)) listener(changed, owner === writer ? writes : null);
				});
			}
		}
	};
}
