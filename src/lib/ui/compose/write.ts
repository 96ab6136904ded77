import type { App, DraftOrigin } from '../../app/view.ts';
import { forwardHead } from './forwardHead.ts';
import type { Router } from '../shared/router.svelte.ts';
import { attempt } from '../shared/toasts.svelte.ts';
import { writing } from '../shared/writing.svelte.ts';

/** While a draft is being begun, a second press is the same wish. */
const beginning = new WeakSet<App>();

/** Begins a draft and opens it in the composer. */
export async function write(
	app: App,
	router: Router,
	origin: DraftOrigin = { kind: 'new', to: [] }
): Promise<void> {
	if (beginning.has(app)) return;
	beginning.add(app);
	const begun = origin.kind === 'forward' ? { ...origin, head: forwardHead() } : origin;
	writing.expect();
	const id = await attempt(() => app.drafts.create(begun)).finally(() => beginning.delete(app));
	if (id === null) writing.forget();
	else router.go({ at: 'compose', id });
}
