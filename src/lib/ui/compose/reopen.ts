import type { App, HeldDraft } from '../../app/view.ts';
import type { Router } from '../shared/router.svelte.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import { isPhone } from '../shared/viewport.ts';
import { dock } from './dock.svelte.ts';

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
	if (dock.has(id) && !isPhone.current) dock.open(id);
	else if (!isAnswer || threadId === null || fromWhole.has(id)) router.go({ at: 'compose', id });
	else router.go({ at: 'thread', id: threadId });
}

/** The way back from Send. */
export async function takeBack(app: App, router: Router, held: HeldDraft): Promise<void> {
	const isBack = await attempt(() => app.drafts.takeBack(held.id));
	if (isBack === false) toasts.say('It has been sent already');
	else if (isBack) reopen(router, held);
}
