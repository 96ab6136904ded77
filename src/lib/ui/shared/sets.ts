/** Sets as values: each change makes another, so that who shows one sees that it has changed. */

export const NONE: ReadonlySet<string> = new Set();

export function setOf<T>(items: Iterable<T>): ReadonlySet<T> {
	return new Set(items);
}

/** With it if it was without, and the other way round. */
export function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
	const next = new Set(set);
	if (!next.delete(item)) next.add(item);
	return next;
}
