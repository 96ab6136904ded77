import type { Thread } from '../../app/view.ts';

/**
 * Where reading stopped before this visit: messages count as read while they are on screen, and the
 * line stays where it was. It moves only for what comes while nobody looks.
 */
export class ReadTo {
	#newFrom: string | null = null;
	readonly #isLooking: () => boolean;

	constructor(isLooking = () => document.visibilityState === 'visible') {
		this.#isLooking = isLooking;
	}

	/** The message above which the line stands; null: all is read, or all is new. */
	newFrom({ messages, earlier }: Pick<Thread, 'messages' | 'earlier'>): string | null {
		const at = messages.findIndex((message) => message.isUnread && !message.from.isMe);
		const first = messages[at];
		if (first && (this.#newFrom === null || !this.#isLooking())) this.#newFrom = first.id;
		const isAllNew = earlier === 0 && messages[0]?.id === this.#newFrom;
		return isAllNew ? null : this.#newFrom;
	}
}
