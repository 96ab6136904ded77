import { plural } from '../../words/plural.ts';
import type { News, Notice } from '../../app/view.ts';

/** What a notification says. A screen may be seen by others: without names it only says that mail came. */
export function toNotice({ from, subject, unread }: News): Notice {
	const verbs = { archive: 'Archive', read: 'Mark as read' };
	const more =
		unread > 1
			? plural(unread, ['# unread in this conversation', '# unread in this conversation'])
			: '';
	return from === '' && subject === ''
		? { title: 'New mail', body: more, ...verbs }
		: { title: from || 'New mail', body: [subject, more].filter(Boolean).join('\n'), ...verbs };
}
