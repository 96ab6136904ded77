/**
 * The index as a set of segments. New messages make small segments; where there are four of about one
 * size they become one, so that there are few, and each message is written a handful of times (a
 * log-structured merge). A segment never changes under its name: what is stored is right when all of
 * these names are there, and no other.
 */

import { buildSegment, HELD_BACK_ORDER, mergeSegments, type Marked } from './build.ts';
import type { Segment } from './segment.ts';

/** Segments of about one size that become one. */
const MERGED = 4;
/** Messages from which on a segment is large: it stays as it is. */
const LARGE = 2048;
/** Likewise terms: so many times `MERGED` are still far from what a reader takes. */
const LARGE_TERMS = 2 ** 19;

export class SearchIndex {
	readonly #segments: Map<string, Segment>;
	readonly #newName: () => string;

	/** @param newName a name that no segment ever had */
	constructor(segments: ReadonlyMap<string, Segment>, newName: () => string) {
		this.#segments = new Map(segments);
		this.#newName = newName;
	}

	get segments(): ReadonlyMap<string, Segment> {
		return this.#segments;
	}

	/** Messages that it knows of. */
	get count(): number {
		return [...this.#segments.values()].reduce((sum, { count }) => sum + count, 0);
	}

	*marks(): Generator<number> {
		for (const { marks } of this.#segments.values()) yield* marks;
	}

	/** Messages that said nothing when they were indexed: of all, or of those that may do so later. */
	silent(which: 'all' | 'held-back'): Set<number> {
		const found = new Set<number>();
		for (const { marks, order } of this.#segments.values()) {
			for (let at = 0; at < marks.length; at++) {
				const value = order[at] ?? 0;
				const isWanted = which === 'all' ? value < 0 : value === HELD_BACK_ORDER;
				if (isWanted) found.add(marks[at] ?? 0);
			}
		}
		return found;
	}

	/** Of these marks those that it has, and whether there is anything of their messages to be found. */
	known(marks: ReadonlySet<number>): Map<number, boolean> {
		const found = new Map<number, boolean>();
		for (const { marks: own, order } of this.#segments.values()) {
			for (const [at, mark] of own.entries()) {
				if (marks.has(mark)) found.set(mark, (order[at] ?? 0) >= 0);
			}
		}
		return found;
	}

	/** The messages under these marks go, and these come. */
	change(gone: ReadonlySet<number>, come: readonly Marked[]): void {
		this.replace(gone, come.length > 0 ? buildSegment(come) : null);
	}

	/** As `change`, where those that come are a segment already. */
	replace(gone: ReadonlySet<number>, come: Segment | null): void {
		if (gone.size > 0) this.#without(gone);
		if (come !== null && come.count > 0) this.#segments.set(this.#newName(), come);
		while (this.#mergeOnce());
	}

	/** Under a new name: whoever has the old one in memory is to read it again. */
	#without(gone: ReadonlySet<number>): void {
		for (const [name, segment] of [...this.#segments]) {
			if (!segment.marks.some((mark) => gone.has(mark))) continue;
			this.#segments.delete(name);
			const rest = mergeSegments([segment], (mark) => !gone.has(mark));
			if (rest.count > 0) this.#segments.set(this.#newName(), rest);
		}
	}

	#mergeOnce(): boolean {
		const small = [...this.#segments].filter(
			([, { count, terms }]) => count < LARGE && terms.length < LARGE_TERMS
		);
		const bySize = Map.groupBy(small, ([, { count }]) =>
			Math.floor(Math.log(count) / Math.log(MERGED))
		);
		const group = [...bySize.values()].find(({ length }) => length >= MERGED);
		if (group === undefined) return false;
		for (const [name] of group) this.#segments.delete(name);
		this.#segments.set(this.#newName(), mergeSegments(group.map(([, segment]) => segment)));
		return true;
	}
}
