import type { Draft } from '../../app/view.ts';

export const TITLES: Record<Draft['origin'], string> = {
	new: 'New message',
	reply: 'Reply',
	replyAll: 'Reply to everyone',
	forward: 'Forward'
};

/** What a message that is being written is called. */
export function titleOf({ subject, origin }: Pick<Draft, 'subject' | 'origin'>): string {
	return subject.trim() || TITLES[origin];
}
