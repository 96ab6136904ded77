import type { Marks } from '../app/view-organise.ts';
import { filingOf } from './filed.ts';

export const UNMARKED: Marks = {
	isStarred: false,
	isPinned: false,
	isMuted: false,
	snoozedUntil: null
};

/** For the screen. */
export function marksIn(thread: Parameters<typeof filingOf>[0]): Marks {
	const { isStarred, isPinned, isMuted, snoozedUntil } = filingOf(thread);
	return { isStarred, isPinned, isMuted, snoozedUntil };
}
