/**
 * Threads in packs, in the order of the list: the inbox first, newest first, so that the first screen
 * needs one pack or two, and a change to a few threads writes few of them anew.
 */

import type { ThreadId } from '../wire/ids.ts';
import type { ListedThread } from './listed.ts';

/** `name: null`: it is to be written. */
export interface Pack {
	readonly name: string | null;
	readonly threads: readonly ListedThread[];
}

/** Some 50 KiB of rows: values over 64 KiB get files of their own in Chromium. */
const PACK_THREADS = 64;

export function packAll(threads: readonly ListedThread[]): Pack[] {
	return cut([...threads].sort(inListOrder));
}

/** @param fresh what these threads are now; `null`: gone */
export function repack(
	packs: readonly Pack[],
	fresh: ReadonlyMap<ThreadId, ListedThread | null>
): Pack[] {
	const placed = [...fresh.values()].filter((thread) => thread !== null);
	if (packs.length === 0) return packAll(placed);
	const added = Map.groupBy(placed, (thread) => placeOf(packs, thread));
	return packs.flatMap((pack, at) => {
		const kept = pack.threads.filter(({ id }) => !fresh.has(id));
		const more = added.get(at) ?? [];
		if (kept.length === pack.threads.length && more.length === 0) return [pack];
		return cut([...kept, ...more].sort(inListOrder));
	});
}

/** The first pack that ends behind it, else the last. */
function placeOf(packs: readonly Pack[], thread: ListedThread): number {
	const at = packs.findIndex(({ threads }) => {
		const last = threads.at(-1);
		return last !== undefined && inListOrder(thread, last) <= 0;
	});
	return at < 0 ? packs.length - 1 : at;
}

/** In even parts, with room to grow. */
function cut(threads: readonly ListedThread[]): Pack[] {
	const count = Math.ceil(threads.length / PACK_THREADS);
	const size = Math.ceil(threads.length / count);
	return Array.from({ length: count }, (_, at) => ({
		name: null,
		threads: threads.slice(at * size, (at + 1) * size)
	}));
}

function inListOrder(a: ListedThread, b: ListedThread): number {
	return (
		Number(isInInbox(b)) - Number(isInInbox(a)) ||
		Number(b.isPinned ?? false) - Number(a.isPinned ?? false) ||
		newestOf(b) - newestOf(a) ||
		(a.id < b.id ? -1 : 1)
	);
}

/** What is snoozed stands where it will be when it comes back. */
function newestOf({ latest, snoozedUntil = 0 }: ListedThread): number {
	return Math.max(latest.date, snoozedUntil);
}

/**
 * Put off further than this, ms: ten years. More is a slip of the keys, or was asked for while the clock
 * was wrong, and hides nothing.
 */
export const SNOOZE_MAX_MS = 3_653 * 24 * 3_600_000;

/** Snoozed, and not back yet. `now`: Unix ms. */
export function isAsleep(
	{ snoozedUntil }: Pick<ListedThread, 'snoozedUntil'>,
	now: number
): boolean {
	return snoozedUntil !== undefined && snoozedUntil > now && snoozedUntil <= now + SNOOZE_MAX_MS;
}

/** Does its row stand in the inbox? */
export function isInInbox({ place, count, sideOf }: ListedThread): boolean {
	return place === 'inbox' && count > 0 && sideOf === undefined;
}
