/** Rows as this tab saw them last, for decisions that are compared with what is stored. */

import { toHex } from '../wire/bytes.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** Rows as they were last seen by `get` or written, by place; the oldest goes first. */
const REMEMBERED_ROWS = 256;
/** What one act of a person writes; more at once, as of a synchronisation, would drive out all else. */
export const FEW_ROWS = 16;

/** Bytes of a row that is written and not remembered: a part of the search index may have millions. */
export const LARGE_ROW = 64 * 1024;

/** What a row was when it was last seen here; `null`: it was not there. */
export interface SeenRow {
	readonly sealed: Binary | null;
	/** As the vault gives it: what stands under a key of the ring is still sealed with that. */
	readonly opened: Binary | null;
}

export const ABSENT: SeenRow = { sealed: null, opened: null };

/** For decisions that are compared with what is stored when they are written: other tabs write, too. */
export interface Seen {
	/** `undefined`: not known. */
	at(place: Binary): SeenRow | undefined;
	keep(place: Binary, row: SeenRow): void;
	forget(place: Binary): void;
}

export function createSeen(): Seen {
	const rows = new Map<string, SeenRow>();
	return {
		at: (place) => rows.get(toHex(place)),
		keep(place, row) {
			const name = toHex(place);
			rows.delete(name);
			rows.set(name, row);
			const oldest = rows.keys().next().value;
			if (rows.size > REMEMBERED_ROWS && oldest !== undefined) rows.delete(oldest);
		},
		forget: (place) => rows.delete(toHex(place))
	};
}

/** A row that a decision stands on, as it was. */
export interface Reliance {
	readonly place: Binary;
	readonly before: Binary | null;
}

/** One question for each row, unless two saw it differently: then the write is to fail. */
export function onceEach(relied: readonly Reliance[]): Reliance[] {
	const asked = new Map<string, Reliance>();
	return relied.filter((each) => {
		const name = toHex(each.place);
		const before = asked.get(name);
		asked.set(name, each);
		return before === undefined || before.before !== each.before;
	});
}
