/** How threads are filed: place, labels, star, pin, mute and snooze, and the way back from each change. */

import type { Desk } from '../post/ports.ts';
import type { Place, ThreadRecord } from '../post/records.ts';
import { exclusiveThread } from '../post/replicas.ts';
import { putThread } from '../post/summary.ts';
import type { ThreadId } from '../wire/ids.ts';
import { filingOf, type Filing } from './filed.ts';

/** Of which nobody has said anything. */
export const UNFILED: Filing = {
	...{ place: 'inbox', labels: [], isStarred: false, isPinned: false, isMuted: false },
	snoozedUntil: null
};

/** What is not named stays. */
export interface FilingChange extends Partial<Omit<Filing, 'labels'>> {
	readonly addLabels?: readonly string[];
	readonly removeLabels?: readonly string[];
}

/** Takes a change back; what has changed again since stays as it is. */
export type Undo = () => Promise<void>;

export function withFiling(thread: ThreadRecord, filing: Filing): ThreadRecord {
	const {
		labels: _l,
		isStarred: _s,
		isPinned: _p,
		isMuted: _m,
		snoozedUntil: _u,
		...rest
	} = thread;
	return {
		...rest,
		place: filing.place,
		...(filing.labels.length > 0 && { labels: filing.labels }),
		...(filing.isStarred && { isStarred: true }),
		...(filing.isPinned && { isPinned: true }),
		...(filing.isMuted && { isMuted: true }),
		...(filing.snoozedUntil !== null && { snoozedUntil: filing.snoozedUntil })
	};
}

/** A thread that is put elsewhere waits for no time any more; in the inbox it is heard again. */
export function moving(place: Place): FilingChange {
	return { place, snoozedUntil: null, ...(place === 'inbox' && { isMuted: false }) };
}

/** Out of the inbox until then, wherever it stood. */
export function snoozing(until: number): FilingChange {
	return { place: 'inbox', snoozedUntil: until };
}

export function muting(isMuted: boolean): FilingChange {
	return isMuted ? { isMuted, place: 'archive', snoozedUntil: null } : { isMuted };
}

export function changed(filing: Filing, change: FilingChange): Filing {
	const { addLabels = [], removeLabels = [], ...fields } = change;
	const labels = new Set([...filing.labels, ...addLabels]);
	for (const label of removeLabels) labels.delete(label);
	return { ...filing, ...fields, labels: [...labels] };
}

/** Of threads that are gone by now nothing is done. Where it fails, what was done is taken back. */
export async function fileThreads(
	desk: Desk,
	ids: readonly ThreadId[],
	change: FilingChange
): Promise<Undo> {
	const steps = new Map<ThreadId, Step>();
	const undo = () => takeBack(desk, steps);
	try {
		await changeThreads(desk, ids, (thread) => {
			const { unread, placedAt, emptiedAt } = thread;
			const was = filingOf(thread);
			const became = changed(was, change);
			steps.set(thread.id, { was, became, unread, placedAt, emptiedAt });
			const filed = withFiling(thread, became);
			return change.place === undefined ? filed : placed(desk, filed);
		});
	} catch (error) {
		// Some hundreds may be done when the room ends: whoever hears that nothing was done finds it so.
		await undo().catch(() => undefined);
		throw error;
	}
	return undo;
}

function takeBack(desk: Desk, steps: ReadonlyMap<ThreadId, Step>): Promise<void> {
	return changeThreads(desk, [...steps.keys()], (thread) => {
		const step = steps.get(thread.id);
		// One that was deleted for good since is another, of which nothing was said.
		const isSame = step !== undefined && thread.emptiedAt === step.emptiedAt;
		return isSame ? takenBack(thread, step) : thread;
	});
}

/** What is promised from now on brings it back; what was promised before does not. */
function placed({ now }: Pick<Desk, 'now'>, thread: ThreadRecord): ThreadRecord {
	const updatedAt = Math.max(now(), thread.updatedAt + 1);
	return { ...thread, placedAt: updatedAt, updatedAt };
}

interface Step {
	readonly was: Filing;
	readonly became: Filing;
	/** When it was done: more by now means that something came, which is not put away unseen. */
	readonly unread: number;
	/** When it was put to where it was before. */
	readonly placedAt: number | undefined;
	readonly emptiedAt: number | undefined;
}

function takenBack(thread: ThreadRecord, { was, became, unread, placedAt }: Step): ThreadRecord {
	const now = filingOf(thread);
	const isWhereItWasPut =
		now.place === became.place &&
		now.snoozedUntil === became.snoozedUntil &&
		thread.unread <= unread;
	const back = <K extends 'isStarred' | 'isPinned' | 'isMuted'>(key: K) =>
		now[key] === became[key] ? was[key] : now[key];
	const added = became.labels.filter((label) => !was.labels.includes(label));
	const removed = was.labels.filter((label) => !became.labels.includes(label));
	const filing = {
		...(isWhereItWasPut
			? { place: was.place, snoozedUntil: was.snoozedUntil }
			: { place: now.place, snoozedUntil: now.snoozedUntil }),
		labels: changed(now, { addLabels: removed, removeLabels: added }).labels,
		isStarred: back('isStarred'),
		isPinned: back('isPinned'),
		isMuted: back('isMuted')
	};
	const { placedAt: _undone, ...rest } = withFiling(thread, filing);
	if (!isWhereItWasPut) return { ...rest, ...(_undone !== undefined && { placedAt: _undone }) };
	return { ...rest, ...(placedAt !== undefined && { placedAt }) };
}

/** One commit for so many: ten thousand rows are not told to the screen one by one. */
const ROWS_AT_ONCE = 100;

async function changeThreads(
	desk: Desk,
	ids: readonly ThreadId[],
	change: (thread: ThreadRecord) => ThreadRecord
): Promise<void> {
	// Each takes its threads in the same order, so that no two wait for each other.
	const sorted = [...new Set(ids)].sort();
	for (let at = 0; at < sorted.length; at += ROWS_AT_ONCE) {
		const some = sorted.slice(at, at + ROWS_AT_ONCE);
		await exclusiveThreads(desk, some, async () => {
			const rows = await Promise.all(some.map((id) => desk.store.get('thread', [id])));
			await desk.store.commit(
				rows
					.filter((row) => row !== null)
					.map(change)
					.map(putThread)
			);
		});
	}
}

/** All at once, and none else writes one of them meanwhile. */
function exclusiveThreads(
	desk: Desk,
	[first, ...others]: readonly ThreadId[],
	work: () => Promise<void>
): Promise<void> {
	if (first === undefined) return work();
	return exclusiveThread(desk, first, () => exclusiveThreads(desk, others, work));
}
