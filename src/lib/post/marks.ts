/** What the user says of a thread stands in its row, and stays there whenever that is written anew. */

import type { Marks, ThreadRecord } from './records.ts';

/** Only what is set. */
export function marksOf({ labels, isStarred, isPinned, isMuted, snoozedUntil }: Marks): Marks {
	return {
		...(labels !== undefined && { labels }),
		...(isStarred !== undefined && { isStarred }),
		...(isPinned !== undefined && { isPinned }),
		...(isMuted !== undefined && { isMuted }),
		...(snoozedUntil !== undefined && { snoozedUntil })
	};
}

/**
 * `hasNews`: something unread has come. It wakes a snoozed thread, and leaves a muted one where it is; but
 * not in the trash, which is emptied unread.
 */
export function filingAfter(
	before: ThreadRecord | null,
	hasNews: boolean
): Marks & Pick<ThreadRecord, 'place'> {
	const { snoozedUntil, ...marks } = marksOf(before ?? {});
	const isCalled = hasNews && marks.isMuted !== true;
	const stays = before?.place ?? 'inbox';
	const away = hasNews && stays === 'trash' ? 'archive' : stays;
	return {
		...marks,
		...(snoozedUntil !== undefined && !isCalled && { snoozedUntil }),
		place: isCalled ? 'inbox' : away
	};
}
