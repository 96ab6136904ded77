import type { Marks } from '../app/view-organise.ts';
import { filingOf } from './filing.ts';
import type { ThreadRecord } from '../post/records.ts';

export const UNMARKED: Marks = {
	isStarred: false,
	isPinned: false,
	isMuted: false,
	snoozedUntil: null
};

/** For the screen. */
export function marksIn(thread: ThreadRecord): Marks {
	const { isStarred, isPinned, isMuted, snoozedUntil } = filingOf(thread);
	return { isStarred, isPinned, isMuted, snoozedUntil };
}
