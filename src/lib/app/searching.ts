/** Questions and answers between this page and its search worker. Loaded when somebody searches. */

import { complete, type Completions, type Known } from '../search/complete.ts';
import { findHits, needlesOf, type Needle, type Range } from '../search/hits.ts';
import type { People } from '../mailbox/people.ts';
import { namesIn, withPeople } from '../mailbox/query-people.ts';
import { readQuery, type Problem, type ReadQuery } from '../search/query.ts';
import { lookUp, type Filing } from '../mailbox/query-threads.ts';
import { startOfDay } from '../search/values.ts';
import type { Desk } from '../post/ports.ts';
import type { ListedThread } from '../post/listed.ts';
import { parseMessageId, parseThreadId } from '../wire/ids.ts';
import type { FromWorker, Hit, IndexState, ToWorker } from '../workers/search-words.ts';
import { startSearchWorker } from './search-worker.ts';

export interface Answer {
	readonly text: string;
	readonly hits: readonly Hit[];
	readonly hasMore: boolean;
	readonly problems: readonly Problem[];
}

export interface SearchingPorts {
	readonly desk: Desk;
	readonly onAnswer: (answer: Answer) => void;
	readonly onState: (state: IndexState) => void;
	/** Rows have changed: what was asked may be answered otherwise. */
	readonly onChange: () => void;
}

export interface Mailbox {
	readonly people: People;
	readonly threads: readonly ListedThread[];
	readonly labelsOf: Filing['labelsOf'];
}

interface Asked {
	readonly number: number;
	readonly text: string;
	readonly problems: readonly Problem[];
}

export class Searching {
	readonly #worker: Worker;
	readonly #ports: SearchingPorts;
	#asked: Asked | null = null;
	#number = 0;

	constructor(ports: SearchingPorts) {
		this.#ports = ports;
		this.#worker = startSearchWorker();
		this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) =>
			this.#hear(data)
		);
		this.#listen(ports.desk);
	}

	/** Answered by `onAnswer`, unless another question overtakes it. */
	ask(text: string, mailbox: Mailbox, limit: number): void {
		const number = ++this.#number;
		const { query, problems, namesPlace } = read(text);
		this.#asked = { number, text, problems };
		if (query === null) {
			this.#ports.onAnswer({ text, problems, hits: [], hasMore: false });
			return;
		}
		const { people, threads, labelsOf } = mailbox;
		this.#say({
			...{ type: 'find', number, limit },
			query: withPeople(query, people),
			...lookUp(query, threads, { now: Date.now(), labelsOf }, namesPlace)
		});
	}

	needlesOf(text: string): readonly Needle[] {
		const { query } = read(text);
		return query === null ? [] : needlesOf(query);
	}

	hitsIn(text: string, needles: readonly Needle[]): readonly Range[] {
		return findHits(text, needles);
	}

	complete(text: string, caret: number, people: People, labels: Known['labels']): Completions {
		return complete(text, caret, { people: namesIn(people), labels });
	}

	#hear(word: FromWorker): void {
		if (word.type === 'state') {
			this.#ports.onState(word);
			return;
		}
		if (word.number !== this.#asked?.number) return;
		const { text, problems } = this.#asked;
		this.#ports.onAnswer({ text, problems, hits: word.hits, hasMore: word.hasMore });
	}

	/** What this page wrote it can name; what others wrote the worker looks for. */
	#listen({ store }: Desk): void {
		store.subscribe((changed, writes) => {
			if (changed.has('search')) this.#say({ type: 'reload' });
			if (changed.has('ending')) this.#say({ type: 'ends' });
			if (changed.has('thread')) this.#ports.onChange();
			if (!changed.has('message')) return;
			if (writes === null) {
				this.#say({ type: 'look' });
				return;
			}
			const messages = writes.flatMap((write) => {
				if (write.table !== 'message') return [];
				const [thread, id] = [
					parseThreadId(write.key[0] ?? ''),
					parseMessageId(write.key[1] ?? '')
				];
				return thread === null || id === null ? [] : [{ thread, id }];
			});
			this.#say({ type: 'touched', messages });
		});
	}

	#say(word: ToWorker): void {
		this.#worker.postMessage(word);
	}
}

function read(text: string): ReadQuery {
	return readQuery(text, { now: Date.now(), startOf: startOfDay });
}
