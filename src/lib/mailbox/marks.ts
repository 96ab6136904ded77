import type { Marks } from '../app/view-organise.ts';
import { filingOf } from './filed.ts';
import type { ListedThread } from '../post/listed.ts';

export const UNMARKED: Marks = {
	isStarred: false,
	isPinned: false,
	isMuted: false,
	snoozedUntil: null
};

/** For the screen. */
export function marksIn(thread: ListedThread): Marks {
	const { isStarred, isPinned, isMuted, snoozedUntil } = filingOf(thread);
	return { isStarred, isPinned, isMuted, snoozedUntil };
}
