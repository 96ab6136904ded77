import type { HeldDraft } from '../../app/view.ts';
import type { Router } from '../shared/router.svelte.ts';

/** Answers that were sent from the whole composer, in this visit. */
const fromWhole = new Set<string>();

export function sentFromWhole(id: string): void {
	fromWhole.add(id);
}

/** To where it was written: an answer stands at the end of its conversation, unless it was taken out. */
export function reopen(
	router: Router,
	{ id, origin, threadId }: Pick<HeldDraft, 'id' | 'origin' | 'threadId'>
): void {
	const isAnswer = origin === 'reply' || origin === 'replyAll';
	if (!isAnswer || threadId === null || fromWhole.has(id)) router.go({ at: 'compose', id });
	else router.go({ at: 'thread', id: threadId });
}
