/**
 * The search index of this browser: read from storage, brought up to date, asked. Of all tabs' workers
 * one writes it, under a Web Lock; the others read what that one has stored.
 *
 * What is stored and what the index knows are compared by the messages' places alone, so that a start
 * reads no message; the work can be cut off at any moment and goes on from there. Messages with an end
 * date are in memory only: no word of theirs outlives the key under which they stand.
 */

import type { MessagePlace, MessageShelf } from '../mailbox/ports.ts';
import { buildSegment, SegmentBuilder, type Marked } from '../search/build.ts';
import { isFindable, isHeldBack, toDocument } from '../search/document.ts';
import { SearchIndex } from '../search/index.ts';
import { placeToMark } from '../search/marks.ts';
import type { Segment } from '../search/segment.ts';
import type { MailStore } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { answer, readAway } from './search-answer.ts';
import { StoredIndex, type Segments } from './search-stored.ts';
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
/** Fewer than this are read in any order, and nobody waits for them. */
const FEW_MESSAGES = 1_024;

export class SearchDesk {
	readonly #ports: SearchPorts;
	readonly #stored: StoredIndex;
	#index: SearchIndex;
	/** Messages with an end date; never stored. */
	#ending: Segment = buildSegment([]);
	/** Messages that are still to be indexed. */
	#missing = 0;
	#isReady = false;
	#isWriter = false;
	#latest = 0;
	/** What is to be done next; `null`: nothing. */
	#due: Due | null = null;
	/** One after the other: nothing else changes the index. */
	#work: Promise<void> = Promise.resolve();

	constructor(ports: SearchPorts) {
		this.#ports = ports;
		this.#stored = new StoredIndex(ports.store);
		this.#index = this.#indexOf(new Map());
	}

