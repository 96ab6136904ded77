/** The order in which entries travel: none before those of its parents that travel too. */

import { entryIdOf, headerDecoder } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';

/** Stable: what no parent moves keeps its place. `headerOf` gives an item's header bytes. */
export function parentsFirst<T>(
	items: readonly T[],
	headerOf: (item: T) => Uint8Array
): readonly T[] {
	const left = new Map<EntryId, T>();
	for (const item of items) left.set(entryIdOf(headerOf(item)), item);
	const ordered: T[] = [];
	for (const start of [...left.keys()]) {
		// Depth first with a stack of our own: a long thread is deeper than JavaScript's.
		const path: EntryId[] = [start];
		for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
			const item = left.get(id);
			const parents = item === undefined ? [] : parentsOf(headerOf(item));
			const before = parents.filter((parent) => left.has(parent));
			if (before.length > 0) {
				path.push(...before);
				continue;
			}
			path.pop();
			if (item === undefined || !left.delete(id)) continue;
			ordered.push(item);
		}
	}
	return ordered;
}

/** A header's parents; none where it is no header: who receives it will say so. */
export function parentsOf(header: Uint8Array): EntryId[] {
	const decoded = headerDecoder.decode(header);
	return decoded.ok ? decoded.value.parents.map(cidToEntryId) : [];
}
