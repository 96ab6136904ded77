import type { App, Draft } from '../../app/view.ts';
import { parseRoute } from '../shared/route.ts';
import { attempt } from '../shared/toasts.svelte.ts';
import { withoutSignature } from './signature.ts';

/**
 * When a composer closes: a draft in which nothing was written goes without a word, so that looking
 * at an empty page leaves nothing behind. Not while it moves to the whole composer.
 */
export function leaveDraft(app: App, draft: Draft): void {
	// Not the router: in a teardown, state still reads as it was before.
	const route = parseRoute(location.hash);
	const isStillOpen = route.at === 'compose' && route.id === draft.id;
	// Another tab may have sent it as it is.
	const isHeld = draft.heldUntil !== null;
	if (!isStillOpen && !isHeld && isUntouched(draft))
		void attempt(() => app.drafts.discard([draft.id]));
	// Whoever goes back may close the window next.
	else if (!isHeld) void attempt(() => draft.flush());
}

export function isUntouched(draft: Draft): boolean {
	const written = withoutSignature(draft.text, draft.signature).trim();
	if (written || draft.attachments.length || draft.origin === 'forward') return false;
	// An answer comes with people and subject.
	if (draft.origin !== 'new') return true;
	return !draft.subject.trim() && draft.to.length + draft.cc.length + draft.bcc.length === 0;
}
