import type { Draft } from '../../app/view.ts';

/** By how it was begun. */
export function originTitle(origin: Draft['origin']): string {
	switch (origin) {
		case 'new':
			return 'New message';
		case 'reply':
			return 'Reply';
		case 'replyAll':
			return 'Reply to everyone';
		case 'forward':
			return 'Forward';
	}
}

/** What a message that is being written is called. */
export function titleOf({ subject, origin }: Pick<Draft, 'subject' | 'origin'>): string {
	return subject.trim() || originTitle(origin);
}
