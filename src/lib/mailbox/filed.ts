/** How a thread is filed, as its row says it. */

import type { Marks, Place, ThreadRecord } from '../post/records.ts';

export interface Filing {
	readonly place: Place;
	/** Ids, each once. */
	readonly labels: readonly string[];
	readonly isStarred: boolean;
	readonly isPinned: boolean;
	readonly isMuted: boolean;
	/** Unix ms; null: not snoozed. */
	readonly snoozedUntil: number | null;
}

export function filingOf(thread: Marks & Pick<ThreadRecord, 'place'>): Filing {
	return {
		place: thread.place,
		labels: thread.labels ?? [],
		isStarred: thread.isStarred ?? false,
		isPinned: thread.isPinned ?? false,
		isMuted: thread.isMuted ?? false,
		snoozedUntil: thread.snoozedUntil ?? null
	};
}
