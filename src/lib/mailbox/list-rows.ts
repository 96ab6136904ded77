/** The rows of one list in their order, kept from one look to the next: what changed is put in its place. */

import type { ListedThread } from '../post/listed.ts';
import type { LabelRecord } from './labels.ts';
import { isIn, newsTime, type ThreadList } from './lists.ts';
import { isShown, toRow, type Look, type Shelf } from './rows.ts';
import { ThreadRow } from './thread-row.ts';

/** Where more have changed, all are put in order anew. */
const FEW_CHANGES = 1_024;
const NO_LABELS: readonly LabelRecord[] = [];

type Order = (a: ThreadRow, b: ThreadRow) => number;

export class ListRows {
	readonly #list: ThreadList;
	readonly #look: () => Look;
	readonly #order: Order;
	#threads: readonly ListedThread[] = [];
	#rows: readonly ThreadRow[] = [];
	#now = Number.NaN;
	#labels = NO_LABELS;
	#isHere: (thread: ListedThread) => boolean = () => false;

	/** @param look what rows are worked out of, asked for whenever one is looked at */
	constructor(list: ThreadList, look: () => Look) {
		this.#list = list;
		this.#look = look;
		this.#order = orderOf(list);
	}

	/**
	 * What was last news first; in the inbox after what is pinned. The same array where nothing of the list
	 * has changed.
	 *
	 * @param threads a `ThreadTable`'s, so that most stand where they stood
	 * @param now Unix ms, for those that are snoozed
	 */
	of(threads: readonly ListedThread[], now: number, labels = NO_LABELS): readonly ThreadRow[] {
		const changes = this.#isAsBefore(now, labels) ? changesOf(this.#threads, threads) : null;
		this.#threads = threads;
		if (changes === null) this.#rows = this.#anew(threads);
		else this.#change(changes);
		return this.#rows;
	}

	/** Which threads are here depends on nothing else. */
	#isAsBefore(now: number, labels: readonly LabelRecord[]): boolean {
		const counted = this.#list.startsWith('label/') ? labels : NO_LABELS;
		if (now === this.#now && counted === this.#labels) return true;
		this.#now = now;
		this.#labels = counted;
		const isIt = isIn(this.#list, now, counted);
		this.#isHere = (thread) => isShown(thread) && isIt(thread);
		return false;
	}

	/** What stays as it was is the same row, so that the screen does not draw it again. */
	#anew(threads: readonly ListedThread[]): readonly ThreadRow[] {
		const before = new Map(this.#rows.map((row) => [row.thread, row]));
		const rows = this.#toRows(threads).map((row) => {
			const known = before.get(row.thread);
			return known?.time === row.time ? known : row;
		});
		return rows.sort(this.#order);
	}

	#toRows(threads: readonly ListedThread[]): ThreadRow[] {
		const here = threads.filter(this.#isHere);
		return here.map(
			(thread) => new ThreadRow(thread, newsTime(thread, this.#now), this.#look, toRow)
		);
	}

	#change({ gone, come }: Changes): void {
		const [old, fresh] = [this.#toRows(gone), this.#toRows(come)];
		if (old.length === 0 && fresh.length === 0) return;
		const rows = [...this.#rows];
		// As each was when it was put there: so its place is found by its order.
		for (const row of old) rows.splice(placeIn(rows, row, this.#order) - 1, 1);
		for (const row of fresh) rows.splice(placeIn(rows, row, this.#order), 0, row);
		this.#rows = rows;
	}
}

/** Of all of these, what was last news first. `now`: Unix ms. */
export function rowsOf(shelf: Shelf, now: number): ThreadRow[] {
	const look = () => shelf;
	return shelf.threads
		.filter(isShown)
		.map((thread) => new ThreadRow(thread, newsTime(thread, now), look, toRow))
		.sort(byNews);
}

interface Changes {
	readonly gone: readonly ListedThread[];
	readonly come: readonly ListedThread[];
}

/** `null`: too many. */
function changesOf(
	before: readonly ListedThread[],
	threads: readonly ListedThread[]
): Changes | null {
	const gone: ListedThread[] = [];
	const come: ListedThread[] = [];
	for (let at = 0; at < before.length || at < threads.length; at++) {
		const [was, is] = [before[at], threads[at]];
		if (was === is) continue;
		if (was !== undefined) gone.push(was);
		if (is !== undefined) come.push(is);
		if (gone.length + come.length > FEW_CHANGES) return null;
	}
	return { gone, come };
}

/** Behind it where it is there, else where it belongs. */
function placeIn(rows: readonly ThreadRow[], row: ThreadRow, order: Order): number {
	let [low, high] = [0, rows.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		const other = rows[middle];
		if (other !== undefined && order(other, row) <= 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function orderOf(list: ThreadList): Order {
	if (list === 'snoozed') {
		return (a, b) => (a.marks.snoozedUntil ?? 0) - (b.marks.snoozedUntil ?? 0) || byNews(a, b);
	}
	if (list !== 'inbox') return byNews;
	return (a, b) => Number(b.isPinned) - Number(a.isPinned) || byNews(a, b);
}

/** No two are equal, so that each has one place. */
function byNews(a: ThreadRow, b: ThreadRow): number {
	return b.time - a.time || (a.id < b.id ? -1 : Number(a.id > b.id));
}
