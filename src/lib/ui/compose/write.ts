import type { App, DraftOrigin } from '../../app/view.ts';
import { forwardHead } from './forwardHead.ts';
import type { Router } from '../shared/router.svelte.ts';
import { attempt } from '../shared/toasts.svelte.ts';
import { writing } from '../shared/writing.svelte.ts';

/** Begins a draft and opens it in the composer. */
export async function write(
	app: App,
	router: Router,
	origin: DraftOrigin = { kind: 'new', to: [] }
): Promise<void> {
	const begun = origin.kind === 'forward' ? { ...origin, head: forwardHead() } : origin;
	writing.expect();
	const id = await attempt(() => app.drafts.create(begun));
	if (id === null) writing.forget();
	else router.go({ at: 'compose', id });
}
