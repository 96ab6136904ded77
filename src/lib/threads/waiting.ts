/** Entries whose parents have not come yet. */

import type { CID } from 'multiformats/cid';
import { equal } from '../wire/bytes.ts';
import type { EntryBundle, Header } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';

/** A bundle whose size, shape and hashes are right. */
export interface Arrived {
	readonly id: EntryId;
	readonly cid: CID;
	readonly header: Header;
	readonly bundle: EntryBundle;
}

export interface Waiting {
	readonly pending: Map<EntryId, Arrived>;
	/** Entry → those in `pending` that name it as parent. */
	readonly waiting: Map<EntryId, Set<EntryId>>;
}

export function wait({ pending, waiting }: Waiting, item: Arrived): void {
	pending.set(item.id, item);
	for (const parent of item.header.parents.map(cidToEntryId)) {
		const children = waiting.get(parent) ?? new Set();
		waiting.set(parent, children.add(item.id));
	}
}

/** With what came of it before, if it waits already. */
export function withPending({ pending }: Waiting, arrived: Arrived): Arrived {
	const known = pending.get(arrived.id);
	return known === undefined
		? arrived
		: { ...arrived, bundle: unite(known.bundle, arrived.bundle) };
}

/** The same entry from two holders, each of whom may lack a part. The known one if it gains nothing. */
export function unite(known: EntryBundle, arrived: EntryBundle): EntryBundle {
	const added = arrived.wraps.filter((wrap) => !known.wraps.some((each) => equal(each, wrap)));
	if (added.length === 0 && (known.body !== null || arrived.body === null)) return known;
	return { ...known, body: known.body ?? arrived.body, wraps: [...known.wraps, ...added] };
}
