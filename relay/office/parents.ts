/** What the office remembers of headers it has read, so that a second walk costs no decoding. */

import { BOUNDS } from './bounds.ts';

export interface Parents {
	/** CIDs of the parents; `null`: not a header. */
	of(id: string, read: () => readonly string[] | null): readonly string[] | null;
}

/** Blocks never change, so what was read stays true; the store is asked whether they are there. */
export function createParents(): Parents {
	const known = new Map<string, readonly string[] | null>();
	return {
		of(id, read) {
			const held = known.get(id);
			if (held !== undefined) return held;
			const parents = read();
			known.set(id, parents);
			for (const oldest of known.keys()) {
				if (known.size <= BOUNDS.knownParents) break;
				known.delete(oldest);
			}
			return parents;
		}
	};
}
