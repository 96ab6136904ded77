/**
 * The search index of this browser: read from storage, brought up to date, asked. Of all tabs' workers
 * one writes it, under a Web Lock; the others read what that one has stored.
 *
 * What is stored and what the index knows are compared by the messages' places alone, so that a start
 * reads no message; the work can be cut off at any moment and goes on from there. Messages with an end
 * date are in memory only: no word of theirs outlives the key under which they stand.
 */

import type { MessagePlace, MessageShelf } from '../mailbox/ports.ts';
import { buildSegment, type Marked } from '../search/build.ts';
import { isFindable, toDocument } from '../search/document.ts';
import { SearchIndex } from '../search/index.ts';
import { placeToMark } from '../search/marks.ts';
import { decodeSegment, encodeSegment, type Segment } from '../search/segment.ts';
import { StorageFull, type Change, type MailStore } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { answer, readAway } from './search-answer.ts';
import type { Find, FromWorker, MessageKey, ToWorker } from './search-words.ts';

export interface SearchPorts {
	readonly store: Pick<MailStore, 'list' | 'commit'>;
	readonly messages: MessageShelf;
	/** Runs the work when no other worker of this profile does, until that ends. */
	readonly alone: (work: () => Promise<void>) => Promise<void>;
	readonly random: (bytes: number) => Uint8Array;
	readonly say: (word: FromWorker) => void;
	/** Between what happened and the work that it makes: more may follow at once. */
	readonly rest: () => Promise<void>;
}

/** Messages that become a segment at once, and are stored together. */
const SEGMENT_MESSAGES = 4_096;
/** Messages in memory at a time. */
const READ_MESSAGES = 256;
/** Fewer than this are read in any order. */
const FEW_MESSAGES = 1_024;
const LIST = 'list';

export class SearchDesk {
	readonly #ports: SearchPorts;
	#index: SearchIndex;
	/** Messages with an end date; never stored. */
	#ending: Segment = buildSegment([]);
	/** Names of the segments that stand in storage. */
	#stored: ReadonlySet<string> = new Set();
	#total = 0;
	#isReady = false;
	#isWriter = false;
	#isWorking = false;
	#latest = 0;
	/** What is to be done next; `null`: nothing. */
	#due: Due | null = null;
	#work: Promise<void> = Promise.resolve();

	constructor(ports: SearchPorts) {
		this.#ports = ports;
		this.#index = this.#indexOf(new Map());
	}

