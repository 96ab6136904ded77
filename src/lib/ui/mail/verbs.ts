/** What can be done to rows and threads, with the sentence and the way back. */
import type { Mail } from '../../app/view.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import { countOf } from '../shared/sentences.ts';

const SENTENCES = {
	inbox: 'moved to the inbox',
	archive: 'archived',
	trash: 'moved to the trash'
} as const;

/** True: done. */
export async function moveThreads(
	mail: Mail,
	ids: readonly string[],
	to: 'inbox' | 'archive' | 'trash'
): Promise<boolean> {
	const undo = await attempt(() => mail.move(ids, to));
	if (!undo) return false;
	const what = ids.length === 1 ? 'Conversation' : countOf(ids.length, 'conversation');
	toasts.undoable(`${what} ${SENTENCES[to]}`, undo);
	return true;
}