	/** Reads what is stored; then, as soon as nobody else does, keeps it up to date. */
	async open(): Promise<void> {
		this.#ask({ load: true, ends: true }, () => Promise.resolve());
		await this.#ports.alone(async () => {
			this.#isWriter = true;
			// Another may have written it while this one waited.
			this.#ask({ load: true, ends: true, look: true, silent: true });
			await new Promise(() => undefined); // to the end of the worker
		});
	}

	hear(word: ToWorker): void {
		switch (word.type) {
			case 'find':
				this.#latest = word.number;
				this.#answer(word).catch(reportError);
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
				if (!this.#isWriter) this.#ask({ load: true });
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

	#ask({ touched = [], ...more }: Wanted, rest = this.#ports.rest): void {
		if (this.#due !== null) {
			Object.assign(this.#due, more);
			// One by one: they may be more than a call has room for.
			for (const each of touched) this.#due.touched.push(each);
			return;
		}
		this.#due = { ...NOTHING_DUE, ...more, touched: [...touched] };
		this.#work = this.#work.then(async () => {
			await rest();
			const due = this.#due ?? { ...NOTHING_DUE, touched: [] };
			this.#due = null;
			// A defect, or broken storage: said aloud; the next look finds what was not done.
			await this.#perform(due).catch(reportError);
			this.#say();
		});
	}

	async #perform({ load, ends, look, silent, touched }: Due): Promise<void> {
		if (load) await this.#load();
		if (ends || look) await this.#readEnding();
		if (load) {
			this.#isReady = true;
			this.#say();
		}
		if (touched.length > 0) await this.#take(touched);
		if (look && this.#isWriter) await this.#catchUp(silent ? 'all' : 'held-back');
	}

	#say(): void {
		const indexed = this.#index.count + this.#ending.count;
		const total = indexed + this.#missing;
		const [isReady, isWorking] = [this.#isReady, this.#missing > 0];
		this.#ports.say({ type: 'state', indexed, total, isReady, isWorking });
	}

	#indexOf(segments: Segments): SearchIndex {
		return new SearchIndex(segments, () => toHex(this.#ports.random(8)));
	}

	async #load(): Promise<void> {
		const { segments, missing } = await this.#stored.read(this.#index.segments);
		this.#index = this.#indexOf(segments);
		this.#missing = missing;
	}

	#save(): Promise<void> {
		return this.#stored.write({ segments: this.#index.segments, missing: this.#missing });
	}

	/** Everything that came or went while nobody looked. */
	async #catchUp(silent: 'all' | 'held-back'): Promise<void> {
		const places = await this.#ports.messages.places();
		const here = new Map(places.map((place) => [placeToMark(place), place]));
		const again = new Map<number, MessagePlace>();
		for (const mark of this.#index.silent(silent)) {
			const place = here.get(mark);
			if (place !== undefined) again.set(mark, place);
		}
		const ending = new Set(this.#ending.marks);
		const gone = new Set<number>();
		for (const mark of this.#index.marks()) {
			if (!here.has(mark) || ending.has(mark)) gone.add(mark);
			here.delete(mark);
		}
		for (const mark of ending) here.delete(mark);
		this.#missing = here.size;
		this.#index.replace(gone, null);
		// Other tabs say how far it is, too.
		if (gone.size > 0 || this.#missing >= FEW_MESSAGES) await this.#save();
		await this.#refresh(again);
		await this.#add(await this.#newestFirst([...here.values()]));
		await this.#save();
	}

	async #add(places: readonly MessagePlace[]): Promise<void> {
		let builder = new SegmentBuilder();
		this.#missing = places.length;
		this.#say();
		for (let at = 0; at < places.length; at += READ_MESSAGES) {
			const some = places.slice(at, at + READ_MESSAGES);
			for (const marked of await this.#read(some)) builder.add(marked);
			const left = Math.max(0, places.length - at - READ_MESSAGES);
			if (builder.count < SEGMENT_MESSAGES && !builder.isFull && left > 0) continue;
			this.#index.replace(new Set(), builder.done());
			this.#missing = left;
			await this.#save();
			this.#say();
			builder = new SegmentBuilder();
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
		const rows = await readAway(this.#ports.messages, places);
		return rows.flatMap((message, i) => {
			const place = places[i];
			return place === undefined || message === null || !isKept(message)
				? []
				: [toMarked(place, message)];
		});
	}

	/** What this page wrote: most of it says how far a message is on its way, and no new word. */
	async #take(keys: readonly MessageKey[]): Promise<void> {
		const places = new Map<number, MessagePlace>();
		for (const { thread, id } of keys) {
			const place = await this.#ports.messages.placeOf(thread, id);
			places.set(placeToMark(place), place);
		}
		await this.#refresh(places);
	}

	/** Where the index has it otherwise than these messages now are, it is changed. */
	async #refresh(places: ReadonlyMap<number, MessagePlace>): Promise<void> {
		const known = this.#index.known(new Set(places.keys()));
		const all = [...places];
		let gone = new Set<number>();
		let come = new SegmentBuilder();
		let hasEnding = false;
		for (let at = 0; at < all.length; at += READ_MESSAGES) {
			const some = all.slice(at, at + READ_MESSAGES);
			const rows = await readAway(
				this.#ports.messages,
				some.map(([, place]) => place)
			);
			for (const [i, [mark, place]] of some.entries()) {
				const row = rows[i] ?? null;
				const wasFindable = known.get(mark);
				const kept = row !== null && isKept(row) ? row : null;
				if (row !== kept) hasEnding = true;
				if (!this.#isWriter) continue;
				if (kept !== null && wasFindable === isFindable(kept)) continue;
				if (wasFindable !== undefined) gone.add(mark);
				if (kept !== null) come.add(toMarked(place, kept));
			}
			const isLast = at + READ_MESSAGES >= all.length;
			if (come.count < SEGMENT_MESSAGES && !come.isFull && !isLast) continue;
			if (gone.size + come.count > 0) {
				this.#index.replace(gone, come.done());
				await this.#save();
			}
			gone = new Set();
			come = new SegmentBuilder();
		}
		if (hasEnding) await this.#readEnding();
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
	/** What is stored is to be read. */
	load: boolean;
	ends: boolean;
	look: boolean;
	/** All messages that said nothing are looked at again, too. */
	silent: boolean;
	readonly touched: MessageKey[];
}

type Wanted = Partial<Omit<Due, 'touched'>> & { readonly touched?: readonly MessageKey[] };

const NOTHING_DUE = { load: false, ends: false, look: false, silent: false };

/** What is to end is in memory only; when it has ended, nothing is left to be kept from anybody. */
function isKept({ endsAt, endedAt }: MessageRecord): boolean {
	return endsAt === undefined || endedAt !== undefined;
}

function toMarked(place: MessagePlace, message: MessageRecord): Marked {
	const document = isFindable(message) ? toDocument(message) : null;
	const of = { thread: message.thread, id: message.id };
	return { mark: placeToMark(place), document, isHeldBack: isHeldBack(message), of };
}