	/** Reads what is stored; then, as soon as nobody else does, keeps it up to date. */
	async open(): Promise<void> {
		await this.#load();
		await this.#readEnding();
		this.#isReady = true;
		this.#say();
		await this.#ports.alone(async () => {
			await this.#load(); // another may have written it while this one waited
			this.#isWriter = true;
			this.#ask({ look: true });
			await new Promise(() => undefined); // to the end of the worker
		});
	}

	hear(word: ToWorker): void {
		switch (word.type) {
			case 'find':
				this.#latest = word.number;
				void this.#answer(word);
				return;
			case 'touched':
				this.#ask({ touched: word.messages });
				return;
			case 'look':
				this.#ask({ look: true });
				return;
			case 'ends':
				this.#ask({ ends: true });
				return;
			case 'reload':
				if (!this.#isWriter) this.#ask({ reload: true });
		}
	}

	/** Resolves when nothing is left to be done. */
	async settled(): Promise<void> {
		for (let seen: Promise<void> | null = null; seen !== this.#work;) {
			seen = this.#work;
			await seen;
		}
	}

	async #answer(ask: Find): Promise<void> {
		const segments = [...this.#index.segments.values(), this.#ending];
		const isStale = () => ask.number !== this.#latest;
		const found = await answer(this.#ports.messages, segments, ask, isStale);
		if (found !== null) this.#ports.say(found);
	}

	#ask(more: Partial<Due>): void {
		const isFirst = this.#due === null;
		const due = this.#due ?? NOTHING_DUE;
		this.#due = { ...due, ...more, touched: [...due.touched, ...(more.touched ?? [])] };
		if (!isFirst) return;
		this.#work = this.#work.then(async () => {
			await this.#ports.rest();
			const due = this.#due ?? NOTHING_DUE;
			this.#due = null;
			// A defect, or broken storage: said aloud; the next look finds what was not done.
			await this.#perform(due).catch(reportError);
			this.#isWorking = false;
			this.#say();
		});
	}

	async #perform({ reload, ends, look, touched }: Due): Promise<void> {
		if (reload) await this.#load();
		if (ends || look) await this.#readEnding();
		if (look || touched.length > READ_MESSAGES) await this.#catchUp();
		else if (touched.length > 0) await this.#take(touched);
	}

	#say(): void {
		const indexed = this.#index.count + this.#ending.count;
		const total = Math.max(indexed, this.#total);
		const [isReady, isWorking] = [this.#isReady, this.#isWorking];
		this.#ports.say({ type: 'state', indexed, total, isReady, isWorking });
	}

	#indexOf(segments: ReadonlyMap<string, Segment>): SearchIndex {
		return new SearchIndex(segments, () => toHex(this.#ports.random(8)));
	}

	/** Segments that it does not have yet; one that cannot be read is as if it were not there. */
	async #load(): Promise<void> {
		const { store } = this.#ports;
		const [list] = await store.list('search', [LIST]);
		const names = list?.list ?? [];
		const segments = new Map<string, Segment>();
		for (const name of names) {
			const known = this.#index.segments.get(name);
			const [row] = known === undefined ? await store.list('search', [name]) : [];
			const segment = known ?? (row?.bytes && decodeSegment(row.bytes));
			if (segment) segments.set(name, segment);
		}
		this.#index = this.#indexOf(segments);
		this.#stored = new Set(names);
	}

	/** All that is in memory and not in storage, and the other way round, in one transaction. */
	async #save(): Promise<void> {
		const { segments } = this.#index;
		const fresh = [...segments].filter(([name]) => !this.#stored.has(name));
		const old = [...this.#stored].filter((name) => !segments.has(name));
		if (fresh.length === 0 && old.length === 0) return;
		const names = [...segments.keys()];
		const changes: Change[] = [
			...fresh.map(([name, segment]): Change => ({
				...{ table: 'search', key: [name] },
				put: { name, bytes: encodeSegment(segment) }
			})),
			...old.map((name): Change => ({ table: 'search', key: [name], remove: true })),
			{ table: 'search', key: [LIST], put: { name: LIST, list: names } }
		];
		try {
			await this.#ports.store.commit(changes);
			this.#stored = new Set(names);
		} catch (error) {
			// It is in memory, and can be made anew: mail needs the room more.
			if (!(error instanceof StorageFull)) throw error;
		}
	}

	/** Everything that came or went while nobody looked. */
	async #catchUp(): Promise<void> {
		const places = await this.#ports.messages.places();
		this.#total = places.length;
		if (!this.#isWriter) return;
		const here = new Map(places.map((place) => [placeToMark(place), place]));
		const ending = new Set(this.#ending.marks);
		const gone = new Set<number>();
		for (const mark of this.#index.marks()) {
			if (!here.has(mark) || ending.has(mark)) gone.add(mark);
			here.delete(mark);
		}
		for (const mark of ending) here.delete(mark);
		if (gone.size > 0) {
			this.#index.change(gone, []);
			await this.#save();
		}
		const missing = await this.#newestFirst([...here.values()]);
		for (let at = 0; at < missing.length; at += SEGMENT_MESSAGES) {
			this.#isWorking = true;
			this.#say();
			const messages = await this.#read(missing.slice(at, at + SEGMENT_MESSAGES));
			this.#index.change(new Set(), messages);
			await this.#save();
		}
	}

	/** By the newest word of their threads: what one looks for first is found first. */
	async #newestFirst(places: readonly MessagePlace[]): Promise<readonly MessagePlace[]> {
		if (places.length < FEW_MESSAGES) return places;
		const { store, messages } = this.#ports;
		const threads = await store.list('thread');
		const dates = new Map<string, number>();
		for (const { id, latest } of threads) {
			dates.set(toHex(await messages.threadPlace(id)), latest.date);
		}
		const prefix = ([...dates.keys()][0]?.length ?? 0) / 2;
		return places
			.map((place) => ({ place, date: dates.get(toHex(place.subarray(0, prefix))) ?? 0 }))
			.sort((a, b) => b.date - a.date)
			.map(({ place }) => place);
	}

	async #read(places: readonly MessagePlace[]): Promise<Marked[]> {
		const marked: Marked[] = [];
		for (let at = 0; at < places.length; at += READ_MESSAGES) {
			const some = places.slice(at, at + READ_MESSAGES);
			const rows = await readAway(this.#ports.messages, some);
			for (const [i, message] of rows.entries()) {
				const place = some[i];
				if (place !== undefined && message !== null && isKept(message)) {
					marked.push(toMarked(place, message));
				}
			}
		}
		return marked;
	}

	/** What this page wrote: most of it says how far a message is on its way, and no new word. */
	async #take(keys: readonly MessageKey[]): Promise<void> {
		const { messages } = this.#ports;
		const places = new Map<number, MessagePlace>();
		for (const { thread, id } of keys) {
			const place = await messages.placeOf(thread, id);
			places.set(placeToMark(place), place);
		}
		const list = [...places.values()];
		const rows = await readAway(messages, list);
		if (rows.some((row) => row !== null && !isKept(row))) await this.#readEnding();
		if (!this.#isWriter) return;
		const known = this.#index.known(new Set(places.keys()));
		const gone = new Set<number>();
		const come: Marked[] = [];
		for (const [i, place] of list.entries()) {
			const mark = placeToMark(place);
			const row = rows[i] ?? null;
			const wasFindable = known.get(mark);
			const kept = row !== null && isKept(row) ? row : null;
			if (kept !== null && wasFindable === isFindable(kept)) continue;
			if (wasFindable !== undefined) gone.add(mark);
			if (kept !== null) come.push(toMarked(place, kept));
		}
		this.#total += come.length - gone.size;
		if (gone.size === 0 && come.length === 0) return;
		this.#index.change(gone, come);
		await this.#save();
	}

	async #readEnding(): Promise<void> {
		const { store, messages } = this.#ports;
		const waiting = (await store.list('ending')).filter(({ endedAt }) => endedAt === undefined);
		const places = await Promise.all(
			waiting.map(({ thread, message }) => messages.placeOf(thread, message))
		);
		const rows = await readAway(messages, places);
		this.#ending = buildSegment(
			rows.flatMap((row, i) => {
				const place = places[i];
				return row === null || place === undefined || !isFindable(row)
					? []
					: [toMarked(place, row)];
			})
		);
	}
}

interface Due {
	readonly reload: boolean;
	readonly ends: boolean;
	readonly look: boolean;
	readonly touched: readonly MessageKey[];
}

const NOTHING_DUE: Due = { reload: false, ends: false, look: false, touched: [] };

/** What is to end is in memory only; when it has ended, nothing is left to be kept from anybody. */
function isKept({ endsAt, endedAt }: MessageRecord): boolean {
	return endsAt === undefined || endedAt !== undefined;
}

function toMarked(place: MessagePlace, message: MessageRecord): Marked {
	const document = isFindable(message) ? toDocument(message) : null;
	return { mark: placeToMark(place), document, of: { thread: message.thread, id: message.id } };
}
