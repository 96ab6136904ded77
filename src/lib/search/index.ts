/**
 * The index as a set of segments. New messages make small segments; where there are four of about one
 * size they become one, so that there are few, and each message is written a handful of times (a
 * log-structured merge). A segment never changes under its name: what is stored is right when all of
 * these names are there, and no other.
 */

import { buildSegment, mergeSegments, NOTHING_ORDER, type Marked } from './build.ts';
import type { Segment } from './segment.ts';

/** Segments of about one size that become one. */
const MERGED = 4;
/** Messages from which on a segment is large: it stays as it is. */
const LARGE = 2048;

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

	/** Of these marks those that it has, and whether there is anything of their messages to be found. */
	known(marks: ReadonlySet<number>): Map<number, boolean> {
		const found = new Map<number, boolean>();
		for (const { marks: own, order } of this.#segments.values()) {
			for (const [at, mark] of own.entries()) {
				if (marks.has(mark)) found.set(mark, order[at] !== NOTHING_ORDER);
			}
		}
		return found;
	}

	/** The messages under these marks go, and these come. */
	change(gone: ReadonlySet<number>, come: readonly Marked[]): void {
		if (gone.size > 0) this.#without(gone);
		if (come.length > 0) this.#segments.set(this.#newName(), buildSegment(come));
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
		const small = [...this.#segments].filter(([, { count }]) => count < LARGE);
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
