/** Decisions upon rows as this tab saw them last (docs/decisions/0008). */

import { Overtaken, type Key, type MailStore, type Recalled } from './ports.ts';
import type { TableName, Tables } from './records.ts';

/** How rows are read for a decision. */
export interface LookUp {
	/** From memory where they are remembered; those that were are added, for `update`. */
	readonly recalled?: Recalled[];
}

/** A row for a decision that may be made again. */
export async function readRow<T extends TableName>(
	store: Pick<MailStore, 'get' | 'recall'>,
	table: T,
	key: Key,
	{ recalled }: LookUp
): Promise<Tables[T] | null> {
	if (recalled === undefined) return store.get(table, key);
	const row = await store.recall(table, key);
	recalled.push(row);
	return row.row;
}

/** As `readRow`, for a row that is most probably not there: where nothing is known of it, nothing is read. */
export async function presumeNone<T extends TableName>(
	store: MailStore,
	table: T,
	key: Key,
	{ recalled }: LookUp
): Promise<Tables[T] | null> {
	if (recalled === undefined) return store.get(table, key);
	const row = await store.presume(table, key);
	recalled.push(row);
	return row.row;
}

/** Decides anew as long as others are faster: `work` writes by `update`, with what it recalled. */
export async function untilSettled<T>(
	work: (look: { readonly recalled: Recalled[] }) => Promise<T>
): Promise<T> {
	for (;;) {
		try {
			return await work({ recalled: [] });
		} catch (problem) {
			if (!(problem instanceof Overtaken)) throw problem; // what was recalled is read anew
		}
	}
}
