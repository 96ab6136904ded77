/**
 * How much one member has brought into one thread: whoever sends a million tiny entries, or headers that
 * never get their texts, fills neither disk nor memory. Beyond the bound nothing new of theirs is taken
 * there, and the thread says so; what others bring comes as ever.
 */

import { hasEntry } from '../threads/entries.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Desk } from './ports.ts';
import type { Brought, ThreadRecord } from './records.ts';
import type { Replica } from './replicas.ts';
import { putThread } from './summary.ts';

const NOTHING: Brought = { entries: 0, bytes: 0 };

export interface Weighed {
	readonly taken: readonly EntryBundle[];
	readonly refused: readonly EntryBundle[];
}

/** What brings nothing new, as a text that was still to come, is taken from everybody. */
export function weigh(
	before: Replica | null,
	from: Address,
	bundles: readonly EntryBundle[]
): Weighed {
	if (before === null || !isFull(before.record.brought?.[from])) {
		return { taken: bundles, refused: [] };
	}
	const isKnown = ({ header }: EntryBundle) => hasEntry(before.state, entryIdOf(header));
	return {
		taken: bundles.filter(isKnown),
		refused: bundles.filter((bundle) => !isKnown(bundle))
	};
}

function isFull({ entries, bytes }: Brought = NOTHING): boolean {
	return entries >= LIMITS.entriesFromMember || bytes >= LIMITS.bytesFromMember;
}

/** The row with what came now; what was known before, and became whole, adds its bytes alone. */
export function withBrought(
	row: ThreadRecord,
	before: Replica | null,
	from: Address,
	kept: readonly EntryBundle[]
): ThreadRecord {
	const { entries, bytes } = row.brought?.[from] ?? NOTHING;
	const isNew = ({ header }: EntryBundle) =>
		before === null || !hasEntry(before.state, entryIdOf(header));
	const sum = {
		entries: entries + kept.filter(isNew).length,
		bytes: bytes + kept.reduce((total, bundle) => total + sizeOf(bundle), 0)
	};
	return { ...row, brought: { ...row.brought, [from]: sum } };
}

function sizeOf({ header, body, wraps }: EntryBundle): number {
	return wraps.reduce((sum, wrap) => sum + wrap.length, header.length + (body?.length ?? 0));
}

/** From now on the thread's reader is told that nothing more of this member comes in. */
export async function markOverfull(
	{ store }: Pick<Desk, 'store'>,
	{ id }: ThreadRecord,
	from: Address
): Promise<void> {
	await store.update('thread', [id], (row) => {
		const known = row?.overfull ?? [];
		return row === null || known.includes(from)
			? []
			: [putThread({ ...row, overfull: [...known, from] })];
	});
}
