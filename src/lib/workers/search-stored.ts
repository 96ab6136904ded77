/** The search index as it is stored: a row for each segment, and one that lists those in force. */

import { StorageFull, type Change, type MailStore } from '../post/ports.ts';
import type { SearchRecord } from '../post/records.ts';
import { decodeSegment, encodeSegment, type Segment } from '../search/segment.ts';
import { isUnreadable } from './search-answer.ts';

const LIST = 'list';

export type Segments = ReadonlyMap<string, Segment>;

interface Stored {
	readonly segments: Segments;
	/** Messages that its writer had yet to read when it wrote this. */
	readonly missing: number;
}

export class StoredIndex {
	readonly #store: Pick<MailStore, 'list' | 'commit'>;
	/** Names of the segments that stand in storage, as far as this worker knows. */
	#names: ReadonlySet<string> = new Set();
	#missing = 0;

	constructor(store: Pick<MailStore, 'list' | 'commit'>) {
		this.#store = store;
	}

	/** One that cannot be read is as if it were not there. `known` are not read again: they never change. */
	async read(known: Segments): Promise<Stored> {
		const list = await this.#row(LIST);
		const names = list?.list ?? [];
		const segments = new Map<string, Segment>();
		for (const name of names) {
			const segment = known.get(name) ?? (await this.#segment(name));
			if (segment !== null) segments.set(name, segment);
		}
		this.#names = new Set(names);
		this.#missing = list?.missing ?? 0;
		return { segments, missing: this.#missing };
	}

	/**
	 * All that is in memory and not in storage, and the other way round, in one transaction. Where the disk is
	 * full, only what is to go goes: the rest is in memory, and can be made anew; mail needs the room more.
	 */
	async write({ segments, missing }: Stored): Promise<void> {
		const fresh = [...segments].filter(([name]) => !this.#names.has(name));
		const old = [...this.#names].filter((name) => !segments.has(name));
		if (fresh.length === 0 && old.length === 0 && missing === this.#missing) return;
		const isStored = await this.#commit(fresh, old, [...segments.keys()], missing);
		if (isStored || old.length === 0) return;
		const kept = [...this.#names].filter((name) => segments.has(name));
		await this.#commit([], old, kept, missing);
	}

	/** `false`: there is no room. */
	async #commit(
		fresh: readonly (readonly [string, Segment])[],
		old: readonly string[],
		names: readonly string[],
		missing: number
	): Promise<boolean> {
		const list = { name: LIST, list: names, ...(missing > 0 && { missing }) };
		const changes: Change[] = [
			...fresh.map(([name, segment]): Change => ({
				...{ table: 'search', key: [name] },
				put: { name, bytes: encodeSegment(segment) }
			})),
			...old.map((name): Change => ({ table: 'search', key: [name], remove: true })),
			{ table: 'search', key: [LIST], put: list }
		];
		try {
			// What makes room may take what was set aside for that.
			await this.#store.commit(changes, { mayUseReserve: fresh.length === 0 && old.length > 0 });
		} catch (error) {
			if (!(error instanceof StorageFull)) throw error;
			return false;
		}
		this.#names = new Set(names);
		this.#missing = missing;
		return true;
	}

	async #segment(name: string): Promise<Segment | null> {
		const row = await this.#row(name);
		return row?.bytes === undefined ? null : decodeSegment(row.bytes);
	}

	async #row(name: string): Promise<SearchRecord | null> {
		try {
			const [row] = await this.#store.list('search', [name]);
			return row ?? null;
		} catch (error) {
			if (!isUnreadable(error)) throw error;
			return null; // its messages are indexed anew
		}
	}
}
