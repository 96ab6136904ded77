/** A query over all segments: messages that may answer it, the newest first. */

import type { MessageId } from '../wire/ids.ts';
import type { Query } from './query.ts';
import { candidates, documentsIn, type ThreadSets } from './evaluate.ts';
import { idAt, threadAt, type Segment } from './segment.ts';

export interface Candidate {
	readonly thread: string;
	readonly id: MessageId;
	readonly order: number;
}

/** Takes only as much work as is taken from it, but for the first. */
export function* find(
	segments: Iterable<Segment>,
	query: Query,
	threads: ThreadSets
): Generator<Candidate> {
	const cursors = Array.from(segments, (segment) => new Cursor(segment, query, threads)).filter(
		({ document }) => document !== null
	);
	while (cursors.length > 0) {
		const newest = cursors.reduce((a, b) => (b.order > a.order ? b : a));
		yield newest.take();
		if (newest.document === null) cursors.splice(cursors.indexOf(newest), 1);
	}
}

/** Stands at the next hit of one segment. */
class Cursor {
	readonly #segment: Segment;
	readonly #hits: Generator<number>;
	document: number | null = null;
	order = -Infinity;

	constructor(segment: Segment, query: Query, threads: ThreadSets) {
		this.#segment = segment;
		this.#hits = documentsIn(candidates(segment, query, threads), segment.count);
		this.#step();
	}

	take(): Candidate {
		const document = this.document ?? 0;
		const { order } = this;
		this.#step();
		return { thread: threadAt(this.#segment, document), id: idAt(this.#segment, document), order };
	}

	#step(): void {
		const next = this.#hits.next();
		this.document = next.done === true ? null : next.value;
		this.order = this.document === null ? -Infinity : (this.#segment.order[this.document] ?? 0);
	}
}
